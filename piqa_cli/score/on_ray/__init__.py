"""The engine that scores on a Ray cluster."""
