"""Random crops, flips and turns for training; numpy and Pillow only, all from a generator."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]


def random_crop(image: Pixels, side: int, rng: np.random.Generator) -> Pixels:
    """(side, side, 3) from any place of a picture that is as large at least."""
    y, x = (int(rng.integers(length - side + 1)) for length in image.shape[:2])
    return image[y : y + side, x : x + side]


def maybe_flipped(image: Pixels, rng: np.random.Generator) -> Pixels:
    """The picture, or its mirror image, one as likely as the other."""
    return np.ascontiguousarray(image[:, ::-1]) if rng.random() < 0.5 else image


def turned_crop(
    image: Pixels,
    side: int,
    rng: np.random.Generator,
    *,
    shares: tuple[float, float],
    degrees: float,
) -> Pixels:
    """A random square of a picture, turned by a random angle, at a fixed size.

    The turned square lies in the picture, so that no corner is made up.

    Args:
        image: (H, W, 3) uint8.
        side: of the result.
        rng: decides size, angle and place.
        shares: smallest and largest side of the square, in shorter sides of the picture.
        degrees: largest angle in either direction.
    """
    height, width = image.shape[:2]
    angle = math.radians(rng.uniform(-degrees, degrees))
    reach = abs(math.cos(angle)) + abs(math.sin(angle))  # of a turned square, in its side
    square = int(min(rng.uniform(*shares) * min(height, width), min(height, width) / reach))
    x, y = (
        rng.uniform(square * reach / 2, length - square * reach / 2) for length in (width, height)
    )
    cos, sin, half = math.cos(angle), math.sin(angle), square / 2
    inverse = (
        cos, -sin, x - half * cos + half * sin,
        sin, cos, y - half * sin - half * cos,
    )  # fmt: skip
    turned = Image.fromarray(image).transform(
        (square, square), Image.Transform.AFFINE, inverse, Image.Resampling.BICUBIC
    )
    return np.asarray(turned.resize((side, side), Image.Resampling.BILINEAR))
