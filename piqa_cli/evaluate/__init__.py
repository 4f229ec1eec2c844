"""How well scores agree with human ratings: per scene first, then over scenes."""
