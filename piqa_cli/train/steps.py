"""One epoch of training and one of validation; the model, data and optimiser are the caller's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from piqa_cli.models.mini import HEADS, DnPiqaMini, costs_of, light_of, score_of
from piqa_cli.train.dataset import Dataset
from piqa_cli.train.fidelity import JOD_TO_SIGMA, fidelity, pairs_within, preference
from piqa_cli.train.groups import Indices
from piqa_cli.train.measures import within_scene

_OPINION_SHARE = 0.25  # of a batch's captures, as many rated photographs come on top
_OPINION_WEIGHT = 0.3
_COST_WEIGHT = 8.0  # of the mean error of a fault's cost, in JOD, against the fidelity loss
_LIGHT_WEIGHT = 2.0  # of the mean error of what is read of the light
_NEUTRAL_WEIGHT = 0.15  # of a reading without an error, against up to 1.15, or readings shrink
_LIGHT_BEND = 0.3  # of a reading: larger errors count by their size, smaller ones by its square
_LARGEST_GRADIENT = 5.0
_SCORED = 1024  # rows at a time


@dataclass(frozen=True, slots=True)
class Material:
    """A data set as the network takes it, in memory.

    Attributes:
        figures: (rows, N) float32.
        labels, deviations: (rows,) float32.
        costs: (rows, 11) float32, NaN where nobody knows.
        light: (rows, 3) float32, NaN where nobody knows.
    """

    figures: Tensor
    labels: Tensor
    deviations: Tensor
    costs: Tensor
    light: Tensor


def material_of(data: Dataset) -> Material:
    """A data set as tensors."""
    return Material(
        figures=torch.from_numpy(data.figures),
        labels=torch.from_numpy(data.labels),
        deviations=torch.tensor([row.deviation for row in data.rows], dtype=torch.float32),
        costs=torch.from_numpy(data.costs),
        light=torch.from_numpy(data.light),
    )


def train_epoch(
    model: DnPiqaMini,
    optimiser: torch.optim.Optimizer,
    captures: Material,
    *,
    batches: Iterable[tuple[Indices, Indices]],
    opinions: Material | None,
    rng: np.random.Generator,
) -> float:
    """One pass over the captures; every head learns as if it were alone.

    Args:
        model: changed in place.
        optimiser: of the model's parameters, changed in place.
        captures: with labels, compared within groups.
        batches: (rows, group numbers) of the pass.
        opinions: rated photographs, mixed into every batch.
        rng: source of all other randomness.

    Returns:
        The mean fidelity loss on captures.
    """
    model.train()
    losses = []
    for rows, numbers in batches:
        chosen, groups = torch.from_numpy(rows), torch.from_numpy(numbers)
        spoken = model.heads_say(captures.figures[chosen])
        pair_loss = _pair_loss(spoken, captures.labels[chosen], groups=groups)
        cost_loss = _cost_loss(spoken, captures.costs[chosen], groups=groups)
        loss = pair_loss + _COST_WEIGHT * cost_loss
        loss = loss + _LIGHT_WEIGHT * light_loss(spoken, captures.light[chosen])
        if opinions is not None:
            loss = loss + _OPINION_WEIGHT * _opinion_loss(model, opinions, len(rows), rng)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(model.parameters(), _LARGEST_GRADIENT)
        optimiser.step()
        losses.append(float(pair_loss.detach()) / HEADS)
    return float(np.mean(losses))


def score_all(model: DnPiqaMini, figures: Tensor) -> NDArray[np.float32]:
    """(rows,) scores of (rows, N) figures, in evaluation mode."""
    return score_of(say_all(model, figures)).numpy()


def say_all(model: DnPiqaMini, figures: Tensor) -> Tensor:
    """(rows, 15) of (rows, N) figures: what the heads say on average, in evaluation mode."""
    model.eval()
    with torch.inference_mode():
        parts = [model.heads_say(part).mean(dim=1) for part in torch.split(figures, _SCORED)]
    return torch.cat(parts)


def validate(model: DnPiqaMini, data: Dataset) -> tuple[float, float]:
    """Agreement on scenes that the model didn't learn from.

    Returns:
        Spearman's correlation within scene, mean over scenes; and the slope: label-JOD for one
        unit of score, by least squares on deviations from the scenes' means.
    """
    scores = score_of(say_all(model, torch.from_numpy(data.figures)))
    labels = torch.from_numpy(data.labels)
    scenes = [row.scene for row in data.rows]
    agreement = within_scene(scores.tolist(), labels.tolist(), scenes=scenes)
    groups = scene_numbers(data)
    said, true = (centred(values.double(), groups) for values in (scores, labels))
    slope = float((said * true).sum() / (said * said).sum().clamp(min=1e-12))
    return float(np.mean(list(agreement.values()))) if agreement else 0.0, slope


def scene_numbers(data: Dataset) -> Tensor:
    """(rows,) int64: captures of one scene have the same number."""
    return torch.from_numpy(np.unique([row.scene for row in data.rows], return_inverse=True)[1])


def _pair_loss(spoken: Tensor, labels: Tensor, *, groups: Tensor) -> Tensor:
    """Fidelity on all pairs within groups, summed over the heads."""
    first, second = pairs_within(groups)
    wanted = preference(JOD_TO_SIGMA * (labels[first] - labels[second]))
    return _fidelity(score_of(spoken), first, second, wanted)


def _fidelity(scores: Tensor, first: Tensor, second: Tensor, wanted: Tensor) -> Tensor:
    """Of (n, heads) scores of pairs with the preference that is wanted, summed over the heads."""
    gaps = JOD_TO_SIGMA * (scores[first] - scores[second])
    return torch.stack([fidelity(preference(gap), wanted) for gap in gaps.unbind(1)]).sum()


def _cost_loss(spoken: Tensor, costs: Tensor, *, groups: Tensor) -> Tensor:
    """How far the faults' costs lie from the simulator's, within groups; 0 where nobody knows."""
    known = torch.isfinite(costs).all(dim=1)
    if not bool(known.any()):
        return spoken.new_zeros(())
    wanted = centred(costs[known], groups[known])
    said = centred(costs_of(spoken[known]), groups[known])
    errors = functional.smooth_l1_loss(said, wanted[:, None].expand_as(said), reduction="none")
    return errors.mean(dim=(0, 2)).sum()


def light_loss(spoken: Tensor, light: Tensor) -> Tensor:
    """How far the readings lie from the light, summed over the heads; 0 where nobody knows.

    Args:
        spoken: (rows, heads, 15).
        light: (rows, 3) `LIGHT` in `LIGHT_UNITS`, NaN where nobody knows.
    """
    known = torch.isfinite(light)
    wanted = light.where(known, 0)[:, None].expand_as(light_of(spoken))
    errors = functional.smooth_l1_loss(light_of(spoken), wanted, reduction="none", beta=_LIGHT_BEND)
    weights = (_NEUTRAL_WEIGHT + light.abs().clamp(max=1)).where(known, 0)
    return (errors.sum(dim=1) * weights).sum() / weights.sum().clamp(min=1e-6)


def centred(values: Tensor, groups: Tensor) -> Tensor:
    """Values minus the mean of their group, along the first axis."""
    names, index = torch.unique(groups, return_inverse=True)
    sums = values.new_zeros(len(names), *values.shape[1:]).index_add_(0, index, values)
    counts = torch.bincount(index).view(-1, *[1] * (values.dim() - 1))
    return values - (sums / counts)[index]


def _opinion_loss(
    model: DnPiqaMini, opinions: Material, batch: int, rng: np.random.Generator
) -> Tensor:
    """Pairs of rated photographs: Phi(gap of opinions / joint deviation) is wanted."""
    total = len(opinions.labels)
    count = min(total, max(2, round(batch * _OPINION_SHARE)))
    drawn = torch.from_numpy(rng.choice(total, count, replace=False))
    labels, deviations = opinions.labels[drawn], opinions.deviations[drawn]
    first, second = pairs_within(torch.zeros(count, dtype=torch.int64))
    joint = torch.sqrt(deviations[first] ** 2 + deviations[second] ** 2).clamp(min=1e-3)
    wanted = preference((labels[first] - labels[second]) / joint)
    return _fidelity(score_of(model.heads_say(opinions.figures[drawn])), first, second, wanted)
