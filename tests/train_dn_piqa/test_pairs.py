from __future__ import annotations

import numpy as np
import pytest

from piqa_cli.train.dn_piqa.options import DnPiqaSettings
from piqa_cli.train.dn_piqa.pairs import (
    crop_rng,
    draw_pairs,
    epoch_order,
    learning_rate,
    random_crop,
)

SCENES = ["a"] * 50 + ["b"] * 70 + ["c"]


def test_the_learning_rates_are_the_published_ones(tmp_path):
    start = DnPiqaSettings(tmp_path).learning_rate
    assert [learning_rate(start, epoch) for epoch in range(1, 11)] == pytest.approx(
        [1e-5, 1e-5, 9e-6, 9e-6, 8.1e-6, 8.1e-6, 7.29e-6, 7.29e-6, 6.561e-6, 6.561e-6],
        rel=1e-12,
    )  # measured with the authors' schedule


def test_the_defaults_are_the_authors_recipe(tmp_path):
    settings = DnPiqaSettings(tmp_path)
    assert (settings.epochs, settings.batch, settings.weight_decay) == (10, 6, 1e-7)


def test_every_picture_is_first_twice_with_a_partner_of_its_scene():
    pairs = draw_pairs(SCENES, seed=0)
    assert pairs[:, 0].tolist() == [row for row in range(121) for _ in range(2)]
    assert all(SCENES[first] == SCENES[second] for first, second in pairs)
    assert pairs[-1].tolist() == [120, 120]


def test_partners_are_uniform_and_may_be_oneself():
    pairs = draw_pairs(["a"] * 100, seed=3)
    own = int((pairs[:, 0] == pairs[:, 1]).sum())
    assert 0 <= own <= 8  # 2 expected of 200
    assert abs(pairs[:, 1].mean() - 49.5) < 8  # four deviations


def test_the_seed_decides_pairs_and_order():
    assert (draw_pairs(SCENES, seed=1) == draw_pairs(SCENES, seed=1)).all()
    assert (draw_pairs(SCENES, seed=1) != draw_pairs(SCENES, seed=2)).any()
    first, second = (epoch_order(242, seed=1, epoch=epoch) for epoch in (1, 2))
    assert (first != second).any()
    assert sorted(first) == list(range(242))


def test_crops_come_from_every_place():
    pixels = np.arange(386 * 385, dtype=np.uint32).astype(np.uint8).reshape(386, 385, 1)
    crops = [random_crop(pixels, crop_rng(seed=0, epoch=1, pair=n)) for n in range(100)]
    assert {crop.shape for crop in crops} == {(384, 384, 1)}
    assert len({crop.tobytes() for crop in crops}) == 3 * 2
