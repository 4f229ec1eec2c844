"""DN-PIQA as published (Sun et al. 2024): network, views, import of the authors' files."""
