"""Keeps a training run whole: every so many steps, everything that the next one depends on."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol

import torch

from piqa_cli.errors import PiqaError


class Stateful(Protocol):
    """A model, an optimiser or a schedule."""

    def state_dict(self) -> dict[str, Any]:
        """All that it needs to go on."""
        ...

    def load_state_dict(self, state: dict[str, Any]) -> object:
        """Goes on from such a state."""
        ...


@dataclass(slots=True)
class Progress:
    """How far a run is.

    Attributes:
        step: steps made.
        log: one line for every kept checkpoint: `step, loss, seconds`.
    """

    step: int = 0
    log: list[dict[str, float]] = field(default_factory=list)


def checkpoint_file(out: Path) -> Path:
    """Where a run keeps its checkpoint."""
    return out / "checkpoint.pt"


def save_checkpoint(
    out: Path, parts: dict[str, Stateful], *, progress: Progress, identity: str
) -> None:
    """Writes the checkpoint whole; `identity` names the material and settings it belongs to."""
    content = {
        "identity": identity,
        "progress": asdict(progress),
        **{name: part.state_dict() for name, part in parts.items()},
    }
    partial = out / f".checkpoint.{os.getpid()}.part"
    try:
        torch.save(content, partial)
        partial.replace(checkpoint_file(out))
    finally:
        partial.unlink(missing_ok=True)


def load_checkpoint(out: Path, parts: dict[str, Stateful], *, identity: str) -> Progress:
    """Puts all parts where an earlier run left them; a fresh start without a checkpoint.

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
            for name, part in parts.items():
                part.load_state_dict(content[name])
            return Progress(**content["progress"])
    except Exception as error:  # torch raises many kinds on a damaged file
        raise PiqaError(f"{file} is damaged: {remedy}") from error
    raise PiqaError(f"{file} belongs to other pictures or settings: {remedy}")
