"""Devices, scenes and takes that a run must have, and what is missing of them."""
