"""Rated pictures that no fresh network orders by luck, and very small networks to learn them."""

import csv

import numpy as np
import pytest
from PIL import Image

HYPER = {"width": 4, "depths": (1, 1, 1, 1), "target": 112, "patch_rate": 1}
SCENES = {"hyper": HYPER, "scenes": 0, "classifier": 8, "rescale": 8}
SIZES = {
    "rq-net": {
        "visual": {
            "image_size": 224,
            "patch_size": 56,
            "width": 64,
            "layers": 1,
            "heads": 1,
            "output_dim": 16,
        },
        "regions": 7,
        "members": 1,
    },
    "hyperiqa": HYPER,
    "sem-hyperiqa": {**SCENES, "patches": 2},
    "full-hyperiqa": {**SCENES, "patches": 1, "kept": 2},
    "monet": {
        "vit": {"side_px": 40, "patch_px": 2, "width": 8, "depth": 1, "heads": 2},
        "blocks": [0],
        "mals": 1,
        "cnn": [6, 5, 4],
        "scenes": 0,
    },
    "sar": {
        "tower": {"image_size": 224, "patch_size": 32, "width": 64, "layers": 3, "heads": 1},
        "frozen_blocks": 1,
        "scene_blocks": [1, 2],
        "embedding_blocks": [2, 3],
        "channels": 16,
        "kernel": 3,
        "gate": [8, 4],
        "scenes": 0,
    },
    "bdvqa": {
        "swin": {
            "embed_dim": 8,
            "depths": [1, 1, 1, 1],
            "num_heads": [1, 1, 1, 1],
            "window_size": 12,
        },
        "hidden": 16,
    },
}
OFFSETS = (-70, -40, -10, 5, 50, 90)  # of all pixels: too dark or too bright is worse


@pytest.fixture(scope="session")
def simulated(tmp_path_factory):
    """Manifest of 4 scenes of 6 exposures; the best is neither the darkest nor the brightest."""
    folder = tmp_path_factory.mktemp("simulated")
    rng = np.random.default_rng(5)
    rows = []
    for scene in range(4):
        texture = rng.integers(100, 150, (48, 50, 3)).repeat(8, axis=0).repeat(8, axis=1)
        for device, offset in enumerate(OFFSETS):
            name = f"scene{scene}_{device}.png"
            pixels = np.clip(texture + offset, 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(folder / name)
            face = (40, 50, 160, 180) if device % 2 else ("", "", "", "")
            rows.append((name, f"scene {scene}", f"device {device}", 2 - abs(offset) / 30, *face))
    headings = "path scene device jod face_x0 face_y0 face_x1 face_y1".split()
    with (folder / "manifest.csv").open("w", newline="") as stream:
        csv.writer(stream).writerows([headings, *rows])
    return folder / "manifest.csv"
