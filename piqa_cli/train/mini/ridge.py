"""Ridge regression: a linear score on frozen features, from which training starts."""

from __future__ import annotations

import torch
from torch import Tensor


def ridge(features: Tensor, wanted: Tensor, *, penalty: float) -> Tensor:
    """Weights of a linear score without a constant.

    Solved in the space of rows or of features, whichever is smaller.

    Args:
        features: (n, width) standardised.
        wanted: (n,) ratings, centred.
        penalty: on the squared weights.

    Returns:
        (width,) float32.

    >>> ridge(torch.eye(2), torch.tensor([1.0, -1.0]), penalty=1.0)
    tensor([ 0.5000, -0.5000])
    """
    rows = features.double()
    count, width = rows.shape
    if count < width:
        inner = rows @ rows.T + penalty * torch.eye(count, dtype=torch.float64)
        return (rows.T @ torch.linalg.solve(inner, wanted.double())).float()
    inner = rows.T @ rows + penalty * torch.eye(width, dtype=torch.float64)
    return torch.linalg.solve(inner, rows.T @ wanted.double()).float()
