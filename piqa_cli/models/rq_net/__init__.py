"""RQ-Net: CLIP on the whole photo and on a mosaic of it, trained within scenes."""
