"""Statistics of 8x8 DCT blocks: how energy falls with frequency in flat, middling, busy places.

Blur empties the high bands everywhere, noise fills them in flat places, smear empties them there
alone, sharpening lifts them in busy places, and JPEG leaves zeros.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import fft

Plane = NDArray[np.float32]

_SIDE = 8
_BANDS = ((1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 6), (7, 8), (9, 10), (11, 14))  # of u + v
_CLASSES = {"flat": (0.05, 0.4), "mid": (0.4, 0.75), "busy": (0.9, 1.0)}  # by energy, quantiles
_FLOOR = 0.05  # of coefficient energy: below it is rounding
_LIGHTS = {"dark": (0, 85), "grey": (85, 170), "light": (170, 256)}  # of mean luma
_MATRIX = fft.dct(np.eye(_SIDE, dtype=np.float32), axis=0, norm="ortho").astype(np.float32)
_ORDER = np.add.outer(np.arange(_SIDE), np.arange(_SIDE)).ravel()  # u + v


def spectrum_statistics(luma: Plane) -> dict[str, float]:
    """Log energies by class and band of (H, W) float32 luma 0..255, parts of zeros, noise."""
    rows, columns = (side // _SIDE for side in luma.shape)
    whole = luma[: rows * _SIDE, : columns * _SIDE].reshape(rows, _SIDE, columns, _SIDE)
    blocks = whole.transpose(0, 2, 1, 3).reshape(-1, _SIDE, _SIDE)
    coefficients = (_MATRIX @ blocks @ _MATRIX.T).reshape(len(blocks), -1)
    bands = [(low <= _ORDER) & (high >= _ORDER) for low, high in _BANDS]
    energy = np.stack([(coefficients[:, band] ** 2).mean(axis=1) for band in bands], axis=1)
    order = np.argsort(energy[:, :4].sum(axis=1), kind="stable")
    found: dict[str, float] = {}
    for name, (low, high) in _CLASSES.items():
        chosen = order[int(low * len(order)) : max(int(high * len(order)), 1)]
        means = np.log(energy[chosen].mean(axis=0) + _FLOOR)
        found |= {f"dct_{name}_{n}": float(value) for n, value in enumerate(means)}
    middle = np.abs(coefficients[order[len(order) // 4 :]]) < 0.5
    found |= {f"dct_zeros_{n}": float(middle[:, band].mean()) for n, band in enumerate(bands)}
    flattest = order[: max(1, int(0.3 * len(order)))]
    return found | _noise_by_light(coefficients[flattest, 0] / _SIDE, energy[flattest, 5:])


def _noise_by_light(light: NDArray[np.float32], fine: NDArray[np.float32]) -> dict[str, float]:
    """Log fine energy of the flattest blocks, of dark, grey and light ones apart."""
    overall = float(fine.mean())
    found = {}
    for name, (low, high) in _LIGHTS.items():
        chosen = (light >= low) & (light < high)
        energy = float(fine[chosen].mean()) if chosen.sum() >= 10 else overall
        found[f"noise_{name}"] = float(np.log(energy + _FLOOR))
    return found
