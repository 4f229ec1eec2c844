"""DSL-FIQA (Chen et al. 2024): quality of a face by its degradation and its landmarks."""
