"""Trainings that differ in what changes weights are different ones."""

from pathlib import Path

import pytest
import torch

from piqa_cli.records import Capture
from piqa_cli.train.identity import identity_of
from piqa_cli.train.material import Material, Rated
from piqa_cli.weights.store import Source

RATED = [
    Rated(Capture(file=Path(name), path=name, scene="s", device=name), jod=float(jod))
    for jod, name in enumerate(("a.jpg", "b.jpg", "c.jpg", "d.jpg"))
]


def identity(held_out=1, *, seed=0, prepared="k", weights="1", half=None):
    split = len(RATED) - held_out
    return identity_of(
        [seed],
        Material(tuple(RATED[:split]), (), False, tuple(RATED[split:])),
        prepared=[Path(prepared)],
        sources=[Source("w.pth", weights)],
        half=half,
    )


@pytest.mark.parametrize(
    "other",
    [
        {"seed": 1},
        {"prepared": "l"},
        {"weights": "2"},
        {"half": torch.bfloat16},
        {"held_out": 2},  # the same pictures in the same order
    ],
)
def test_each_of_them_makes_another_training(other):
    assert identity() == identity()
    assert identity(**other) != identity()
