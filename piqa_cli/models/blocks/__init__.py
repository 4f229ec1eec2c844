"""Parts that several models share: view makers, backbones, heads."""
