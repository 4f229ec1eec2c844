"""RQ-Net from picture to nine scores, plainly, and stand-ins of its authors' two files."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image

from tests.models.reference.checkpoints import Sizes, liqe_shapes, parameter
from tests.models.reference.dn_piqa import normalised
from tests.models.reference.networks import affine, clip_start, norm, tower

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
SMALL = Sizes(visual_width=128, text_width=64, layers=1, output=32, patch=32)
FULL = Sizes(patch=16)
REGIONS = 49


@dataclass(frozen=True)
class Nine:
    """Views and scores of one picture."""

    whole: list[np.ndarray]
    mosaics: list[np.ndarray]
    scores: list[float]


def state(sizes=SMALL, *, salt=""):
    """The content of one checkpoint: a whole CLIP and the head; another salt is another network."""
    tokens, wide, out = (224 // sizes.patch) ** 2, sizes.visual_width, sizes.output
    shapes = {
        **{f"clip_model.{name}": shape for name, shape in liqe_shapes(sizes).items()},
        "head.local_proj.0.weight": (REGIONS, tokens, 1),
        "head.local_proj.0.bias": (REGIONS,),
        "head.local_proj.2.weight": (1, REGIONS, 1),
        "head.local_proj.2.bias": (1,),
        "head.local_proj.4.weight": (out, wide),
        "head.local_proj.4.bias": (out,),
        "head.quality_predictor.0.weight": (1, 2 * out),
        "head.quality_predictor.0.bias": (1,),
    }
    return {n: torch.from_numpy(parameter(f"{salt}{n}", shape)) for n, shape in shapes.items()}


def score(image, states):
    """Views and scores of (H, W, 3) uint8 pixels by both networks' tensors."""
    picture = Image.fromarray(image)
    whole, mosaics = list(nine_crops(picture)), list(nine_mosaics(picture))
    scores = [
        np.mean([network(w, crop, mosaic) for w in states])
        for crop, mosaic in zip(whole, mosaics, strict=True)
    ]
    return Nine(whole, mosaics, scores)


def nine_crops(picture):
    stretched = picture.resize((244, 244), Image.Resampling.BILINEAR)
    for top in (0, 10, 20):
        for left in (0, 10, 20):
            yield np.asarray(stretched.crop((left, top, left + 224, top + 224)))


def nine_mosaics(picture):
    short = min(picture.size)
    width, height = (int(672 * side / short) for side in picture.size)
    large = picture.resize((width, height), Image.Resampling.BILINEAR)
    cell_width, cell_height = width // 7, height // 7
    for down in (0, (cell_height - 32) // 2, cell_height - 32):
        for right in (0, (cell_width - 32) // 2, cell_width - 32):
            mosaic = Image.new("RGB", (224, 224))
            for row in range(7):
                for column in range(7):
                    x, y = column * cell_width + right, row * cell_height + down
                    mosaic.paste(large.crop((x, y, x + 32, y + 32)), (32 * column, 32 * row))
            yield np.asarray(mosaic)


def network(w, crop, mosaic):
    feature = tokens(w, crop)[0] @ w["clip_model.visual.proj"]
    patches = tokens(w, mosaic)[1:]
    first = w["head.local_proj.0.weight"][:, :, 0] @ patches
    first = (first + w["head.local_proj.0.bias"][:, None]).relu()
    second = w["head.local_proj.2.weight"][:, :, 0] @ first
    local = affine(w, "head.local_proj.4", (second[0] + w["head.local_proj.2.bias"]).relu()).relu()
    return float(affine(w, "head.quality_predictor.0", torch.cat([feature, local])))


def tokens(w, pixels):
    """Class token and patch tokens after the last norm."""
    prefix = "clip_model.visual."
    x = tower(w, prefix, clip_start(w, prefix, normalised(pixels, MEAN, STD)), 0)
    return norm(w, prefix + "ln_post", x)
