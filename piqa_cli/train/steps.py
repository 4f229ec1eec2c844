"""One epoch of training and one of validation; the model, data and optimiser are the caller's."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from piqa_cli.models.mini import HEADS, DnPiqaMini
from piqa_cli.train.dataset import Dataset
from piqa_cli.train.fidelity import JOD_TO_SIGMA, fidelity, pairs_within, preference
from piqa_cli.train.groups import Indices
from piqa_cli.train.measures import within_scene

_OPINION_SHARE = 0.25  # of a batch's captures, as many rated photographs come on top
_OPINION_WEIGHT = 0.3
_SCORING_BATCH = 128


def train_epoch(
    model: DnPiqaMini,
    optimiser: torch.optim.Optimizer,
    captures: Dataset,
    *,
    batches: Iterable[tuple[Indices, Indices]],
    opinions: Dataset | None,
    rng: np.random.Generator,
) -> float:
    """One pass over the batches.

    Returns:
        The mean fidelity loss of whole scores on captures.
    """
    model.train()
    losses = []
    for rows, groups in batches:
        flip = bool(rng.integers(2))
        parts = model.parts(tensors(captures, rows, flip=flip))
        labels = torch.from_numpy(captures.labels[rows])
        loss, shown = _capture_loss(parts, labels, torch.from_numpy(groups))
        if opinions is not None:
            count = min(len(opinions.rows), max(2, round(len(rows) * _OPINION_SHARE)))
            drawn = rng.choice(len(opinions.rows), count, replace=False)
            loss = loss + _OPINION_WEIGHT * _opinion_loss(model, opinions, drawn, flip=flip)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
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


def _capture_loss(parts: Tensor, labels: Tensor, groups: Tensor) -> tuple[Tensor, float]:
    """Every head learns as if alone; the pictures learn what the mean of the heads misses."""
    first, second = pairs_within(groups)
    wanted = preference(JOD_TO_SIGMA * (labels[first] - labels[second]))
    scores = _all_scores(parts)
    gaps = JOD_TO_SIGMA * (scores[first] - scores[second])
    losses = torch.stack([fidelity(preference(gap), wanted) for gap in gaps.unbind(1)])
    return losses.sum(), float(losses[-1].detach())


def _opinion_loss(model: DnPiqaMini, opinions: Dataset, drawn: Indices, *, flip: bool) -> Tensor:
    """Pairs of rated photographs: Phi(gap of opinions / joint deviation) is wanted."""
    scores = _all_scores(model.parts(tensors(opinions, drawn, flip=flip)))
    labels = torch.from_numpy(opinions.labels[drawn])
    deviations = torch.tensor([opinions.rows[row].deviation for row in drawn])
    first, second = pairs_within(torch.zeros(len(drawn), dtype=torch.int64))
    joint = torch.sqrt(deviations[first] ** 2 + deviations[second] ** 2).clamp(min=1e-3)
    wanted = preference((labels[first] - labels[second]) / joint)
    gaps = JOD_TO_SIGMA * (scores[first] - scores[second])
    return torch.stack([fidelity(preference(gap), wanted) for gap in gaps.unbind(1)]).sum()


def _all_scores(parts: Tensor) -> Tensor:
    """(n, heads + 1): each head's score, then the whole score with the heads held fixed."""
    heads, pictures = parts[:, :HEADS], parts[:, HEADS:]
    return torch.cat([heads, heads.detach().mean(dim=1, keepdim=True) + pictures], dim=1)
