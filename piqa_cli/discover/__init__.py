"""Finds captures, their scenes and devices."""
