"""Simulated captures: a phone camera with graded faults, and the scenes that it takes."""
