"""One pass over the captures: views, answers, loss, summed gradients, one step of the optimiser."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from piqa_cli.errors import PiqaError
from piqa_cli.models.view_types import Views
from piqa_cli.train.ahead import one_ahead
from piqa_cli.train.array_file import read_arrays
from piqa_cli.train.progress import Progress
from piqa_cli.train.zoo.batches import Group, draw_batches
from piqa_cli.train.zoo.learner import Learner
from piqa_cli.train.zoo.objective import loss_of
from piqa_cli.train.zoo.recipe import TrainRecipe
from piqa_cli.train.zoo.schedule import rates_at
from piqa_cli.train.zoo.teaching import Teaching


@dataclass(frozen=True, slots=True)
class Lessons:
    """The training set, and how a step takes from it.

    Attributes:
        teaching: the model's.
        recipe: the numbers.
        files: prepared pictures.
        scenes: name of every picture's scene.
        classes: (pictures,) int64, places of the scenes in the list of classes.
        jods: (pictures,) float32, relative to the mean of their scene.
        seed: of everything random.
        part: groups at once; None: all of a batch.
    """

    teaching: Teaching
    recipe: TrainRecipe
    files: Sequence[Path]
    scenes: Sequence[str]
    classes: NDArray[np.int64]
    jods: NDArray[np.float32]
    seed: int
    part: int | None


@dataclass(frozen=True, slots=True)
class _Part:
    """Groups of a batch that are computed at once.

    Attributes:
        first: place of its first group in the epoch.
        groups: rows of captures.
        share: of the batch, by groups.
    """

    first: int
    groups: Sequence[Group]
    share: float


def batches_of(lessons: Lessons, epoch: int) -> list[list[Group]]:
    """See `draw_batches`."""
    return draw_batches(lessons.scenes, lessons.recipe, seed=lessons.seed, epoch=epoch)


def train_epoch(
    learner: Learner,
    lessons: Lessons,
    progress: Progress,
    *,
    device: torch.device,
    half: torch.dtype | None,
    after_step: Callable[[], None],
) -> float:
    """Makes the steps that are left in the next epoch by `progress`.

    Args:
        learner: changed in place.
        lessons: what is learned from.
        progress: counted on, step by step.
        device: processor.
        half: type of the large products under autocast; None: float32.
        after_step: called after each step.

    Returns:
        The mean loss of the whole epoch, over groups.

    Raises:
        PiqaError: the loss is no number any more.
    """
    epoch, recipe = progress.epoch + 1, lessons.recipe
    batches = batches_of(lessons, epoch)
    starts = np.cumsum([0, *(len(batch) for batch in batches)]).tolist()
    todo = [
        (step, _parts(batch, starts[step], lessons.part))
        for step, batch in enumerate(batches)
        if step >= progress.step
    ]
    views = one_ahead(
        lambda part: _views(lessons, part, epoch), [part for _, parts in todo for part in parts]
    )
    learner.model.train()
    for step, parts in todo:
        began = time.perf_counter()
        rates = rates_at(recipe, progress.epoch + step / len(batches))
        for group, rate in zip(learner.optimiser.param_groups, rates, strict=True):
            group["lr"] = rate
        learner.optimiser.zero_grad(set_to_none=True)
        mean = 0.0
        for part in parts:
            torch.manual_seed(_dropout_seed(lessons.seed, epoch, part.first))
            rng = np.random.default_rng((lessons.seed, 15, epoch, step))
            loss = part.share * _loss(learner, lessons, part, next(views), rng, device, half)
            learner.scaler.scale(loss).backward()  # type: ignore[no-untyped-call]
            mean += float(loss.detach())
        if not np.isfinite(mean):
            raise PiqaError(
                f"epoch {epoch}: the loss is no number any more: lower head_rate and "
                "backbone_rate, or use --precision fp32; the checkpoint is from before"
            )
        learner.scaler.step(learner.optimiser)
        learner.scaler.update()
        learner.follow(recipe.average)
        progress.step += 1
        progress.loss_sum += mean * len(batches[step])
        progress.seconds += time.perf_counter() - began
        after_step()
    return progress.loss_sum / starts[-1]


def _parts(batch: Sequence[Group], start: int, part: int | None) -> list[_Part]:
    size = part or len(batch)
    pieces = [(at, batch[at : at + size]) for at in range(0, len(batch), size)]
    return [_Part(start + at, groups, len(groups) / len(batch)) for at, groups in pieces]


def _views(lessons: Lessons, part: _Part, epoch: int) -> Views:
    """Views of a part's captures, group by group; every draw has a generator of its own."""
    cut = []
    for place, group in enumerate(part.groups, start=part.first):
        for nth, row in enumerate(group):
            rng = np.random.default_rng((lessons.seed, 13, epoch, place, nth))
            cut.append(lessons.teaching.draw(read_arrays(lessons.files[row], ()), rng))
    return {name: np.stack([views[name] for views in cut]) for name in cut[0]}


def _dropout_seed(seed: int, epoch: int, first: int) -> int:
    state = np.random.SeedSequence((seed, 14, epoch, first)).generate_state(1, np.uint64)
    return int(state[0] >> np.uint64(1))  # torch takes 63 bits


def _loss(
    learner: Learner,
    lessons: Lessons,
    part: _Part,
    views: Views,
    rng: np.random.Generator,
    device: torch.device,
    half: torch.dtype | None,
) -> torch.Tensor:
    rows = [row for group in part.groups for row in group]
    tensors = {name: torch.from_numpy(array).to(device) for name, array in views.items()}
    scenes = torch.from_numpy(lessons.classes[rows]).to(device)
    jods = torch.from_numpy(lessons.jods[rows]).to(device)
    with torch.autocast(device.type, dtype=half, enabled=half is not None):
        answer = lessons.teaching.answer(learner.model, tensors, scenes, rng)
    return loss_of(answer, jods, scenes, lessons.recipe, groups=[len(g) for g in part.groups])
