"""Statistics of fine detail: sharpness by scale and block, MSCN, gradients, motion, noise."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Plane = NDArray[np.float32]

_SCALES = 4
_BLOCK_PX = 16
_LEAST_SIDE_PX = 8  # smaller planes aren't halved further: the last scale stands in
_ENERGY_FLOOR = 1e-2  # of squared luma steps: below it is rounding
_MSCN_SIGMA_PX = 7 / 6  # window of Mittal et al. 2012 (BRISQUE), equation 2
_DIRECTIONS = {"h": (0, 1), "v": (1, 0), "d": (1, 1), "a": (1, -1)}


def detail_statistics(luma: Plane) -> dict[str, float]:
    """Statistics of (H, W) float32 luma 0..255."""
    found: dict[str, float] = {}
    energies: list[dict[str, float]] = []
    plane = luma
    for scale in range(_SCALES):
        energies.append(_block_energies(plane))
        found |= {f"{name}_{scale}": value for name, value in energies[-1].items()}
        if scale < 2:
            found |= {f"{name}_{scale}": value for name, value in _mscn(plane).items()}
            found |= {f"{name}_{scale}": value for name, value in _gradients(plane).items()}
        plane = halved(plane)
    for scale in range(_SCALES - 1):
        fine, coarse = energies[scale], energies[scale + 1]
        found[f"slope_{scale}"] = fine["mean_lap"] - coarse["mean_lap"]
        found[f"slope_sharp_{scale}"] = fine["sharp95"] - coarse["sharp95"]
    return found


def halved(plane: Plane) -> Plane:
    """Means of 2x2 pixels; a plane too small stays as it is."""
    height, width = (side // 2 * 2 for side in plane.shape)
    if min(height, width) < 2 * _LEAST_SIDE_PX:
        return plane
    even = plane[:height, :width]
    return (even[::2, ::2] + even[1::2, ::2] + even[::2, 1::2] + even[1::2, 1::2]) * np.float32(
        0.25
    )


def _block_means(plane: Plane) -> NDArray[np.float32]:
    """Means of whole 16 px blocks (all of a plane smaller than one), flattened."""
    rows, columns = (max(1, side // _BLOCK_PX) for side in plane.shape)
    height, width = (min(side, _BLOCK_PX) for side in plane.shape)
    blocks = plane[: rows * height, : columns * width].reshape(rows, height, columns, width)
    return blocks.mean(axis=(1, 3)).ravel()


def _block_energies(plane: Plane) -> dict[str, float]:
    """Log Laplacian energy of blocks: sharpest, middling and flattest ones, and overall."""
    energy = ndimage.laplace(plane) ** 2
    blocks = np.log(_block_means(energy) + _ENERGY_FLOOR)
    flat10, middle25, middle50, middle75, sharp90, sharp95, sharp99 = np.percentile(
        blocks, (10, 25, 50, 75, 90, 95, 99)
    )
    return {
        "flat10": flat10,
        "middle25": middle25,
        "middle50": middle50,
        "middle75": middle75,
        "sharp90": sharp90,
        "sharp95": sharp95,
        "sharp99": sharp99,
        "mean_lap": float(np.log(energy.mean() + _ENERGY_FLOOR)),
    }


def _mscn(plane: Plane) -> dict[str, float]:
    """Moments of mean-subtracted contrast-normalised luma (Mittal et al. 2012, equations 1-7)."""
    mean = ndimage.gaussian_filter(plane, _MSCN_SIGMA_PX, truncate=2.6)
    square = ndimage.gaussian_filter(plane * plane, _MSCN_SIGMA_PX, truncate=2.6)
    deviation = np.sqrt(np.maximum(square - mean * mean, 0))
    field = (plane - mean) / (deviation + np.float32(1.0))
    variance = float((field * field).mean()) + 1e-6
    found = {
        "shape": float(np.abs(field).mean() ** 2) / variance,  # of the generalised Gaussian
        "variance": variance,
        "skew": float((field * field * field).mean()) / variance**1.5,
        "deviation": float(np.log(deviation.mean() + 0.1)),
        "deviation_flat": float(np.log(np.percentile(deviation[::2, ::2], 10) + 0.1)),
    }
    for name, (dy, dx) in _DIRECTIONS.items():
        product = field * np.roll(field, (dy, dx), (0, 1))
        found[f"neighbour_{name}"] = float(product.mean()) / variance
        found[f"neighbour_size_{name}"] = float(np.abs(product).mean()) / variance
    return found


def _gradients(plane: Plane) -> dict[str, float]:
    """Autocorrelation of steps (blur > 0, halos < 0) and how one-sided they are (motion)."""
    found: dict[str, float] = {}
    right, down = np.diff(plane, axis=1), np.diff(plane, axis=0)
    power = float((right * right).mean() + (down * down).mean()) + _ENERGY_FLOOR
    for lag in (1, 2, 3, 5):
        shift = min(lag, right.shape[1] - 1, down.shape[0] - 1)
        along = (right[:, shift:] * right[:, :-shift]).mean()
        along += (down[shift:] * down[:-shift]).mean()
        found[f"autocorrelation_{lag}"] = float(along) / power
    squared = right * right
    fourth = float((squared * squared).mean())
    steep99, steep999 = np.percentile(np.abs(right), (99, 99.9))
    found["steep99"], found["steep999"] = float(np.log(steep99 + 1)), float(np.log(steep999 + 1))
    found["heavy_tail"] = float(np.log(fourth + 1) - 2 * np.log(float(squared.mean()) + 1))
    return found | _motion(plane)


def _motion(plane: Plane) -> dict[str, float]:
    """Log ratio of weakest to strongest direction of the detail, overall and in sharp blocks."""
    overall, sharpest = [], []
    for dy, dx in _DIRECTIONS.values():
        step = plane[1:-1, 1:-1] * 2
        height, width = plane.shape
        step = step - plane[1 + dy : height - 1 + dy, 1 + dx : width - 1 + dx]
        step -= plane[1 - dy : height - 1 - dy, 1 - dx : width - 1 - dx]
        blocks = _block_means(step * step)
        overall.append(np.log(blocks.mean() + _ENERGY_FLOOR))
        sharpest.append(np.log(np.percentile(blocks, 95) + _ENERGY_FLOOR))
    straight, slanted = overall[:2], overall[2:]
    return {
        "motion_all": float(min(overall) - max(overall)),
        "motion_straight": float(-abs(straight[0] - straight[1])),
        "motion_slanted": float(-abs(slanted[0] - slanted[1])),
        "motion_sharp": float(min(sharpest) - max(sharpest)),
        "motion_sharp_weakest": float(min(sharpest)),
    }
