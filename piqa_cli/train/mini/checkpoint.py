"""Keeps a training run whole: every so many steps, everything that the next one depends on."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol

from piqa_cli.train.checkpoint_file import read_checkpoint, write_checkpoint


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
    """Progress of a run.

    Attributes:
        step: steps made.
        log: one line for every kept checkpoint: `step, loss, seconds`.
    """

    step: int = 0
    log: list[dict[str, float]] = field(default_factory=list)


def save_checkpoint(
    out: Path, parts: dict[str, Stateful], *, progress: Progress, identity: str
) -> None:
    """Writes the checkpoint whole; `identity` names the material and settings it belongs to.

    Raises:
        PiqaError: it can't be written.
    """
    states = {name: part.state_dict() for name, part in parts.items()}
    write_checkpoint(out, {"progress": asdict(progress), **states}, identity=identity)


def load_checkpoint(out: Path, parts: dict[str, Stateful], *, identity: str) -> Progress:
    """Puts all parts where an earlier run left them; a fresh start without a checkpoint.

    Raises:
        PiqaError: the checkpoint is damaged or belongs to other material or settings.
    """

    def take(content: dict[str, Any]) -> Progress:
        for name, part in parts.items():
            part.load_state_dict(content[name])
        return Progress(**content["progress"])

    return read_checkpoint(out, take, identity=identity) or Progress()
