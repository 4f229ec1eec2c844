"""Trains the full DN-PIQA on PIQ23 or on a lab's own ratings."""
