"""FULL-HyperIQA, also FHIQA (Chahine et al. 2024): the rescalings of several scenes, mixed."""
