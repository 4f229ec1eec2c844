"""Files that a model's authors published: renamed by a table of names, checked, as our tensors."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from piqa_cli.errors import PiqaError
from piqa_cli.models.spec import Checkpoint
from piqa_cli.models.tensors import Found, Shape, State, check_strictly, widened

Names = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """A layout of published files: what their tensors are called, and which network they are of.

    Attributes:
        what: the network, named in errors.
        network: makes it of its sizes; what its tensors are called is what ours are called.
        sizes: reads them off the tensors.
        names: beginnings of names in the file as regular expressions, and ours, one after the
            other applied to every name.
        left_out: regular expression of beginnings of names that no score hangs on.
    """

    what: str
    network: Callable[[dict[str, Any]], nn.Module]
    sizes: Callable[[Found], dict[str, Any]]
    names: Names = ()
    left_out: str | None = None

    def read(self, given: Checkpoint, *, prefix: str = "") -> tuple[State, dict[str, Any]]:
        """Renames and checks the tensors of one file.

        Args:
            given: what is in the file.
            prefix: before every name of the result.

        Returns:
            float32 tensors, and the sizes of their network.

        Raises:
            PiqaError: tensors are missing, unknown, misshapen or not finite.
        """
        kept = {name: tensor for name, tensor in given.state.items() if not self._skips(name)}
        state = {self._our_name(name): tensor for name, tensor in kept.items()}
        found = Found(state, given.file, self.what)
        if len(state) != len(kept):
            raise PiqaError(f"{given.file}: {self.what}: several tensors stand for one")
        sizes = self.sizes(found)
        check_strictly(state, self._expected(sizes, given.file), file=given.file, what=self.what)
        return widened(state, prefix=prefix), sizes

    def _skips(self, name: str) -> bool:
        return self.left_out is not None and re.match(self.left_out, name) is not None

    def _our_name(self, name: str) -> str:
        for theirs, ours in self.names:
            name = re.sub(f"^(?:{theirs})", ours, name)
        return name

    def _expected(self, sizes: dict[str, Any], file: Path) -> dict[str, Shape]:
        try:
            with torch.device("meta"):
                state = self.network(sizes).state_dict()
        except (RuntimeError, ValueError, ZeroDivisionError, AssertionError) as error:
            raise PiqaError(f"{file}: {self.what}: no network has its sizes: {error}") from None
        return {name: tuple(t.shape) for name, t in state.items() if not self._skips(name)}


def check_files(checkpoints: Sequence[Checkpoint], marks: Mapping[str, str], *, model: str) -> None:
    """Recognises swapped or foreign files by one tensor name each.

    Args:
        checkpoints: the files as they are given.
        marks: what each should be, and the name of a tensor that it alone has.
        model: its name, for the command that would be right.

    Raises:
        PiqaError: a file isn't what it was given as.
    """
    files = [str(given.file) for given in checkpoints]
    found = [[mark in given.state for mark in marks.values()] for given in checkpoints]
    if found == [[False, True], [True, False]]:
        (first, second), titles = files, list(marks)
        right = shlex.join(["piqa-cli", "weights", "import", model, second, first])
        raise PiqaError(f"{first} is {titles[1]} and {second} is {titles[0]}: swap them: `{right}`")
    for given, (title, mark) in zip(checkpoints, marks.items(), strict=True):
        if mark not in given.state:
            raise PiqaError(f"{given.file}: not {title}: lacks {mark}")
