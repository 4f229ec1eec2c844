"""HyperIQA (Su et al. 2020): network, views, import of either published file."""
