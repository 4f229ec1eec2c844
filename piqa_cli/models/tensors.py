"""Checks of named tensors that others published, before they become a model's weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from piqa_cli.errors import PiqaError

State = dict[str, Tensor]
Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The tensors of a published file, from whose shapes the sizes of a network follow.

    Attributes:
        state: tensors under our names.
        file: named in errors.
        what: the network, named in errors.
    """

    state: State
    file: Path
    what: str

    def shape(self, name: str, axes: int) -> Shape:
        """Shape of a tensor.

        Raises:
            PiqaError: there is no such tensor, or it has another number of axes.
        """
        if name not in self.state:
            raise PiqaError(f"{self.file}: {self.what}: lacks {name}")
        shape = tuple(self.state[name].shape)
        if len(shape) != axes:
            raise PiqaError(f"{self.file}: {self.what}: {name} has {len(shape)} axes, not {axes}")
        return shape

    def count(self, prefix: str) -> int:
        """Number of parts, such as layers, whose names begin with a prefix and a number."""
        rests = (name.removeprefix(prefix) for name in self.state if name.startswith(prefix))
        return len({rest.partition(".")[0] for rest in rests})


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
