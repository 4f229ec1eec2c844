"""The checkpoint of a training run: one file, written whole, of one set of choices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import torch

from piqa_cli.atomic import replacing
from piqa_cli.errors import PiqaError
from piqa_cli.weights.checkpoint import UnsafeFileError, load_untrusted

T = TypeVar("T")
_REMEDY = "name another --out, or start afresh with --restart"


def checkpoint_file(out: Path) -> Path:
    """Path of the checkpoint in a run's work folder."""
    return out / "checkpoint.pt"


def write_checkpoint(out: Path, content: Mapping[str, Any], *, identity: str) -> None:
    """Writes the checkpoint whole.

    Args:
        out: work folder of the run.
        content: tensors and plain values, as `torch.save` takes them.
        identity: names the material and settings that it belongs to.

    Raises:
        PiqaError: it can't be written.
    """
    try:
        with replacing(checkpoint_file(out)) as partial, partial.open("wb") as stream:
            torch.save({**content, "identity": identity}, stream)
    except (OSError, RuntimeError) as error:  # torch raises the latter on a full disk
        raise PiqaError(f"{checkpoint_file(out)} can't be written: {error}") from None


def read_checkpoint(out: Path, take: Callable[[dict[str, Any]], T], *, identity: str) -> T | None:
    """Reads the checkpoint of an earlier call of the same run.

    Args:
        out: work folder of the run.
        take: restores the state from the content; its result is returned.
        identity: the material and settings of this run.

    Returns:
        None without a checkpoint.

    Raises:
        PiqaError: the checkpoint is damaged or belongs to other material or settings.
        UnsafeFileError: it asks to run something.
    """
    file = checkpoint_file(out)
    if not file.is_file():
        return None
    try:
        content = load_untrusted(file)
        if content["identity"] == identity:
            return take(content)
    except UnsafeFileError:
        raise
    except Exception as error:  # other contents than ours raise many kinds
        raise PiqaError(f"{file} is damaged: {_REMEDY}") from error
    raise PiqaError(f"{file} belongs to other pictures or settings: {_REMEDY}")
