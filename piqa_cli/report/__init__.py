"""Pages made of a run."""
