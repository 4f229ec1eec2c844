"""bdvqa in plain arithmetic, one crop at a time; nothing of piqa_cli is used."""

from __future__ import annotations

import numpy as np
import torch
from PIL import Image
from torch.nn.functional import conv2d

from tests.models.reference.checkpoints import WINDOW, attention_mask, relative_position_index
from tests.models.reference.dn_piqa import normalised
from tests.models.reference.networks import affine, merge, norm, swin_block

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def eighteen_crops(image):
    """(384, 384, 3) crops of (H, W, 3) uint8 pixels."""
    for short in (448, 896):
        height, width = image.shape[:2]
        size = (short * width // min(height, width), short * height // min(height, width))
        picture = Image.fromarray(image).resize(size, Image.Resampling.BILINEAR)
        for row in range(3):
            for column in range(3):
                x = round((size[0] - 384) * column / 2)
                y = round((size[1] - 384) * row / 2)
                yield np.asarray(picture.crop((x, y, x + 384, y + 384)))


def crop_score(crop, w):
    """Score of one crop by the tensors of a bundle."""
    swin = with_buffers({n.removeprefix("swin."): t for n, t in w.items() if n.startswith("swin.")})
    crop = normalised(crop, MEAN, STD)
    x = conv2d(crop[None], swin["patch_embed.proj.weight"], swin["patch_embed.proj.bias"], stride=4)
    x = norm(swin, "patch_embed.norm", x[0].permute(1, 2, 0))
    features = []
    for stage in range(4):
        if stage:
            x = merge(swin, f"layers.{stage}.downsample", x)
        block = 0
        while f"layers.{stage}.blocks.{block}.norm1.weight" in swin:
            x = swin_block(swin, f"layers.{stage}.blocks.{block}", x, shifted=block % 2 == 1)
            block += 1
        normed = norm(w, f"norms.{stage}", x) if stage < 3 else norm(swin, "norm", x)
        features.append(normed.mean(dim=(0, 1)))
    hidden = affine(w, "quality.0", torch.cat(features)).relu()
    return float(affine(w, "quality.3", hidden))


def with_buffers(swin):
    """Adds what follows from the window's side: position indices and masks of shifted windows."""
    found = dict(swin)
    for name in swin:
        if name.endswith(".norm1.weight"):
            block = name.removesuffix("norm1.weight")
            windows = (96 // WINDOW // 2 ** int(name.split(".")[1])) ** 2
            index = torch.from_numpy(relative_position_index())
            found[block + "attn.relative_position_index"] = index
            found[block + "attn_mask"] = torch.from_numpy(attention_mask(windows))
    return found
