"""Ridge regression: a linear score on frozen features, from which training starts."""

from __future__ import annotations

import torch
from torch import Tensor


def ridge(features: Tensor, wanted: Tensor, *, penalty: Tensor) -> Tensor:
    """Weights of a linear score without a constant.

    Solved in the space of rows or of features, whichever is smaller.

    Args:
        features: (n, width) standardised.
        wanted: (n,) ratings, centred.
        penalty: (width,), on the square of each weight.

    Returns:
        (width,) float32.

    >>> ridge(torch.eye(2), torch.tensor([1.0, -1.0]), penalty=torch.ones(2))
    tensor([ 0.5000, -0.5000])
    """
    scale = penalty.double().rsqrt()
    rows = features.double() * scale
    count, width = rows.shape
    if count < width:
        inner = rows @ rows.T + torch.eye(count, dtype=torch.float64)
        found = rows.T @ torch.linalg.solve(inner, wanted.double())
    else:
        inner = rows.T @ rows + torch.eye(width, dtype=torch.float64)
        found = torch.linalg.solve(inner, rows.T @ wanted.double())
    return (scale * found).float()
