"""Puts the costs of the faults on the scale of the labels, by the validation scenes.

Costs come out too small where they can hardly be read: most captures lack most faults, so that a
network that is unsure says little, and large errors count by their size alone.
"""

from __future__ import annotations

from copy import deepcopy

import torch
from torch import Tensor

from piqa_cli.models.mini import DnPiqaMini, costs_of
from piqa_cli.train.dataset import Dataset
from piqa_cli.train.steps import centred, say_all, scene_numbers

_BOUNDS = (0.5, 2.5)  # of a factor; beyond, a cost isn't shrunk, it isn't read
_ENOUGH = 0.5  # JOD squared, summed over the rows: as much speaks for a factor of 1
_VARIES = 1e-4  # JOD: costs that differ by less within every scene say nothing


def calibrated(model: DnPiqaMini, data: Dataset) -> DnPiqaMini:
    """A copy, in evaluation mode, each of whose costs rises by one JOD where the true one does.

    Args:
        model: left as it is.
        data: captures of the validation scenes; those whose costs nobody knows are left out.
    """
    fitted = deepcopy(model).eval()
    true = torch.from_numpy(data.costs)
    known = torch.isfinite(true).all(dim=1)
    if bool(known.any()):
        said = costs_of(say_all(fitted, torch.from_numpy(data.figures)))
        groups = scene_numbers(data)[known]
        fitted.weigh_costs(_factors(said[known], true[known], groups=groups))
    return fitted


def _factors(said: Tensor, true: Tensor, *, groups: Tensor) -> Tensor:
    """(11,) slopes of (rows, 11) true costs over those said, within groups."""
    said, true = (centred(values.double(), groups) for values in (said, true))
    slopes = ((said * true).sum(dim=0) + _ENOUGH) / ((said * said).sum(dim=0) + _ENOUGH)
    varies = true.abs().amax(dim=0) > _VARIES
    return slopes.clamp(*_BOUNDS).where(varies, 1.0).float()
