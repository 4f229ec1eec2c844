"""The page of pairs."""
