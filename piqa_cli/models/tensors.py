"""Checks of named tensors that others published, before they become a model's weights."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

from piqa_cli.errors import PiqaError

State = dict[str, Tensor]
Shape = tuple[int, ...]


def shape_of(state: Mapping[str, Tensor], name: str, *, file: Path, what: str) -> Shape:
    """Shape of a tensor, from which the size of a network follows.

    Raises:
        PiqaError: there is no such tensor.
    """
    if name not in state:
        raise PiqaError(f"{file}: {what}: lacks {name}")
    return tuple(state[name].shape)


def check_strictly(
    state: Mapping[str, Tensor], expected: Mapping[str, Shape], *, file: Path, what: str
) -> None:
    """Checks that every expected tensor is there in its shape, is finite, and there is no other.

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
