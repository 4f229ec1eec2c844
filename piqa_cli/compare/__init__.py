"""Differences between two runs, device by device and scene by scene."""
