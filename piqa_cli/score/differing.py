"""The place where two captures of a scene differ most, once their faces lie on one another.

Blocks are compared, not pixels: hands, leaves and parallax move details by more than a pixel, and
cameras expose and sharpen a whole picture differently.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageFilter

from piqa_cli.read.decode import Original
from piqa_cli.records import Box
from piqa_cli.runs.crops import around
from piqa_cli.runs.differing import Place

_COMPARED_PX = (
    1536  # shorter side, at most, of what is compared: half of 12 MP, a third of a second
)
_BLOCKS_ACROSS = 12  # over the shorter side of what both show
_LEAST_PX = 32  # smaller blocks hold too little
_CROP_PX = (256, 512)  # side of a crop: at least, of the smaller face; at most, of the larger
_FINE_PX = 2  # radius of the mean that fine detail is what differs from
_FLAT = 1.0  # levels of fine detail, of 255, that count as none
_SAME = 1e-3  # root mean square below which two pictures are alike

Blocks = NDArray[np.float64]
"""(rows, columns): one value a block."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """A middle and a height that are the same part of the scene in both pictures, in pixels."""

    x: float
    y: float
    height: float
    size: tuple[int, int]


def most_different(
    own: Original, other: Original, own_face: Box | None, other_face: Box | None
) -> tuple[Place, Place] | None:
    """The same place in two captures, where brightness and fine detail differ most.

    Args:
        own: the capture.
        other: what it is compared with.
        own_face: its face's box, in pixels of the upright original.
        other_face: that of the other. Where one has none, the whole pictures are laid over each
            other.

    Returns:
        The place in each, in pixels of its original; None: they share nothing, or are alike.
    """
    frames = _frames(own, other, own_face, other_face)
    unit = min(frame.height for frame in frames)  # neither picture is enlarged
    left, top, right, bottom = _shared(frames, unit)
    shorter = min(right - left, bottom - top)
    if shorter > _COMPARED_PX:
        unit *= _COMPARED_PX / shorter
        left, top, right, bottom = _shared(frames, unit)
    width, height = int(right - left), int(bottom - top)
    block = min(width, height) // _BLOCKS_ACROSS // 2 * 2
    if block < _LEAST_PX:
        return None
    lumas = [
        picture.luma(
            _in_original(frame, unit, (left, top, left + width, top + height)), (width, height)
        )
        for picture, frame in zip((own, other), frames, strict=True)
    ]
    difference = differences(lumas[0], lumas[1], block)
    if difference is None:
        return None
    row, column = np.unravel_index(int(np.argmax(difference)), difference.shape)
    x, y = left + (column + 1) * block / 2, top + (row + 1) * block / 2
    smaller = min(frame.height for frame in frames) / unit  # original pixels a compared one
    side = max(float(block), _CROP_PX[0] / smaller)
    places = [_place(frame, unit, (x, y), side) for frame in frames]
    return places[0], places[1]


def differences(own: Image.Image, other: Image.Image, block: int) -> Blocks | None:
    """Difference of two pictures in every block; None: they are alike.

    The squares of two differences, each measured against its root mean square over all blocks, are
    added: that of the mean luma, once the blocks of both pictures have mean 0 and standard
    deviation 1, and that of the logarithm of the mean fine detail.

    Args:
        own: mode L.
        other: mode L, of the same size.
        block: side in pixels, even; blocks overlap by half.

    >>> plain = Image.new("L", (128, 64), 90)
    >>> spot = plain.copy()
    >>> spot.paste(200, (96, 0, 128, 32))
    >>> found = differences(plain, spot, 32)
    >>> tuple(int(n) for n in np.unravel_index(found.argmax(), found.shape))
    (0, 6)
    """
    lights, details = ([of(picture, block) for picture in (own, other)] for of in (_light, _detail))
    both = [_measured(one[0] - one[1]) for one in (lights, details)]
    known = [one for one in both if one is not None]
    return sum(known, np.zeros_like(lights[0])) if known else None


def _measured(difference: Blocks) -> Blocks | None:
    rms = float(np.sqrt(np.mean(difference**2)))
    return None if rms < _SAME else (difference / rms) ** 2


def _light(picture: Image.Image, block: int) -> Blocks:
    means = _means(picture, block)
    spread = float(means.std())
    return (means - means.mean()) / spread if spread else np.zeros_like(means)


def _detail(picture: Image.Image, block: int) -> Blocks:
    fine = ImageChops.difference(picture, picture.filter(ImageFilter.BoxBlur(_FINE_PX)))
    return np.log(_means(fine, block) + _FLAT)


def _means(picture: Image.Image, block: int) -> Blocks:
    """Means of blocks that overlap by half; what doesn't fill a half block is left out."""
    pixels, half = np.asarray(picture), block // 2
    rows, columns = (length // half for length in pixels.shape)
    cut = pixels[: rows * half, : columns * half]
    cells = cut.reshape(rows, half, columns, half).mean(axis=(1, 3), dtype=np.float64)
    return (cells[:-1, :-1] + cells[1:, :-1] + cells[:-1, 1:] + cells[1:, 1:]) / 4


def _frames(
    own: Original, other: Original, own_face: Box | None, other_face: Box | None
) -> tuple[_Frame, _Frame]:
    if own_face is not None and other_face is not None and _high(own_face) and _high(other_face):
        return _around_face(own, own_face), _around_face(other, other_face)
    return _whole(own), _whole(other)


def _high(face: Box) -> bool:
    return face.y1 - face.y0 >= 1


def _around_face(picture: Original, face: Box) -> _Frame:
    middle = (face.x0 + face.x1) / 2, (face.y0 + face.y1) / 2
    return _Frame(*middle, face.y1 - face.y0, picture.size)


def _whole(picture: Original) -> _Frame:
    width, height = picture.size
    return _Frame(width / 2, height / 2, height, picture.size)


def _shared(frames: tuple[_Frame, _Frame], unit: float) -> tuple[float, float, float, float]:
    """Sides of the part that both pictures show, from the middle; a frame is `unit` pixels high."""
    sides = [
        (-f.x * s, -f.y * s, (f.size[0] - f.x) * s, (f.size[1] - f.y) * s)
        for f in frames
        for s in [unit / f.height]
    ]
    one, other = sides
    return (
        max(one[0], other[0]),
        max(one[1], other[1]),
        min(one[2], other[2]),
        min(one[3], other[3]),
    )


def _in_original(
    frame: _Frame, unit: float, sides: tuple[float, float, float, float]
) -> tuple[float, float, float, float]:
    """Sides from the middle as sides in the original; rounding never leaves it."""
    scale, (width, height) = frame.height / unit, frame.size
    return (
        max(frame.x + sides[0] * scale, 0.0),
        max(frame.y + sides[1] * scale, 0.0),
        min(frame.x + sides[2] * scale, width),
        min(frame.y + sides[3] * scale, height),
    )


def _place(frame: _Frame, unit: float, middle: tuple[float, float], side: float) -> Place:
    scale = frame.height / unit
    side_px = min(round(side * scale), _CROP_PX[1])
    left, right = around(frame.x + middle[0] * scale, side_px, frame.size[0])
    top, bottom = around(frame.y + middle[1] * scale, side_px, frame.size[1])
    return left, top, right, bottom
