"""The loss of a batch by the recipe: the mean over its groups, each of captures of one scene."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from piqa_cli.train import losses
from piqa_cli.train.zoo.recipe import TrainRecipe


@dataclass(frozen=True, slots=True)
class Answer:
    """Output of a network in training.

    Attributes:
        scores: (captures,).
        scene_logits: (captures, scenes); None: the network knows no scenes.
    """

    scores: Tensor
    scene_logits: Tensor | None = None


def loss_of(
    answer: Answer, jods: Tensor, scenes: Tensor, recipe: TrainRecipe, *, groups: Sequence[int]
) -> Tensor:
    """Quality loss, plus ranking and cross-entropy on scenes where the recipe gives them weight.

    Args:
        answer: of all captures, group by group.
        jods: (captures,) float32, relative to their scenes' means.
        scenes: (captures,) int64 classes.
        recipe: names the losses.
        groups: captures in each group.

    Returns:
        A scalar, the mean over groups.
    """
    sizes = list(groups)
    scores, wanted = torch.split(answer.scores, sizes), torch.split(jods, sizes)
    pairs = list(zip(scores, wanted, strict=True))
    parts = [_quality(recipe, *pair) for pair in pairs]
    if recipe.rank_weight:
        parts += [recipe.rank_weight * losses.ranking(*pair) for pair in pairs]
    if recipe.scene_weight and answer.scene_logits is not None:
        logits = torch.split(answer.scene_logits, sizes)
        parts += [
            recipe.scene_weight * functional.cross_entropy(found, true)
            for found, true in zip(logits, torch.split(scenes, sizes), strict=True)
        ]
    return torch.stack(parts).sum() / len(sizes)


def _quality(recipe: TrainRecipe, scores: Tensor, jods: Tensor) -> Tensor:
    match recipe.quality:
        case "l1":
            return losses.l1(scores, jods)
        case "mse":
            return losses.mse(scores, jods)
        case "huber":
            return losses.huber(scores, jods, delta=recipe.huber_delta)
        case "scale-shift-invariant":
            return losses.scale_shift_invariant(scores, jods)
        case "fidelity":
            return losses.pairwise_fidelity(scores, jods)
        case "plcc":
            return losses.plcc(scores, jods)
