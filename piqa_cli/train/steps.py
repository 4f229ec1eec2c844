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
_LIGHT_WEIGHT = 2.0  # of the mean error of the light's colour
_NEUTRAL_WEIGHT = 0.15  # of captures without a cast, against 1.15: most are, and readings shrink
_LIGHT_BEND = 0.3  # of warmth: larger errors count by their size, smaller ones by its square
_LARGEST_GRADIENT = 5.0
_SCORED = 1024  # rows at a time


@dataclass(frozen=True, slots=True)
class Material:
    """A data set as the network takes it, in memory.

    Attributes:
        figures: (rows, N) float32.
        labels, deviations: (rows,) float32.
        costs: (rows, 11) float32, NaN where nobody knows.
        light: (rows, 2) float32, NaN where nobody knows.
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
    model.eval()
    with torch.inference_mode():
        parts = [
            score_of(model.heads_say(part).mean(dim=1)) for part in torch.split(figures, _SCORED)
        ]
    return torch.cat(parts).numpy()


def validate(model: DnPiqaMini, data: Dataset, rows: list[int]) -> tuple[float, float]:
    """Agreement on held-out scenes.

    Returns:
        Spearman's correlation within scene, mean over scenes; and the slope: label-JOD for one
        unit of score, by least squares on deviations from the scenes' means.
    """
    scores = score_all(model, torch.from_numpy(data.figures[rows])).astype(float)
    labels = data.labels[rows].astype(float)
    scenes = [data.rows[row].scene for row in rows]
    agreement = within_scene(list(scores), list(labels), scenes=scenes)
    for scene in set(scenes):
        of_scene = np.array([name == scene for name in scenes])
        scores[of_scene] -= scores[of_scene].mean()
        labels[of_scene] -= labels[of_scene].mean()
    slope = float((scores * labels).sum() / max(float((scores * scores).sum()), 1e-12))
    return float(np.mean(list(agreement.values()))) if agreement else 0.0, slope


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
    wanted = _centred(costs[known], groups[known])
    said = _centred(costs_of(spoken[known]), groups[known])
    errors = functional.smooth_l1_loss(said, wanted[:, None].expand_as(said), reduction="none")
    return errors.mean(dim=(0, 2)).sum()


def light_loss(spoken: Tensor, light: Tensor) -> Tensor:
    """How far the readings lie from the light, summed over the heads; 0 where nobody knows.

    Args:
        spoken: (rows, heads, 14).
        light: (rows, 2) warmth and `TINT_UNITS` times the tint, NaN where nobody knows.
    """
    known = torch.isfinite(light).all(dim=1)
    if not bool(known.any()):
        return spoken.new_zeros(())
    said = light_of(spoken[known])
    wanted = light[known][:, None].expand_as(said)
    errors = functional.smooth_l1_loss(said, wanted, reduction="none", beta=_LIGHT_BEND)
    weights = _NEUTRAL_WEIGHT + light[known].abs().sum(dim=1).clamp(max=1)
    return (errors.mean(dim=2) * weights[:, None]).sum() / weights.sum()


def _centred(values: Tensor, groups: Tensor) -> Tensor:
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
