from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
import torch
from torch.nn import functional

from piqa_cli.train import losses
from piqa_cli.train.zoo.batches import draw_batches
from piqa_cli.train.zoo.objective import Answer, loss_of
from piqa_cli.train.zoo.recipes import RECIPES

RQ, SAR, HYPER = (RECIPES[name].recipe for name in ("rq-net", "sar", "hyperiqa"))
SCENES = ["a"] * 70 + ["b"] * 33 + ["c"]


def test_groups_are_of_one_scene_and_every_capture_comes_once():
    batches = draw_batches(SCENES, RQ, seed=1, epoch=1)
    groups = [group for batch in batches for group in batch]
    assert all(len({SCENES[row] for row in group}) == 1 for group in groups)
    # the 33rd of b joins a group, and the only one of c has nothing to be compared with
    assert sorted(len(group) for group in groups) == [6, 32, 32, 33]
    assert sorted(row for group in groups for row in group) == list(range(103))


def test_single_captures_are_groups_where_nothing_is_compared():
    batches = draw_batches(SCENES, SAR, seed=1, epoch=1)
    assert [len(batch) for batch in batches] == [16] * 6 + [8]
    assert sorted(row for batch in batches for (row,) in batch) == list(range(104))


def test_repeats_show_every_capture_so_many_times():
    batches = draw_batches(SCENES[:10], HYPER, seed=1, epoch=1)
    seen = Counter(row for batch in batches for group in batch for row in group)
    assert set(seen.values()) == {25}
    assert [len(batch) for batch in batches] == [96, 96, 58]


def test_the_seed_and_the_epoch_decide_the_order():
    first = draw_batches(SCENES, RQ, seed=1, epoch=1)
    assert first == draw_batches(SCENES, RQ, seed=1, epoch=1)
    assert first != draw_batches(SCENES, RQ, seed=1, epoch=2)
    assert first != draw_batches(SCENES, RQ, seed=2, epoch=1)


def test_the_loss_is_the_mean_over_groups_of_the_weighted_losses():
    scores, jods = torch.tensor([0.0, 1.0, 2.0]), torch.tensor([1.0, 1.0, 0.0])
    logits, scenes = torch.tensor([[1.0, 0.0], [0.0, 2.0], [0.0, 0.0]]), torch.tensor([0, 0, 1])
    recipe = replace(RECIPES["bdvqa"].recipe, scene_weight=0.5, rank_weight=2.0)
    found = loss_of(Answer(scores, logits), jods, scenes, recipe, groups=[2, 1])
    entropy = [functional.cross_entropy(logits[:2], scenes[:2]),
               functional.cross_entropy(logits[2:], scenes[2:])]  # fmt: skip
    expected = (
        losses.mse(scores[:2], jods[:2]) + losses.mse(scores[2:], jods[2:])
        + 2 * losses.ranking(scores[:2], jods[:2]) + 0.5 * sum(entropy)
    ) / 2  # fmt: skip
    torch.testing.assert_close(found, expected)


@pytest.mark.parametrize(
    ("quality", "loss"),
    [
        ("l1", losses.l1), ("mse", losses.mse), ("plcc", losses.plcc),
        ("fidelity", losses.pairwise_fidelity),
        ("scale-shift-invariant", losses.scale_shift_invariant),
        ("huber", lambda scores, jods: losses.huber(scores, jods, delta=0.2)),
    ],
)  # fmt: skip
def test_every_loss_has_its_name(quality, loss):
    scores, jods = torch.tensor([0.0, 1.0, 3.0]), torch.tensor([1.0, -1.0, 0.5])
    recipe = replace(SAR, quality=quality, scene_weight=0.0)
    found = loss_of(Answer(scores), jods, torch.zeros(3).long(), recipe, groups=[3])
    torch.testing.assert_close(found, loss(scores, jods))
