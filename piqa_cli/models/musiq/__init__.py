"""MUSIQ as published (Ke et al. 2021): network, views, import of the published files."""
