"""LIQE by itself: quality, scene and distortion of a whole photo."""
