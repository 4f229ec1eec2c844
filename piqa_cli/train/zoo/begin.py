"""Before the first step: material, network, prepared pictures, optimiser."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from piqa_cli.models.catalogue import spec_of
from piqa_cli.models.protocol import QualityModel
from piqa_cli.train.identity import identity_of
from piqa_cli.train.material import Material, Rated
from piqa_cli.train.precision import half_of
from piqa_cli.train.prepared import Preparation, prepare
from piqa_cli.train.team import Team
from piqa_cli.train.zoo.learner import Learner, new_learner
from piqa_cli.train.zoo.options import ZooSettings
from piqa_cli.train.zoo.recipes import published
from piqa_cli.train.zoo.start import start_network, teaching_of
from piqa_cli.train.zoo.steps import Lessons
from piqa_cli.train.zoo.teaching import Teaching
from piqa_cli.weights.store import Source

Show = Callable[[str], None]
_KEPT, _SCORED = "zoo-kept-1", "zoo-views-1"  # versions of what `prepared` holds


@dataclass(frozen=True, slots=True)
class Run:
    """Everything a run works with; only the learner changes.

    Attributes:
        settings, team, material: as given.
        teaching: the model's.
        classes: names of the training scenes, in the order of the scene head's classes.
        sources: the files that weights came from.
        lessons: what is learned from.
        validation: prepared views of the held-out pictures.
        learner: network and optimiser.
        identity: SHA-256 of all that the weights depend on.
        half: type of products under autocast; None: float32.
        quiet: show no bars.
    """

    settings: ZooSettings
    team: Team
    material: Material
    teaching: Teaching
    classes: tuple[str, ...]
    sources: tuple[Source, ...]
    lessons: Lessons
    validation: list[Path]
    learner: Learner
    identity: str
    half: torch.dtype | None
    quiet: bool

    def views(self, rated: Sequence[Rated]) -> list[Path]:
        """Prepared views of pictures, as `rank` cuts them; made where missing."""
        return _views(
            self.settings, self.team, self.teaching, self.learner.model, rated, self.quiet
        )


def begin(settings: ZooSettings, material: Material, team: Team, *, quiet: bool, show: Show) -> Run:
    """Builds the network and prepares the pictures.

    Raises:
        PiqaError: the backbone's file or a picture is unusable.
    """
    half = half_of(settings.precision, team.device)
    classes = tuple(sorted({rated.capture.scene for rated in material.training}))
    teaching = teaching_of(settings, len(classes))
    model, sources = start_network(teaching, settings)
    _show_start(settings, material, classes, show)
    learner = new_learner(
        model.to(team.device),
        settings.recipe,
        backbone=teaching.backbone,
        device=team.device,
        half=half,
    )
    files = _kept(settings, team, teaching, material.training, quiet)
    validation = _views(settings, team, teaching, model, material.validation, quiet)
    lessons = Lessons(
        teaching=teaching,
        recipe=settings.recipe,
        files=files,
        scenes=[rated.capture.scene for rated in material.training],
        classes=np.array([classes.index(r.capture.scene) for r in material.training], np.int64),
        jods=_within_scene(material.training),
        seed=settings.seed,
        part=settings.part,
    )
    identity = identity_of(
        [settings.model, settings.seed, settings.part, settings.recipe.key(), dict(teaching.sizes)],
        material,
        prepared=[*files, *validation],
        sources=sources,
        half=half,
    )
    return Run(
        settings, team, material, teaching, classes, sources, lessons, validation, learner,
        identity, half, quiet,
    )  # fmt: skip


def _show_start(
    settings: ZooSettings, material: Material, classes: Sequence[str], show: Show
) -> None:
    show(
        f"{len(material.training)} pictures in {len(classes)} scenes to learn from, "
        f"{len(material.validation)} of the training set held out to choose the epoch, "
        f"{len(material.test)} in the test set"
    )
    if settings.backbone is None:
        show(
            "WARNING: RANDOM START: the backbone learned nothing before, and seldom will from a "
            f"few thousand pictures: name --backbone FILE, {published(settings.model).backbone}"
        )


def _within_scene(rated: Sequence[Rated]) -> NDArray[np.float32]:
    """JODs less the mean of their scene.

    Those of PIQ23 have a mean of 0 in every scene already; a lab's own have any zero, which would
    otherwise be learned as a property of the scene.
    """
    scenes: dict[str, list[float]] = {}
    for item in rated:
        scenes.setdefault(item.capture.scene, []).append(item.jod)
    means = {scene: float(np.mean(jods)) for scene, jods in scenes.items()}
    return np.array([item.jod - means[item.capture.scene] for item in rated], np.float32)


def _kept(
    settings: ZooSettings, team: Team, teaching: Teaching, rated: Sequence[Rated], quiet: bool
) -> list[Path]:
    return _prepare(settings, team, teaching, rated, teaching.kept, _KEPT, quiet)


def _views(
    settings: ZooSettings,
    team: Team,
    teaching: Teaching,
    model: nn.Module,
    rated: Sequence[Rated],
    quiet: bool,
) -> list[Path]:
    cutter: QualityModel = model  # type: ignore[assignment]
    return _prepare(settings, team, teaching, rated, cutter.views, _SCORED, quiet)


def _prepare(
    settings: ZooSettings,
    team: Team,
    teaching: Teaching,
    rated: Sequence[Rated],
    make: Callable[..., dict[str, NDArray[np.generic]]],
    version: str,
    quiet: bool,
) -> list[Path]:
    spec = spec_of(settings.model)
    return prepare(
        [item.capture for item in rated],
        settings.out / "prepared",
        Preparation(
            make,
            (version, spec.preprocessing, json.dumps(teaching.sizes, sort_keys=True)),
            spec.needs_face,
            spec.min_side_px,
        ),
        face_rule=settings.face_rule,
        team=team,
        quiet=quiet,
    )
