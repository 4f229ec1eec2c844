"""Losses of the challenge's models, as pure functions; `fidelity` has a module of its own.

All take scores (n,) and JODs (n,) of captures of one scene, float32, and return a scalar. Scores
of different scenes never meet in one call.
"""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional

from piqa_cli.train.fidelity import fidelity, pairs_within, preference

_EPSILON = 1e-8


def scale_shift_invariant(scores: Tensor, jods: Tensor) -> Tensor:
    """Mean distance of scores and JODs, each relative to its scene (RQ-Net).

    Both lose their median and are divided by their mean absolute deviation from it plus 1e-8.

    >>> import torch
    >>> scores, jods = torch.tensor([1.0, 2.0, 6.0]), torch.tensor([-1.0, 0.0, 1.0])
    >>> round(float(scale_shift_invariant(scores, jods)), 4)
    0.6
    >>> float(scale_shift_invariant(5 * jods + 3, jods)) < 1e-6
    True
    """
    return (_relative(scores) - _relative(jods)).abs().mean()


def ranking(scores: Tensor, jods: Tensor) -> Tensor:
    """Mean hinge over pairs: the better one's score shall lead by the JODs' gap at least.

    Pairs with equal JODs are left out; 0 without any other.

    >>> import torch
    >>> float(ranking(torch.tensor([0.0, 1.0, 1.0]), torch.tensor([0.0, 3.0, 0.0])))
    2.5
    """
    first, second = pairs_within(jods.new_zeros(len(jods)))
    gaps, leads = jods[first] - jods[second], scores[first] - scores[second]
    short = functional.relu(gaps.abs() - gaps.sign() * leads)[gaps != 0]
    return short.sum() / max(len(short), 1)


def plcc(scores: Tensor, jods: Tensor) -> Tensor:
    """Half of 1 minus Pearson's correlation: 0 (a rising line) .. 1 (a falling one).

    >>> import torch
    >>> round(float(plcc(torch.tensor([1.0, 2.0, 3.0]), torch.tensor([2.0, 4.0, 3.0]))), 4)
    0.25
    """
    x, y = scores - scores.mean(), jods - jods.mean()
    return (1 - (x * y).sum() / (x.norm() * y.norm() + _EPSILON)) / 2


def pairwise_fidelity(scores: Tensor, jods: Tensor) -> Tensor:
    """The fidelity loss over all pairs; 0 where there is a single capture."""
    first, second = pairs_within(jods.new_zeros(len(jods)))
    if not len(first):
        return scores.sum() * 0
    return fidelity(
        preference(scores[first] - scores[second]), preference(jods[first] - jods[second])
    )


def huber(scores: Tensor, jods: Tensor, *, delta: float) -> Tensor:
    """Mean Huber loss: half the square up to `delta`, a line beyond.

    >>> import torch
    >>> float(huber(torch.tensor([0.5, 3.0]), torch.tensor([0.0, 0.0]), delta=1.0))
    1.3125
    """
    return functional.huber_loss(scores, jods, delta=delta)


def l1(scores: Tensor, jods: Tensor) -> Tensor:
    """Mean absolute difference."""
    return functional.l1_loss(scores, jods)


def mse(scores: Tensor, jods: Tensor) -> Tensor:
    """Mean squared difference."""
    return functional.mse_loss(scores, jods)


def _relative(values: Tensor) -> Tensor:
    moved = values - values.quantile(0.5)  # of an even number: the mean of the middle two
    return moved / (moved.abs().mean() + _EPSILON)
