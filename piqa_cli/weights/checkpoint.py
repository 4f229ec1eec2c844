"""Reads PyTorch checkpoints that others wrote, without running any code in them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from piqa_cli.errors import PiqaError

State = dict[str, Tensor]
Shape = tuple[int, ...]

_WRAPPERS = ("model_state_dict", "state_dict")


def read_checkpoint(file: Path) -> State:
    """The named tensors of a `.pth` or `.pt` file, out of their wrapper, without `module.`.

    Raises:
        PiqaError: the file is missing, damaged or holds something else.
    """
    try:
        content = torch.load(file, map_location="cpu", weights_only=True)
    except OSError as error:
        raise PiqaError(f"{file}: {error.strerror or error}") from None
    except Exception:  # torch.load has no error of its own: damaged files raise anything
        raise PiqaError(
            f"{file}: no PyTorch weights file, or a damaged one: "
            "compare its size with the original and fetch it again"
        ) from None
    return _named_tensors(content, file)


def _named_tensors(content: Any, file: Path) -> State:
    for wrapper in _WRAPPERS:
        if isinstance(content, Mapping) and isinstance(content.get(wrapper), Mapping):
            content = content[wrapper]
    if not isinstance(content, Mapping) or not content:
        raise PiqaError(f"{file}: holds a {type(content).__name__}, not named tensors")
    for name, tensor in content.items():
        if not isinstance(name, str) or not isinstance(tensor, Tensor):
            raise PiqaError(f"{file}: entry {name!r} is no named tensor")
    return {name.removeprefix("module."): tensor for name, tensor in content.items()}


def shape_of(state: Mapping[str, Tensor], name: str, *, file: Path, what: str) -> Shape:
    """The shape of a tensor from which a network's size is told.

    Raises:
        PiqaError: there is no such tensor.
    """
    if name not in state:
        raise PiqaError(f"{file}: {what}: lacks {name}")
    return tuple(state[name].shape)


def check_strictly(
    state: Mapping[str, Tensor], expected: Mapping[str, Shape], *, file: Path, what: str
) -> None:
    """Every expected tensor is there in its shape, is finite, and there is no other.

    Args:
        state: what was found.
        expected: shapes of the network's own tensors.
        file: named in errors.
        what: the network, named in errors.

    Raises:
        PiqaError: one of the differences, and how many there are of its kind.
    """
    missing = [name for name in expected if name not in state]
    unknown = [name for name in state if name not in expected]
    misshapen = [name for name in expected if name in state and state[name].shape != expected[name]]
    problems = {"lacks": missing, "has the unknown": unknown, "has another shape for": misshapen}
    for problem, names in problems.items():
        if names:
            more = f" and {len(names) - 1} more" if len(names) > 1 else ""
            raise PiqaError(f"{file}: {what}: {problem} {names[0]}{more}")
    for name, tensor in state.items():
        if not bool(torch.isfinite(tensor).all()):
            raise PiqaError(f"{file}: damaged: {what}: {name} holds NaN or infinity")


def widened(state: Mapping[str, Tensor], *, prefix: str = "") -> State:
    """Floats as contiguous float32 (half precision widens exactly), names with a prefix."""
    return {f"{prefix}{name}": tensor.float().contiguous() for name, tensor in state.items()}
