"""DB-CNN as published (Zhang et al. 2020): network, views, import of the published files."""
