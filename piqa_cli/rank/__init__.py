"""Scores become ranks."""
