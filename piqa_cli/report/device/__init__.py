"""The page of a device."""
