"""Before the first step: material, network, prepared pictures, pairs, optimiser."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from piqa_cli.train.dn_piqa.checkpoint import Learner
from piqa_cli.train.dn_piqa.options import DnPiqaSettings
from piqa_cli.train.dn_piqa.pairs import draw_pairs
from piqa_cli.train.dn_piqa.prepared import prepare
from piqa_cli.train.dn_piqa.start import Start, start_network
from piqa_cli.train.dn_piqa.steps import Lessons, trained_parameters
from piqa_cli.train.identity import identity_of
from piqa_cli.train.material import Material, Rated
from piqa_cli.train.precision import half_of
from piqa_cli.train.team import Team

Show = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Run:
    """Everything a run works with; only the learner changes.

    Attributes:
        settings, team, start, material: as given.
        lessons: what is learned from.
        validation: prepared files of the held-out pictures.
        learner: network, optimiser and scaler.
        identity: SHA-256 of all that the weights depend on, except how many epochs there are
            and which processors share the work.
        half: type of products under autocast; None: float32.
        quiet: show no bars.
    """

    settings: DnPiqaSettings
    team: Team
    start: Start
    material: Material
    lessons: Lessons
    validation: list[Path]
    learner: Learner
    identity: str
    half: torch.dtype | None
    quiet: bool

    def prepared(self, rated: tuple[Rated, ...]) -> list[Path]:
        """The prepared files of pictures, made where missing."""
        return _prepare(self.settings, self.team, self.start, rated, quiet=self.quiet)


def begin(
    settings: DnPiqaSettings, material: Material, team: Team, *, quiet: bool, show: Show
) -> Run:
    """Builds the network, prepares the pictures and draws the pairs.

    Raises:
        PiqaError: start weights or a picture are unusable.
    """
    half = half_of(settings.precision, team.device)
    start = start_network(settings)
    _show_start(start, material, show)
    model = start.model.to(team.device)
    for parameter in model.liqe.parameters():
        parameter.requires_grad_(False)
    if settings.gradient_checkpointing:
        for swin in (model.full, model.face):
            switch: Any = swin.set_grad_checkpointing
            switch(True)
    training = _prepare(settings, team, start, material.training, quiet=quiet)
    lessons = Lessons(
        training,
        np.array([rated.jod for rated in material.training], np.float32),
        draw_pairs([rated.capture.scene for rated in material.training], settings.seed),
    )
    optimiser = torch.optim.Adam(  # not AdamW: the decay is part of the gradient
        trained_parameters(model), settings.learning_rate, weight_decay=settings.weight_decay
    )
    scaler = torch.amp.GradScaler(team.device.type, enabled=half == torch.float16)
    validation = _prepare(settings, team, start, material.validation, quiet=quiet)
    choices = (settings.seed, settings.batch, settings.learning_rate, settings.weight_decay)
    identity = identity_of(
        [*choices, settings.start],
        material,
        prepared=[*training, *validation],
        sources=start.sources,
        half=half,
    )
    learner = Learner(model, optimiser, scaler)
    return Run(settings, team, start, material, lessons, validation, learner, identity, half, quiet)


def _prepare(
    settings: DnPiqaSettings, team: Team, start: Start, rated: tuple[Rated, ...], *, quiet: bool
) -> list[Path]:
    state = start.model.liqe.state_dict()
    digest = hashlib.sha256()
    for name in sorted(state):
        digest.update(name.encode() + state[name].detach().cpu().contiguous().numpy().tobytes())
    return prepare(
        [item.capture for item in rated],
        settings.out / "prepared",
        start.model,
        liqe_sha256=digest.hexdigest(),
        face_rule=settings.face_rule,
        team=team,
        quiet=quiet,
    )


def _show_start(start: Start, material: Material, show: Show) -> None:
    scenes = {rated.capture.scene for rated in material.training}
    show(
        f"{len(material.training)} pictures in {len(scenes)} scenes to learn from, "
        f"{len(material.validation)} of the training set held out to choose the epoch, "
        f"{len(material.test)} in the test set"
    )
    names = {"full": "the photo's Swin transformer", "face": "the face's Swin transformer"}
    branches = [names[part] for part in start.fresh if part in names]
    if branches:
        show(
            f"WARNING: RANDOM START: {' and '.join(branches)} learned nothing before. Millions of "
            "weights seldom learn from a few thousand pictures: name --start imported, or "
            "--start-full FILE and --start-face FILE"
        )
