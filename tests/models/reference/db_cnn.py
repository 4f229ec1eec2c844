"""DB-CNN plainly: the picture alone, every layer by its name in the published files.

`state` makes such files of noise. Nothing of piqa_cli is used.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from PIL import Image
from torch.nn.functional import conv2d, linear

from tests.models.reference.checkpoints import parameter
from tests.models.reference.dn_piqa import normalised

SMALL = {"vgg": (4, 6, 8, 8, 12), "scnn": (4, 4, 6, 6, 6, 6, 8, 8, 8)}
FULL = {"vgg": (64, 128, 256, 512, 512), "scnn": (48, 48, 64, 64, 64, 64, 128, 128, 128)}
VGG = ((0, 2), (5, 7), (10, 12, 14), (17, 19, 21), (24, 26, 28))  # torchvision's numbers
STRIDES = (1, 2, 1, 2, 1, 2, 1, 1, 2)


def shapes(vgg, scnn):
    found = {}
    channels = 3
    for width, stage in zip(vgg, VGG, strict=True):
        for layer in stage:
            found[f"features1.{layer}.weight"] = (width, channels, 3, 3)
            found[f"features1.{layer}.bias"] = (width,)
            channels = width
    channels = 3
    for index, width in enumerate(scnn):
        found[f"features2.{3 * index}.weight"] = (width, channels, 3, 3)
        found[f"features2.{3 * index}.bias"] = (width,)
        for part in ("weight", "bias", "running_mean", "running_var"):
            found[f"features2.{3 * index + 1}.{part}"] = (width,)
        channels = width
    return found | {"fc.weight": (1, vgg[-1] * scnn[-1]), "fc.bias": (1,)}


def state(sizes=SMALL):
    """The content of a published file, without the counters that only training reads."""
    found = {n: torch.from_numpy(parameter(n, shape)) for n, shape in shapes(**sizes).items()}
    return {n: t.abs() + 0.5 if n.endswith("running_var") else t for n, t in found.items()}


def score(image, w):
    """Score of (H, W, 3) uint8 pixels by the tensors of a file."""
    x = normalised(reduced(image), (0.485, 0.456, 0.406), (0.229, 0.224, 0.225))[None]
    first, second = contents(x, w)[0], distortions(x, w)[0]
    height, width = first.shape[1:]
    if second.shape[1:] != first.shape[1:]:
        second = spread(second, height, width)
    pooled = torch.zeros(first.shape[0], second.shape[0])
    for y in range(height):
        for x in range(width):
            pooled += torch.outer(first[:, y, x], second[:, y, x])
    roots = torch.sqrt(pooled / (height * width) + 1e-8).reshape(-1)
    return float(linear(roots / roots.norm(), w["fc.weight"], w["fc.bias"]))


def reduced(image):
    height, width = image.shape[:2]
    scale = 1200 / max(height, width)
    if scale >= 1:
        return image
    size = (round(width * scale), round(height * scale))
    return np.asarray(Image.fromarray(image).resize(size, Image.Resampling.BICUBIC))


def contents(x, w):
    for number, stage in enumerate(VGG):
        if number:
            height, width = (side // 2 for side in x.shape[2:])
            x = x[:, :, : 2 * height, : 2 * width].reshape(1, -1, height, 2, width, 2)
            x = x.amax(dim=(3, 5))
        for layer in stage:
            name = f"features1.{layer}"
            x = conv2d(x, w[name + ".weight"], w[name + ".bias"], padding=1).relu()
    return x


def distortions(x, w):
    for index, stride in enumerate(STRIDES):
        name, batch = f"features2.{3 * index}", f"features2.{3 * index + 1}."
        x = conv2d(x, w[name + ".weight"], w[name + ".bias"], stride=stride, padding=1)
        mean, var, weight, bias = (
            w[batch + part][:, None, None]
            for part in ("running_mean", "running_var", "weight", "bias")
        )
        x = ((x - mean) / (var + 1e-5).sqrt() * weight + bias).relu()
    return x


def spread(x, height, width):
    """Bilinear, corners on corners."""
    found = torch.empty(x.shape[0], height, width)
    for y in range(height):
        for column in range(width):
            v = y * (x.shape[1] - 1) / max(height - 1, 1)
            u = column * (x.shape[2] - 1) / max(width - 1, 1)
            top, left = min(math.floor(v), x.shape[1] - 2), min(math.floor(u), x.shape[2] - 2)
            v, u = v - top, u - left
            found[:, y, column] = (
                x[:, top, left] * (1 - v) * (1 - u)
                + x[:, top, left + 1] * (1 - v) * u
                + x[:, top + 1, left] * v * (1 - u)
                + x[:, top + 1, left + 1] * v * u
            )
    return found
