"""Keeps a training run whole: after each epoch, everything that the next one depends on."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

import torch

from piqa_cli.errors import PiqaError
from piqa_cli.models.mini import DnPiqaMini


@dataclass(slots=True)
class Progress:
    """How far a run is.

    Attributes:
        epoch: passes made.
        best_epoch, best_srcc, best_slope: of the best validation so far.
        log: one line an epoch: `epoch, loss, srcc, slope, seconds`.
    """

    epoch: int = 0
    best_epoch: int = 0
    best_srcc: float = -2.0
    best_slope: float = 1.0
    log: list[dict[str, float]] = field(default_factory=list)


def checkpoint_file(out: Path) -> Path:
    """Where a run keeps its checkpoint."""
    return out / "checkpoint.pt"


def save_checkpoint(
    out: Path,
    model: DnPiqaMini,
    *,
    optimiser: torch.optim.Optimizer,
    progress: Progress,
    identity: str,
) -> None:
    """Writes the checkpoint whole; `identity` names the material and settings it belongs to."""
    content = {
        "identity": identity,
        "model": model.state_dict(),
        "optimiser": optimiser.state_dict(),
        "progress": asdict(progress),
    }
    partial = out / f".checkpoint.{os.getpid()}.part"
    try:
        torch.save(content, partial)
        partial.replace(checkpoint_file(out))
    finally:
        partial.unlink(missing_ok=True)


def load_checkpoint(
    out: Path, model: DnPiqaMini, *, optimiser: torch.optim.Optimizer, identity: str
) -> Progress:
    """Puts model and optimiser where an earlier run left them; a fresh start without one.

    Raises:
        PiqaError: the checkpoint is damaged or belongs to other material or settings.
    """
    file = checkpoint_file(out)
    if not file.is_file():
        return Progress()
    remedy = "name another --out, or start afresh with --restart"
    try:
        content = torch.load(file, map_location="cpu", weights_only=True)
        same = content["identity"] == identity
        if same:
            model.load_state_dict(content["model"])
            optimiser.load_state_dict(content["optimiser"])
            return Progress(**content["progress"])
    except Exception as error:  # torch raises many kinds on a damaged file
        raise PiqaError(f"{file} is damaged: {remedy}") from error
    raise PiqaError(f"{file} belongs to other photographs or settings: {remedy}")
