"""Measures this program on this machine: every stage, the networks, and whole runs."""
