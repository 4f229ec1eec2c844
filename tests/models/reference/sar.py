"""SAR from picture to scores, plainly, one pair of patches at a time."""

from __future__ import annotations

import numpy as np
import torch
from PIL import Image
from torch.nn.functional import conv2d

from tests.models.reference.checkpoints import parameter, tower_shapes
from tests.models.reference.dn_piqa import normalised
from tests.models.reference.networks import affine, clip_block, clip_start

MEAN, STD = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)
SIZES = {
    "tower": {"image_size": 224, "patch_size": 56, "width": 128, "layers": 10, "heads": 2},
    "frozen_blocks": 6,
    "scene_blocks": [1, 2, 3, 4, 5, 6],
    "embedding_blocks": [8, 9, 10],
    "channels": 16,
    "kernel": 3,
    "gate": [8, 4],
    "scenes": 3,
}


def state(sizes=SIZES):
    """Every tensor of the network, its values made from its name."""
    tower, channels = sizes["tower"], sizes["channels"]
    wide, patch, kernel = tower["width"], tower["patch_size"], sizes["kernel"]
    first, second = sizes["gate"]
    shapes = {
        "tower.class_embedding": (wide,),
        "tower.positional_embedding": ((224 // patch) ** 2 + 1, wide),
        "tower.conv1.weight": (wide, 3, patch, patch),
        "tower.ln_pre.weight": (wide,),
        "tower.ln_pre.bias": (wide,),
        **tower_shapes("tower.", wide, tower["layers"]),
        "scene_features.0.weight": (channels, 6 * wide, kernel, kernel),
        "scene_features.0.bias": (channels,),
        "scene.weight": (sizes["scenes"], channels),
        "scene.bias": (sizes["scenes"],),
    }
    for branch in ("whole", "face"):
        shapes[f"{branch}_embedding.0.weight"] = (channels, 3 * wide, kernel, kernel)
        shapes[f"{branch}_embedding.0.bias"] = (channels,)
        shapes[f"{branch}_regressors.weight"] = (sizes["scenes"], channels)
        shapes[f"{branch}_regressors.bias"] = (sizes["scenes"],)
    for number, (rows, columns) in enumerate(((first, 2 * channels), (second, first), (1, second))):
        shapes[f"gate.{2 * number}.weight"] = (rows, columns)
        shapes[f"gate.{2 * number}.bias"] = (rows,)
    return {name: torch.from_numpy(parameter(name, shape)) for name, shape in shapes.items()}


def patches(image):
    """30 crops at equal steps, six along the longer side."""
    picture = Image.fromarray(image)
    across, down = (6, 5) if picture.width > picture.height else (5, 6)
    found = []
    for row in range(down):
        for column in range(across):
            x = round(column * (picture.width - 224) / (across - 1))
            y = round(row * (picture.height - 224) / (down - 1))
            found.append(np.asarray(picture.crop((x, y, x + 224, y + 224))))
    return found


def score(w, whole, face, scene=None):
    """Scores of one pair of patches: (whole, face, joint, scene logits)."""
    whole_blocks, face_blocks = blocks(w, whole), blocks(w, face)
    logits = affine(w, "scene", pooled(w, "scene_features.0", whole_blocks[:6]))
    weights = logits.softmax(0) if scene is None else torch.eye(len(logits))[scene]
    embeddings = {
        "whole": pooled(w, "whole_embedding.0", whole_blocks[7:10]),
        "face": pooled(w, "face_embedding.0", face_blocks[7:10]),
    }
    scores = {
        branch: float(sum(affine(w, f"{branch}_regressors", x) * weights))
        for branch, x in embeddings.items()
    }
    x = torch.cat([embeddings["whole"], embeddings["face"]])
    for layer in ("gate.0", "gate.2"):
        x = affine(w, layer, x).relu()
    gate = float(affine(w, "gate.4", x).sigmoid())
    joint = gate * scores["face"] + (1 - gate) * scores["whole"]
    return scores["whole"], scores["face"], joint, logits


def blocks(w, patch):
    """Maps (width, side, side) of all blocks, without class token."""
    x = clip_start(w, "tower.", normalised(patch, MEAN, STD))
    side = int((len(x) - 1) ** 0.5)
    maps = []
    for number in range(10):
        x = clip_block(w, f"tower.transformer.resblocks.{number}", x, 0)
        maps.append(x[1:].T.reshape(-1, side, side))
    return maps


def pooled(w, name, maps):
    weight = w[name + ".weight"]
    x = conv2d(torch.cat(maps)[None], weight, w[name + ".bias"], padding=weight.shape[-1] // 2)
    return x.relu()[0].mean((1, 2))
