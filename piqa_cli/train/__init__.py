"""Simulated captures and the fidelity loss make the small model."""
