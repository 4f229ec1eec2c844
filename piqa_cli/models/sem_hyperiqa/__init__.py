"""SEM-HyperIQA (Chahine et al. 2023): HyperIQA, rescaled for the scene; network and views."""
