"""Keeps a run whole between steps: everything that the next one depends on."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

from piqa_cli.models.dn_piqa.network import DnPiqa
from piqa_cli.train.checkpoint_file import read_checkpoint, write_checkpoint
from piqa_cli.train.progress import Progress

TRAINED = ("full", "face", "quality")


@dataclass(frozen=True, slots=True)
class Learner:
    """Objects that change with every step."""

    model: DnPiqa
    optimiser: torch.optim.Optimizer
    scaler: torch.amp.GradScaler


def save_checkpoint(out: Path, learner: Learner, *, progress: Progress, identity: str) -> None:
    """Writes the checkpoint whole; `identity` names the material and settings it belongs to.

    Raises:
        PiqaError: it can't be written.
    """
    content = {
        "model": _trained(learner.model),
        "optimiser": learner.optimiser.state_dict(),
        "scaler": learner.scaler.state_dict(),
        "progress": asdict(progress),
    }
    write_checkpoint(out, content, identity=identity)


def load_checkpoint(out: Path, learner: Learner, *, identity: str) -> Progress:
    """Puts the learner where an earlier run left it; a fresh start without a checkpoint.

    Raises:
        PiqaError: the checkpoint is damaged or belongs to other material or settings.
    """

    def take(content: dict[str, Any]) -> Progress:
        learner.model.load_state_dict({**learner.model.state_dict(), **content["model"]})
        learner.optimiser.load_state_dict(content["optimiser"])
        if content["scaler"]:
            learner.scaler.load_state_dict(content["scaler"])
        return Progress(**content["progress"])

    return read_checkpoint(out, take, identity=identity) or Progress()


def _trained(model: DnPiqa) -> dict[str, Any]:
    """LIQE is frozen and left out: it comes from where it came from."""
    return {
        name: tensor
        for name, tensor in model.state_dict().items()
        if name.partition(".")[0] in TRAINED
    }
