"""The fidelity loss on pairs of captures (Tsai et al. 2007; as DN-PIQA is trained)."""

from __future__ import annotations

import torch
from torch import Tensor

JOD_TO_SIGMA = 0.6745  # one JOD: 75 % of observers prefer the better one, Phi(0.6745) = 0.75
_EPSILON = 1e-8


def preference(gap: Tensor) -> Tensor:
    """Phi(gap): the share of observers who prefer the first, for a gap in standard deviations."""
    return torch.special.ndtr(gap)


def fidelity(predicted: Tensor, wanted: Tensor) -> Tensor:
    """Mean of 1 - sqrt(p q + e) - sqrt((1-p)(1-q) + e) over pairs, e = 1e-8.

    Args:
        predicted: (pairs,) preference for the first one by the model.
        wanted: (pairs,) preference for the first one by the labels.

    Returns:
        A scalar, 0 (equal) .. 1 (opposite).

    >>> fidelity(torch.tensor([0.5]), torch.tensor([0.5])).abs().item() < 1e-6
    True
    """
    agreed = torch.sqrt(predicted * wanted + _EPSILON)
    refused = torch.sqrt((1 - predicted) * (1 - wanted) + _EPSILON)
    return (1 - agreed - refused).mean()


def pairs_within(groups: Tensor) -> tuple[Tensor, Tensor]:
    """Indices (first, second) of all pairs first < second whose group is the same.

    Args:
        groups: (n,) int64 group numbers.
    """
    count = len(groups)
    first, second = torch.triu_indices(count, count, offset=1)
    same = groups[first] == groups[second]
    return first[same], second[same]
