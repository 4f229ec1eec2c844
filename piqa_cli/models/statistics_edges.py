"""Statistics of strong edges: how wide they are (blur) and how far they overshoot (halos)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]

_REACH_PX = 6  # beside an edge, that are looked at
_STRONGEST_PER_CENT = 1.0  # of all steps, that count as edges
_MOST_EDGES = 4000  # looked at, evenly over the picture
_LEAST_STEP = 2.0  # of luma: below it an edge is noise


def edge_statistics(luma: Plane) -> dict[str, float]:
    """The mean profile of steps across strong edges of (H, W) float32 luma 0..255.

    A profile is the step at k pixels from an edge's steepest point, as a part of the steepest
    step: above 0 beside it for a wide edge, below 0 for one with halos. Both sides are averaged.
    """
    across, down = _profiles(luma), _profiles(np.ascontiguousarray(luma.T))
    means = [profiles.mean(axis=0) for profiles in (across, down)]
    both = np.concatenate([across, down])
    found = {f"edge_{k}": float((means[0][k] + means[1][k]) / 2) for k in range(1, _REACH_PX + 1)}
    found["edge_onesided_1"] = float(abs(means[0][1] - means[1][1]))
    found["edge_onesided_3"] = float(abs(means[0][3] - means[1][3]))
    sharpest = np.percentile(both, 15, axis=0)
    found |= {f"edge_sharpest_{k}": float(sharpest[k]) for k in (1, 2, 3)}
    return found


def _profiles(plane: Plane) -> NDArray[np.float32]:
    """(edges, 7) profiles across near-vertical edges, 0..6 px from them; zeros without any."""
    steps = np.diff(plane, axis=1)
    size = np.abs(steps)
    inner = size[:, _REACH_PX:-_REACH_PX]
    if inner.size == 0:
        return np.zeros((1, _REACH_PX + 1), np.float32)
    least = max(float(np.percentile(inner[::2], 100 - _STRONGEST_PER_CENT)), _LEAST_STEP)
    peak = inner >= least
    peak &= inner >= size[:, _REACH_PX - 1 : -_REACH_PX - 1]
    peak &= inner > size[:, _REACH_PX + 1 : size.shape[1] - _REACH_PX + 1]
    rows, columns = np.nonzero(peak)
    if len(rows) == 0:
        return np.zeros((1, _REACH_PX + 1), np.float32)
    every = -(-len(rows) // _MOST_EDGES)
    rows, columns = rows[::every], columns[::every] + _REACH_PX
    height = steps[rows, columns]
    beside = [
        (steps[rows, columns + k] + steps[rows, columns - k]) / (2 * height)
        for k in range(_REACH_PX + 1)
    ]
    return np.stack(beside, axis=1)
