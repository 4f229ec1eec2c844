"""Agreement of scores with human ratings: per scene first, then over scenes."""
