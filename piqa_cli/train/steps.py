"""One epoch of training and one of validation; the model, data and optimiser are the caller's."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from piqa_cli.models.mini import DnPiqaMini, score_of
from piqa_cli.train.dataset import Dataset
from piqa_cli.train.fidelity import JOD_TO_SIGMA, fidelity, pairs_within, preference
from piqa_cli.train.groups import Indices
from piqa_cli.train.measures import within_scene

_OPINION_SHARE = 0.25  # of a batch's captures, as many rated photographs come on top
_OPINION_WEIGHT = 0.3
_COST_WEIGHT = 8.0  # of the mean error of a fault's cost, in JOD, against the fidelity loss
_STATISTICS_PASSES = 5  # over the statistics alone, before each over the pictures
_SCORING_BATCH = 128


Batches = Iterable[tuple[Indices, Indices]]
Speak = Callable[[Dataset, Indices], Tensor]


def train_epoch(
    model: DnPiqaMini,
    optimiser: torch.optim.Optimizer,
    captures: Dataset,
    *,
    batches: Callable[[], Batches],
    opinions: Dataset | None,
    rng: np.random.Generator,
) -> float:
    """One pass over the pictures, after some over the statistics alone, which cost next to nothing.

    Args:
        model: changed in place.
        optimiser: of the model's parameters, changed in place.
        captures: with labels, compared within groups.
        batches: draws the batches of another pass.
        opinions: rated photographs, mixed into every batch.
        rng: source of all other randomness.

    Returns:
        The mean fidelity loss of whole scores on captures.
    """

    def heads(data: Dataset, rows: Indices) -> Tensor:
        statistics = torch.from_numpy(data.views["statistics"][rows, 0])
        return model.heads_say(model.normalised(statistics))

    def whole(data: Dataset, rows: Indices) -> Tensor:
        return _spoken(model, tensors(data, rows, flip=bool(rng.integers(2))))

    model.train()
    for _ in range(_STATISTICS_PASSES):
        _pass(optimiser, captures, speak=heads, batches=batches(), opinions=opinions, rng=rng)
    return _pass(optimiser, captures, speak=whole, batches=batches(), opinions=opinions, rng=rng)


def _pass(
    optimiser: torch.optim.Optimizer,
    captures: Dataset,
    *,
    speak: Speak,
    batches: Batches,
    opinions: Dataset | None,
    rng: np.random.Generator,
) -> float:
    losses = []
    labels, costs = captures.labels, captures.costs
    for rows, numbers in batches:
        groups = torch.from_numpy(numbers)
        spoken = speak(captures, rows)
        loss, shown = _pair_loss(spoken, torch.from_numpy(labels[rows]), groups=groups)
        loss = loss + _COST_WEIGHT * _cost_loss(
            spoken, torch.from_numpy(costs[rows]), groups=groups
        )
        if opinions is not None:
            count = min(len(opinions.rows), max(2, round(len(rows) * _OPINION_SHARE)))
            drawn = rng.choice(len(opinions.rows), count, replace=False)
            loss = loss + _OPINION_WEIGHT * _opinion_loss(speak(opinions, drawn), opinions, drawn)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        for group in optimiser.param_groups:
            torch.nn.utils.clip_grad_norm_(group["params"], 5.0)
        optimiser.step()
        losses.append(shown)
    return float(np.mean(losses))


def score_all(model: DnPiqaMini, data: Dataset, rows: Iterable[int]) -> NDArray[np.float32]:
    """(rows,) scores in evaluation mode."""
    model.eval()
    chosen = np.array(list(rows), np.int64)
    scores = []
    with torch.inference_mode():
        for start in range(0, len(chosen), _SCORING_BATCH):
            views = tensors(data, chosen[start : start + _SCORING_BATCH])
            scores.append(model(views).scores[:, 0].numpy())
    return np.concatenate(scores)


def validate(model: DnPiqaMini, data: Dataset, rows: list[int]) -> tuple[float, float]:
    """Agreement on held-out scenes.

    Returns:
        Spearman's correlation within scene, mean over scenes; and the slope: label-JOD for one
        unit of score, by least squares on deviations from the scenes' means.
    """
    scores = score_all(model, data, rows).astype(float)
    labels = data.labels[rows].astype(float)
    scenes = [data.rows[row].scene for row in rows]
    agreement = within_scene(list(scores), list(labels), scenes=scenes)
    for scene in set(scenes):
        of_scene = np.array([name == scene for name in scenes])
        scores[of_scene] -= scores[of_scene].mean()
        labels[of_scene] -= labels[of_scene].mean()
    slope = float((scores * labels).sum() / max(float((scores * scores).sum()), 1e-12))
    return float(np.mean(list(agreement.values()))) if agreement else 0.0, slope


def tensors(data: Dataset, rows: Indices, *, flip: bool = False) -> dict[str, Tensor]:
    """Views of some rows as a batch; `flip` mirrors the pictures (statistics know no left)."""
    found = {}
    for name, array in data.views.items():
        chosen = torch.from_numpy(array[rows])
        found[name] = chosen.flip(3) if flip and name != "statistics" else chosen
    return found


def _spoken(model: DnPiqaMini, views: dict[str, Tensor]) -> Tensor:
    """(n, 5, 12): every head as if alone, then the whole model with its heads held fixed.

    So each head learns by itself, and the pictures learn what the mean of the heads misses.
    """
    heads, pictures = model.parts(views)
    whole = heads.detach().mean(dim=1) + pictures
    return torch.cat([heads, whole[:, None]], dim=1)


def _pair_loss(spoken: Tensor, labels: Tensor, *, groups: Tensor) -> tuple[Tensor, float]:
    """Fidelity on all pairs within groups: summed over the five, and the whole model's alone."""
    first, second = pairs_within(groups)
    wanted = preference(JOD_TO_SIGMA * (labels[first] - labels[second]))
    scores = score_of(spoken)
    gaps = JOD_TO_SIGMA * (scores[first] - scores[second])
    losses = torch.stack([fidelity(preference(gap), wanted) for gap in gaps.unbind(1)])
    return losses.sum(), float(losses[-1].detach())


def _cost_loss(spoken: Tensor, costs: Tensor, *, groups: Tensor) -> Tensor:
    """How far the faults' costs lie from the simulator's, within groups; 0 where nobody knows."""
    known = torch.isfinite(costs).all(dim=1)
    if not bool(known.any()):
        return spoken.new_zeros(())
    wanted = _centred(costs[known], groups[known])
    said = _centred(spoken[known][..., 1:], groups[known])
    errors = functional.smooth_l1_loss(said, wanted[:, None].expand_as(said), reduction="none")
    return errors.mean(dim=(0, 2)).sum()


def _centred(values: Tensor, groups: Tensor) -> Tensor:
    """Values minus the mean of their group, along the first axis."""
    names, index = torch.unique(groups, return_inverse=True)
    sums = values.new_zeros(len(names), *values.shape[1:]).index_add_(0, index, values)
    counts = torch.bincount(index).view(-1, *[1] * (values.dim() - 1))
    return values - (sums / counts)[index]


def _opinion_loss(spoken: Tensor, opinions: Dataset, drawn: Indices) -> Tensor:
    """Pairs of rated photographs: Phi(gap of opinions / joint deviation) is wanted."""
    scores = score_of(spoken)
    labels = torch.from_numpy(opinions.labels[drawn])
    deviations = torch.tensor([opinions.rows[row].deviation for row in drawn])
    first, second = pairs_within(torch.zeros(len(drawn), dtype=torch.int64))
    joint = torch.sqrt(deviations[first] ** 2 + deviations[second] ** 2).clamp(min=1e-3)
    wanted = preference((labels[first] - labels[second]) / joint)
    gaps = JOD_TO_SIGMA * (scores[first] - scores[second])
    return torch.stack([fidelity(preference(gap), wanted) for gap in gaps.unbind(1)]).sum()
