from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from piqa_cli.train.mini.features import Maps
from piqa_cli.train.mini.material import Part, material_of
from piqa_cli.train.mini.ratings import Rated
from piqa_cli.train.mini.steps import GROUP, draw_groups, pair_loss


def part(scenes, first=0, **settings):
    """A part whose maps hold the rows' numbers, and nothing else."""
    numbers = torch.arange(first, first + len(scenes), dtype=torch.float32)[:, None]
    rows = [Rated(Path(f"{at}.png"), scene, float(at)) for at, scene in enumerate(scenes)]
    return Part(Maps(*[numbers] * 4), rows, **settings)


@pytest.fixture
def material():
    simulated = part("aabbb", first=4, is_simulated=True)
    return material_of([part("aabc"), simulated])


def test_scenes_of_one_name_in_two_sets_stay_apart(material):
    assert len(set(material.scene_of_row.tolist())) == 5
    assert material.scene_of_row[0] == material.scene_of_row[1] != material.scene_of_row[4]
    assert material.set_of_row.tolist() == [0, 0, 0, 0, 1, 1, 1, 1, 1]


def test_rows_keep_their_maps_and_ratings(material):
    assert material.maps.early[:, 0].tolist() == list(range(9))
    assert material.jod.tolist() == [0, 1, 2, 3, 0, 1, 2, 3, 4]
    assert material.is_simulated.tolist() == [False] * 4 + [True] * 5
    assert material.costs.shape == (9, 11)


def test_only_scenes_with_two_captures_are_groups(material):
    assert [[rows.tolist() for rows in scenes] for scenes in material.groups] == [
        [[0, 1]],
        [[4, 5], [6, 7, 8]],
    ]
    assert material.weights == (1.0, 0.5)


def test_a_step_draws_one_scene_of_every_set_the_larger_the_more_often():
    material = material_of([part("a" * 20 + "b" * 4), part("cc")])
    rng = np.random.default_rng(0)
    drawn = [draw_groups(material, rng) for _ in range(60)]
    assert {tuple(sorted(groups[1])) for groups in drawn} == {(24, 25)}
    first = [groups[0] for groups in drawn]
    assert all(len(set(rows)) == len(rows) for rows in first)
    assert {(len(rows), bool(rows.max() < 20)) for rows in first} == {(GROUP, True), (4, False)}
    assert 40 <= sum(rows.max() < 20 for rows in first) < 60  # 50 on average


def test_pairs_in_the_right_order_cost_less():
    jod = torch.tensor([0.0, 1.0, 2.0])
    right, flat, wrong = (float(pair_loss(sign * jod, jod)) for sign in (1.0, 0.0, -1.0))
    assert right == pytest.approx(0, abs=1e-5)
    assert right < flat < wrong
