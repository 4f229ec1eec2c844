"""LIQE, which rates by itself and inside DN-PIQA."""
