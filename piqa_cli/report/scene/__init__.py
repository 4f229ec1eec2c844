"""The page of a scene."""
