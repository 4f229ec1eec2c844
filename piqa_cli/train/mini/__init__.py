"""Training of the small model: rated sets, frozen features, pairs, weights."""
