"""Simulated labs: the 95 % intervals hold the truth about as often as they say."""

import numpy as np
import pytest

from piqa_cli.compare.cells import gather
from piqa_cli.compare.contrast import contrast, half_width, noise_of
from piqa_cli.compare.devices import pair_devices
from piqa_cli.rank.intervals import mean_and_half
from tests.runs.samples import scored_row

DEVICES, SCENES, LABS = 8, 5, 60
MISSING, INTERACTION_SD, TAKE_SD, POSE_SD = 0.3, 0.5, 0.4, 0.3


def take(scene, device, n, score, run, *, named):
    return scored_row(
        scene=scene,
        device=device,
        path=f"{scene}/{device}/{n}",
        take=str(n) if named else None,
        score=score,
        sha256=f"{run} {scene} {device} {n}",
    )


def lab(rng, *, named):
    """Two runs, and the truth by device and by cell; a pose is shared by the takes of a pair."""
    base, new, cells = [], [], {}
    gains = {f"d{d}": rng.normal(0, INTERACTION_SD) for d in range(DEVICES)}
    for scene in (f"s{s}" for s in range(SCENES)):
        for device, gain in gains.items():
            if rng.random() < MISSING:
                continue
            effect = cells[scene, device] = gain + rng.normal(0, INTERACTION_SD)
            level, poses = rng.normal(0, 2), rng.normal(0, POSE_SD if named else 0, 5)
            counts = rng.integers(1, 5, 2)
            for rows, run, n, by in (
                (base, "b", counts[0], 0),
                (new, "n", counts[0 if named else 1], effect),
            ):
                for t in range(n):
                    score = level + by + poses[t] + rng.normal(0, TAKE_SD)
                    rows.append(take(scene, device, t, score, run, named=named))
    return base, new, gains, cells


@pytest.mark.parametrize("named", [True, False], ids=["paired", "unpaired"])
def test_intervals_hold_the_truth(named):
    rng = np.random.default_rng(7)
    scene_hits, device_hits = [], []
    for _ in range(LABS):
        base, new, gains, truth = lab(rng, named=named)
        cells = gather(base, new, pair_devices(base, new))
        found = [contrast(cell) for cell in cells]
        noise = noise_of(cells, found)
        gaps = {}
        for cell, one in zip(cells, found, strict=True):
            device = cell.subject.label
            gaps.setdefault(device, []).append(one.difference)
            error = abs(one.difference - truth[cell.scene, device])
            scene_hits.append(error <= half_width(one, noise))
        for device, own in gaps.items():
            mean, half = mean_and_half(own)
            device_hits += [abs(mean - gains[device]) <= half] if half is not None else []
    assert 0.93 <= np.mean(scene_hits) <= 0.975, len(scene_hits)
    assert 0.92 <= np.mean(device_hits) <= 0.975, len(device_hits)
