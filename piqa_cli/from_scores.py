"""Ranks scores that exist already: no picture is opened, no network is loaded."""
