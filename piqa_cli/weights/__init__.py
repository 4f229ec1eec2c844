"""Weights: where they lie, verified and converted."""
