"""Keeps a run whole between steps: everything that the next one depends on."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch

from piqa_cli.errors import PiqaError
from piqa_cli.models.dn_piqa.network import DnPiqa

TRAINED = ("full", "face", "quality")


@dataclass(slots=True)
class Progress:
    """How far a run is.

    Attributes:
        epoch: whole passes made.
        step: steps made in the pass after those.
        loss_sum: of those steps' losses, each times its pairs.
        seconds: those steps took.
        best_epoch, best_srcc: of the best validation so far.
        log: one line for each whole pass.
    """

    epoch: int = 0
    step: int = 0
    loss_sum: float = 0.0
    seconds: float = 0.0
    best_epoch: int = 0
    best_srcc: float = -2.0
    log: list[dict[str, float]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Learner:
    """What changes with every step."""

    model: DnPiqa
    optimiser: torch.optim.Optimizer
    scaler: torch.amp.GradScaler


def checkpoint_file(out: Path) -> Path:
    """Where a run keeps its checkpoint."""
    return out / "checkpoint.pt"


def save_checkpoint(out: Path, learner: Learner, *, progress: Progress, identity: str) -> None:
    """Writes the checkpoint whole; `identity` names the material and settings it belongs to.

    Raises:
        PiqaError: it can't be written.
    """
    content = {
        "identity": identity,
        "model": _trained(learner.model),
        "optimiser": learner.optimiser.state_dict(),
        "scaler": learner.scaler.state_dict(),
        "progress": asdict(progress),
    }
    partial = out / f".checkpoint.{os.getpid()}.part"
    try:
        torch.save(content, partial)
        partial.replace(checkpoint_file(out))
    except (OSError, RuntimeError) as error:  # torch raises the latter on a full disk
        raise PiqaError(f"{checkpoint_file(out)} can't be written: {error}") from None
    finally:
        partial.unlink(missing_ok=True)


def load_checkpoint(out: Path, learner: Learner, *, identity: str) -> Progress:
    """Puts the learner where an earlier run left it; a fresh start without a checkpoint.

    Raises:
        PiqaError: the checkpoint is damaged or belongs to other material or settings.
    """
    file = checkpoint_file(out)
    if not file.is_file():
        return Progress()
    remedy = "name another --out, or start afresh with --restart"
    try:
        content = torch.load(file, map_location="cpu", weights_only=True)
        if content["identity"] == identity:
            learner.model.load_state_dict({**learner.model.state_dict(), **content["model"]})
            learner.optimiser.load_state_dict(content["optimiser"])
            if content["scaler"]:
                learner.scaler.load_state_dict(content["scaler"])
            return Progress(**content["progress"])
    except Exception as error:  # torch raises many kinds on a damaged file
        raise PiqaError(f"{file} is damaged: {remedy}") from error
    raise PiqaError(f"{file} belongs to other pictures or settings: {remedy}")


def _trained(model: DnPiqa) -> dict[str, Any]:
    """LIQE is frozen and left out: it comes from where it came from."""
    return {
        name: tensor
        for name, tensor in model.state_dict().items()
        if name.partition(".")[0] in TRAINED
    }
