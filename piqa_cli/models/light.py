"""What tells the colour of the light, and how much of it there is.

Colour: no single guess at what should be grey is good, and together they are: white patch by
percentiles, grey world of the bright and of the nearly grey, shades of grey (Finlayson and Trezzi
2004, equation 3), grey edge (van de Weijer et al. 2007, equation 9), grey pixels by equal log
gradients (Yang et al. 2015, section 3), the skin of a face, and log-chroma histograms of surfaces
and of edges (Barron 2015, section 2), in which a cast is a shift.

Exposure: where on the way from black to white the detail lies, and how strong it is there. How
bright a picture is says little, since scenes differ; light that was clipped, or shadows that were
crushed, leave no steps.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from piqa_cli.models.statistics import LUMA, reduced_to
from piqa_cli.models.statistics_cast import cast_statistics

Plane = NDArray[np.float32]
Pixels = NDArray[np.uint8]

LIGHT_SIDE_PX = 128  # shorter side at which light is judged: noise and JPEG's traces are gone
FIGURES = 219
SKIN_FIGURES = range(55, 59)  # those of them that tell of the face
BINS, BIN_WIDTH = 8, 0.12  # of each histogram and axis, around neutral; width in log chroma
_OFFSET = 4.0  # of a level of 255, added before logarithms: black has no colour
_PERCENTILES = (1, 5, 25, 75, 90, 95, 98, 99.5)
_BRIGHTEST = (80, 95, 98)  # percentiles of luma from which on pixels count as bright
_NEARLY_GREY = (0.05, 0.1, 0.2, 0.35)  # of log chroma: width of the weight around grey
_EQUAL_GRADIENTS = (0.1, 0.3)  # relative difference of log gradients: width of the weight
_DARK, _CLIPPED = 12.0, 250.0  # luma beyond which a pixel tells nothing, or its gradients don't
_STEEP = 0.03  # log gradient from which on it tells something
LEVELS = 16  # equal parts of the way from black to white
_ADDED_STEPS, _FAINT = 5.0, 0.1  # to every level, so many steps of so many levels of 255
_EDGE, _EDGE_OFFSET = 6.0, 1.5  # levels from which a step is an edge; added before logarithms


def light_figures(picture: Pixels, skin: Pixels | None) -> Plane:
    """All figures about the light: (219,) float32, finite.

    Args:
        picture: (H, W, 3) uint8 sRGB.
        skin: (h, w, 3) uint8, the middle of a face in the same picture, or None.
    """
    small = reduced_to(picture, LIGHT_SIDE_PX).astype(np.float32)
    luma = small @ LUMA
    logs = np.log(small + np.float32(_OFFSET))
    red, blue = logs[..., 0] - logs[..., 1], logs[..., 2] - logs[..., 1]
    figures = [
        *cast_statistics(small).values(),
        *_patches(small),
        *_bright(red, blue, luma=luma),
        *_nearly_grey(red, blue, luma=luma),
        *_grey_pixels(logs, red, blue, luma=luma),
        *_spread(red, blue),
        *_skin(skin),
        *_histogram(red[luma > _DARK], blue[luma > _DARK]),
        *_edge_histogram(small),
        *_detail_by_level(luma),
    ]
    return np.array(figures, np.float32)


def _patches(small: Plane) -> list[float]:
    """White, grey and black patches: percentiles of each channel."""
    levels = np.log(np.percentile(small.reshape(-1, 3), _PERCENTILES, axis=0) + _OFFSET)
    return [*(levels[:, 0] - levels[:, 1]), *(levels[:, 2] - levels[:, 1])]


def _bright(red: Plane, blue: Plane, *, luma: Plane) -> list[float]:
    found: list[float] = []
    for floor in np.percentile(luma, _BRIGHTEST):
        bright = luma >= floor
        found += [float(red[bright].mean()), float(blue[bright].mean())]
    return found


def _nearly_grey(red: Plane, blue: Plane, *, luma: Plane) -> list[float]:
    squares, seen = red * red + blue * blue, luma > _DARK
    found: list[float] = []
    for width in _NEARLY_GREY:
        weight = np.exp(-squares / (2 * width * width)) * seen
        found += [float(weight.mean()), *_weighted(red, blue, weight)]
    return found


def _grey_pixels(logs: Plane, red: Plane, blue: Plane, *, luma: Plane) -> list[float]:
    """Chroma where red, green and blue change alike: there surfaces are grey, in any light."""
    if min(luma.shape) < 3:
        return [0.0] * (2 * len(_EQUAL_GRADIENTS))
    steps = np.stack([logs[1:-1, 2:] - logs[1:-1, :-2], logs[2:, 1:-1] - logs[:-2, 1:-1]])
    common = steps.mean(axis=3, keepdims=True)
    unlike = ((steps - common) ** 2).sum(axis=(0, 3))
    steep = np.sqrt((common**2).sum(axis=(0, 3)))
    share = np.sqrt(unlike / (3 * steep**2 + 1e-6))
    inner = luma[1:-1, 1:-1]
    told = (steep > _STEEP) & (inner > _DARK) & (inner < _CLIPPED)
    found: list[float] = []
    for width in _EQUAL_GRADIENTS:
        weight = np.exp(-share / width) * told
        found += _weighted(red[1:-1, 1:-1], blue[1:-1, 1:-1], weight)
    return found


def _weighted(red: Plane, blue: Plane, weight: Plane) -> list[float]:
    total = float(weight.sum()) + 1e-3
    return [float((red * weight).sum()) / total, float((blue * weight).sum()) / total]


def _spread(red: Plane, blue: Plane) -> list[float]:
    quartiles = [*np.percentile(red, (25, 50, 75)), *np.percentile(blue, (25, 50, 75))]
    deviations = float(red.std()), float(blue.std())
    together = float(((red - red.mean()) * (blue - blue.mean())).mean())
    return [*quartiles, *deviations, together / (deviations[0] * deviations[1] + 1e-3)]


def _skin(skin: Pixels | None) -> list[float]:
    """Median colour of the skin, and whether there is a face."""
    if skin is None:
        return [0.0] * 4
    red, green, blue = np.log(np.median(skin, axis=(0, 1)) + _OFFSET)
    return [float(red - green), float(blue - green), float(green), 1.0]


def _edge_histogram(small: Plane) -> Plane:
    """Of the steps from row to row that are large enough to have a colour."""
    steps = np.abs(np.diff(small, axis=0)).reshape(-1, 3)
    logs = np.log(steps[steps.max(axis=1) > _EDGE] + np.float32(_EDGE_OFFSET))
    return _histogram(logs[:, 0] - logs[:, 1], logs[:, 2] - logs[:, 1])


def _histogram(red: Plane, blue: Plane) -> Plane:
    """(64,) square roots of the shares of pixels in each bin; a pixel counts in four, by nearness.

    Pixels beyond the bins count in none.
    """
    across, down = (colour / BIN_WIDTH + (BINS - 1) / 2 for colour in (red, blue))
    left, top = np.floor(across), np.floor(down)
    right, below = across - left, down - top
    counts = np.zeros((BINS + 2, BINS + 2))
    for x, part_x in ((left, 1 - right), (left + 1, right)):
        for y, part_y in ((top, 1 - below), (top + 1, below)):
            column = np.clip(x, -1, BINS).astype(np.int64) + 1
            row = np.clip(y, -1, BINS).astype(np.int64) + 1
            place = row * (BINS + 2) + column
            counts += np.bincount(place, part_x * part_y, (BINS + 2) ** 2).reshape(counts.shape)
    return np.sqrt(counts[1:-1, 1:-1] / max(1, red.size)).ravel().astype(np.float32)


def _detail_by_level(luma: Plane) -> Plane:
    """Of 16 levels of luma: their share of all detail, and the log of their mean step."""
    pairs = ((luma[1:], luma[:-1]), (luma[:, 1:], luma[:, :-1]))
    steps = np.concatenate([np.abs(one - other).ravel() for one, other in pairs])
    between = np.concatenate([((one + other) / 2).ravel() for one, other in pairs])
    level = (between * (LEVELS / 256)).astype(np.int64)
    detail = np.bincount(level, steps, LEVELS)
    counts = np.bincount(level, minlength=LEVELS)
    mean_step = (detail + _ADDED_STEPS * _FAINT) / (counts + _ADDED_STEPS)
    share = detail / (detail.sum() + 1e-6)
    return np.concatenate([share, np.log(mean_step)]).astype(np.float32)
