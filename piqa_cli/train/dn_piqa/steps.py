"""One pass over the pairs: crops, scores, fidelity loss, summed gradients, Adam."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from piqa_cli.errors import PiqaError
from piqa_cli.models.dn_piqa.network import DnPiqa
from piqa_cli.models.precision import full_precision
from piqa_cli.train.ahead import one_ahead
from piqa_cli.train.dn_piqa.checkpoint import TRAINED, Learner
from piqa_cli.train.dn_piqa.options import DnPiqaSettings
from piqa_cli.train.dn_piqa.pairs import (
    Pairs,
    crop_rng,
    dropout_seed,
    epoch_order,
    learning_rate,
    random_crop,
)
from piqa_cli.train.dn_piqa.prepared import load_prepared
from piqa_cli.train.fidelity import fidelity, preference
from piqa_cli.train.progress import Progress
from piqa_cli.train.team import Team

Views = tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.float32]]
"""Full crops (n, 384, 384, 3), face crops of the same shape, LIQE's logits (n, prompts)."""


@dataclass(frozen=True, slots=True)
class Lessons:
    """Pictures and pairs of the training set.

    Attributes:
        files: prepared pictures.
        jods: (pictures,) float32.
        pairs: rows of those.
    """

    files: Sequence[Path]
    jods: NDArray[np.float32]
    pairs: Pairs


@dataclass(frozen=True, slots=True)
class _Part:
    """Slice of a batch that one process computes at once.

    Attributes:
        first: place of its first pair in the epoch; dropout is seeded by it, so that it doesn't
            matter how many processes share a batch.
        rows: (pairs, 2) pictures.
        share: of the batch.
    """

    first: int
    rows: Pairs
    share: float


def trained_parameters(model: DnPiqa) -> list[nn.Parameter]:
    """Both Swin transformers and the MLP; LIQE stays as it is."""
    return [p for name, p in model.named_parameters() if name.partition(".")[0] in TRAINED]


def set_mode(model: DnPiqa, *, training: bool) -> None:
    """Switches dropout and stochastic depth of what is trained."""
    model.eval()
    for part in (model.full, model.face, model.quality):
        part.train(training)


def scores_of(model: DnPiqa, full: Tensor, face: Tensor, liqe: Tensor) -> Tensor:
    """(n,) scores of n crops: uint8 (n, 384, 384, 3) twice and LIQE's logits (n, prompts)."""
    branches = (
        model.full(model.normalize(full)).float(),
        model.face(model.normalize(face)).float(),
    )
    with full_precision(liqe):
        scores: Tensor = model.quality(torch.cat((*branches, liqe), dim=-1)).squeeze(-1)
        return scores


def train_epoch(
    learner: Learner,
    lessons: Lessons,
    progress: Progress,
    *,
    settings: DnPiqaSettings,
    team: Team,
    half: torch.dtype | None,
    after_step: Callable[[bool], None],
    stopping: Callable[[], bool],
) -> float:
    """Makes the steps that are left in the next epoch by `progress`.

    Args:
        learner: changed in place.
        lessons: pictures and pairs.
        progress: counted on, step by step.
        settings: the recipe.
        team: the processes that share the batches.
        half: type of the Swin transformers' products under autocast; None: float32.
        after_step: called after each step, with True if any process was asked to stop.
        stopping: whether this one was.

    Returns:
        The mean loss of the whole epoch.

    Raises:
        PiqaError: the loss is no number any more.
    """
    epoch = progress.epoch + 1
    for group in learner.optimiser.param_groups:
        group["lr"] = learning_rate(settings.learning_rate, epoch)
    set_mode(learner.model, training=True)
    parameters = trained_parameters(learner.model)
    order = epoch_order(len(lessons.pairs), seed=settings.seed, epoch=epoch)
    starts = range(progress.step * settings.batch, len(order), settings.batch)
    batches = [_parts(lessons, order, start, settings=settings, team=team) for start in starts]
    views = one_ahead(
        lambda part: _views(lessons, part, settings.seed, epoch),
        [part for batch in batches for part in batch],
    )
    for start, parts in zip(starts, batches, strict=True):
        began = time.perf_counter()
        learner.optimiser.zero_grad(set_to_none=True)
        sums = torch.zeros(2, device=team.device)  # loss; number of processes that shall stop
        for part in parts:
            torch.manual_seed(dropout_seed(seed=settings.seed, epoch=epoch, first=part.first))
            loss = part.share * _loss(
                learner.model, next(views), lessons.jods[part.rows], team=team, half=half
            )
            learner.scaler.scale(loss).backward()  # type: ignore[no-untyped-call]
            sums[0] += loss.detach()
        sums[1] = float(stopping())
        mean, stop = team.add(sums).tolist()
        if not np.isfinite(mean):
            raise PiqaError(
                f"epoch {epoch}: the loss is no number any more: lower --learning-rate or use "
                "--precision fp32; the checkpoint is from before"
            )
        team.add_gradients(parameters)
        learner.scaler.step(learner.optimiser)
        learner.scaler.update()
        progress.step += 1
        progress.loss_sum += mean * min(settings.batch, len(order) - start)
        progress.seconds += time.perf_counter() - began
        after_step(stop > 0)
    return progress.loss_sum / len(order)


def _parts(
    lessons: Lessons,
    order: NDArray[np.int64],
    start: int,
    *,
    settings: DnPiqaSettings,
    team: Team,
) -> list[_Part]:
    """This process's parts of the batch that begins at a place of the epoch."""
    batch = order[start : start + settings.batch]
    size = settings.part or -(-settings.batch // team.size)
    pieces = [(at, batch[at : at + size]) for at in range(0, len(batch), size)]
    return [
        _Part(start + at, lessons.pairs[rows], len(rows) / len(batch))
        for at, rows in pieces[team.rank :: team.size]
    ]


def _views(lessons: Lessons, part: _Part, seed: int, epoch: int) -> Views:
    """Crops of the first picture of every pair, then of the second of every pair."""
    cut: list[list[Views]] = [[], []]
    for place, rows in enumerate(part.rows, start=part.first):
        rng = crop_rng(seed=seed, epoch=epoch, pair=place)
        for side, row in enumerate(rows):
            picture = load_prepared(lessons.files[row])
            crops = (random_crop(picture.full, rng), random_crop(picture.face, rng))
            cut[side].append((*crops, picture.liqe))
    full, face, liqe = zip(*cut[0], *cut[1], strict=True)
    return np.stack(full), np.stack(face), np.stack(liqe)


def _loss(
    model: DnPiqa,
    views: Views,
    jods: NDArray[np.float32],
    *,
    team: Team,
    half: torch.dtype | None,
) -> Tensor:
    """Mean fidelity loss of some pairs: p = Phi(JOD difference), p^ = Phi(score difference)."""
    tensors = [torch.from_numpy(array).to(team.device) for array in views]
    with torch.autocast(team.device.type, dtype=half, enabled=half is not None):
        first, second = scores_of(model, *tensors).float().chunk(2)
    truth = torch.from_numpy(jods).to(team.device)
    return fidelity(preference(first - second), preference(truth[:, 0] - truth[:, 1]))
