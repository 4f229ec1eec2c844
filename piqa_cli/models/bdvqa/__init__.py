"""A model inspired by BDVQA (Chahine et al. 2024): network and views; a lab trains its weights."""
