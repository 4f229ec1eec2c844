"""MUSIQ plainly: only the patches there are, one pixel row at a time, no mask.

Ke et al. 2021 with the tensor names of the published PyTorch files; `state` makes such files of
noise. Nothing of piqa_cli is used.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from PIL import Image
from torch.nn.functional import conv2d, layer_norm, linear

from tests.models.reference.checkpoints import parameter

SMALL = {"stem": 32, "width": 128, "layers": 2, "mlp": 48, "outputs": 1}
FULL = {"stem": 64, "width": 384, "layers": 14, "mlp": 1152, "outputs": 1}
ENCODER = "transformer_encoder."


def shapes(stem, width, layers, mlp, outputs):
    """Every tensor of a file; the head of a file with several outputs lies one deeper."""
    found = {"conv_root.weight": (stem, 3, 7, 7), **norm_shapes("gn_root", stem)}
    for name, out, inside, kernel in (
        ("1", stem, stem, 1),
        ("2", stem, stem, 3),
        ("3", 4 * stem, stem, 1),
        ("_proj", 4 * stem, stem, 1),
    ):
        found[f"block1.conv{name}.weight"] = (out, inside, kernel, kernel)
        found |= norm_shapes(f"block1.gn{name}", out)
    found |= linear_shapes("embedding", width, 4 * stem * 64)
    found[ENCODER + "cls"] = (1, 1, width)
    found[ENCODER + "posembed_input.position_emb"] = (1, 100, width)
    found[ENCODER + "scaleembed_input.scale_emb"] = (3, width)
    found |= norm_shapes(ENCODER + "encoder_norm", width)
    for layer in range(layers):
        block = f"{ENCODER}transformer.encoderblock_{layer}."
        found |= norm_shapes(block + "norm1", width) | norm_shapes(block + "norm2", width)
        for part in ("query", "key", "value", "out"):
            found |= linear_shapes(f"{block}attention.{part}", width, width)
        found |= linear_shapes(block + "mlp.fc1", mlp, width)
        found |= linear_shapes(block + "mlp.fc2", width, mlp)
    return found | linear_shapes("head.0" if outputs > 1 else "head", outputs, width)


def norm_shapes(name, width):
    return {f"{name}.weight": (width,), f"{name}.bias": (width,)}


def linear_shapes(name, out, inside):
    return {f"{name}.weight": (out, inside), f"{name}.bias": (out,)}


def state(sizes=SMALL, **changed):
    """The content of a published file."""
    wanted = shapes(**{**sizes, **changed})
    return {name: torch.from_numpy(parameter(name, shape)) for name, shape in wanted.items()}


def score(image, w):
    """Score of (H, W, 3) uint8 pixels by the tensors of a file."""
    picture = torch.from_numpy(np.array(reduced(image))).float() / 127.5 - 1
    tokens = [w[ENCODER + "cls"][0, 0]]
    for scale, level in enumerate((gaussian(picture, 224), gaussian(picture, 384), picture)):
        rows, columns = (math.ceil(side / 32) for side in level.shape[:2])
        level = centred(level, 32 * rows, 32 * columns)
        for row in range(rows):
            for column in range(columns):
                patch = level[32 * row : 32 * row + 32, 32 * column : 32 * column + 32]
                cell = int(row * 10 / rows) * 10 + int(column * 10 / columns)
                token = embedded(patch, w) + w[ENCODER + "posembed_input.position_emb"][0, cell]
                tokens.append(token + w[ENCODER + "scaleembed_input.scale_emb"][scale])
    x = torch.stack(tokens)
    layer = 0
    while f"{ENCODER}transformer.encoderblock_{layer}.norm1.weight" in w:
        x = transformed(x, w, f"{ENCODER}transformer.encoderblock_{layer}.")
        layer += 1
    first = norm(x[0], w, ENCODER + "encoder_norm")
    if "head.weight" in w:
        return float(affine(first, w, "head"))
    shares = affine(first, w, "head.0").softmax(dim=0)
    return sum(float(share) * opinion for opinion, share in enumerate(shares, 1))


def reduced(image):
    height, width = image.shape[:2]
    scale = 1200 / max(height, width)
    if scale >= 1:
        return image
    size = (round(width * scale), round(height * scale))
    return Image.fromarray(image).resize(size, Image.Resampling.BICUBIC)


def gaussian(picture, side):
    """Resizes as TensorFlow does by its Gaussian without antialiasing: rows, then columns."""
    scale = side / max(picture.shape[:2])
    for axis in (0, 1):
        new = round(picture.shape[axis] * scale)
        lines = picture.unbind(axis)
        step = len(lines) / new
        found = []
        for place in range(new):
            middle = (place + 0.5) * step
            near = [i for i in range(len(lines)) if abs(i + 0.5 - middle) < 1.5]
            weights = [math.exp(-((i + 0.5 - middle) ** 2) / (2 * 0.5**2)) for i in near]
            total = sum(weights)
            found.append(sum(lines[i] * (v / total) for i, v in zip(near, weights, strict=True)))
        picture = torch.stack(found, dim=axis)
    return picture


def centred(x, height, width):
    """Zeros around (h, w, C); the odd row or column comes last."""
    found = torch.zeros(height, width, x.shape[2])
    top, left = (height - x.shape[0]) // 2, (width - x.shape[1]) // 2
    found[top : top + x.shape[0], left : left + x.shape[1]] = x
    return found


def embedded(patch, w):
    """(32, 32, 3) to (width,)."""
    x = torch.zeros(1, 3, 37, 37)
    x[:, :, 2:34, 2:34] = patch.permute(2, 0, 1)
    x = groups(conv2d(x, standard(w["conv_root.weight"]), stride=2), w, "gn_root", 1e-6).relu()
    pooled = torch.empty(1, x.shape[1], 8, 8)
    for row in range(8):
        for column in range(8):
            window = x[:, :, 2 * row : 2 * row + 3, 2 * column : 2 * column + 3]
            pooled[:, :, row, column] = window.amax(dim=(2, 3))
    beside = unit(pooled, w, "_proj")
    x = unit(unit(pooled, w, "1").relu(), w, "2").relu()
    x = (unit(x, w, "3") + beside).relu()
    return affine(x[0].permute(1, 2, 0).reshape(-1), w, "embedding")


def unit(x, w, name):
    kernel = standard(w[f"block1.conv{name}.weight"])
    return groups(conv2d(x, kernel, padding=kernel.shape[-1] // 2), w, f"block1.gn{name}", 1e-4)


def standard(kernel):
    flat = kernel.flatten(1)
    flat = (flat - flat.mean(dim=1, keepdim=True)) / (flat.std(dim=1, keepdim=True) + 1e-5)
    return flat.reshape(kernel.shape)


def groups(x, w, name, eps):
    """Group norm in 32 groups."""
    grouped = x.reshape(32, -1)
    grouped = grouped - grouped.mean(dim=1, keepdim=True)
    grouped = grouped / (grouped.pow(2).mean(dim=1, keepdim=True) + eps).sqrt()
    weight, bias = (w[f"{name}.{part}"][None, :, None, None] for part in ("weight", "bias"))
    return grouped.reshape(x.shape) * weight + bias


def transformed(x, w, block):
    width = x.shape[1]
    y = norm(x, w, block + "norm1")
    q, k, v = (affine(y, w, f"{block}attention.{part}") for part in ("query", "key", "value"))
    heads = []
    for start in range(0, width, 64):
        a, b, c = (part[:, start : start + 64] for part in (q, k, v))
        heads.append((a @ b.T / 8).softmax(dim=1) @ c)
    x = x + affine(torch.cat(heads, dim=1), w, block + "attention.out")
    y = affine(norm(x, w, block + "norm2"), w, block + "mlp.fc1")
    y = 0.5 * y * (1 + torch.tanh(math.sqrt(2 / math.pi) * (y + 0.044715 * y**3)))
    return x + affine(y, w, block + "mlp.fc2")


def norm(x, w, name):
    return layer_norm(x, x.shape[-1:], w[name + ".weight"], w[name + ".bias"], 1e-6)


def affine(x, w, name):
    return linear(x, w[name + ".weight"], w[name + ".bias"])
