"""MoNet (team I2Group of the NTIRE 2024 challenge): several opinions of one ViT, fused."""
