"""The record of a model: all that the rest of the program needs to use it (no torch here)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from piqa_cli.columns import Column
from piqa_cli.records import ModelSpec

if TYPE_CHECKING:
    from torch import Tensor

    from piqa_cli.models.protocol import QualityModel


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Content of one file of a model's authors.

    Attributes:
        file: path, for error messages only.
        state: named tensors in it.
    """

    file: Path
    state: dict[str, Tensor]


class Build(Protocol):
    """Builds a network, in evaluation mode, from the tensors and metadata of its weights file."""

    def __call__(self, state: dict[str, Tensor], metadata: dict[str, str], /) -> QualityModel:
        """Raises RuntimeError where tensors are missing, unknown or of another shape."""


class Convert(Protocol):
    """Checks the authors' files and makes the tensors and metadata of our weights file."""

    def __call__(
        self, checkpoints: Sequence[Checkpoint], /
    ) -> tuple[dict[str, Tensor], Mapping[str, str]]:
        """Raises PiqaError where a file isn't what it should be."""


@dataclass(frozen=True, slots=True)
class AuthorsFiles:
    """Weights that can't be redistributed: everyone imports their own copy.

    Attributes:
        names: what the authors call their files, in the order in which they are given.
        page: the authors' instructions for getting them.
        convert: makes our weights file of them.
    """

    names: tuple[str, ...]
    page: str
    convert: Convert


@dataclass(frozen=True, slots=True)
class TrainedHere:
    """Weights that nobody publishes: a lab trains its own.

    Attributes:
        command: the command that makes them.
    """

    command: str


@dataclass(frozen=True, slots=True)
class Costs:
    """Size of a network as its authors state it, or as their own code has it.

    Attributes:
        parameters_m: parameters, millions; None: not published.
        gmac: multiply-accumulates of one photograph with all its views, in 10^9; None: likewise.
        note: the cause, where ours differ by more than 1 %; else empty.
    """

    parameters_m: float | None
    gmac: float | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Model:
    """A model.

    Attributes:
        spec: facts about it, as run.json and `models --json` hold them.
        build: builds its network; imports torch only when called.
        explanations: columns of captures.parquet that its `explain` fills.
        authors_files: files to import its weights from; None: there are none to import.
        trained_here: how a lab trains weights that nobody publishes.
        full_size: builds the published network without weights, for `models --costs`; imports torch
            only when called, and works on torch's `meta` device.
        published: costs that the authors state.
        weights_folder: folder in which a package carries the weights of its own model, with their
            sidecar; None: weights lie where piqa-cli keeps them.
        small: True if one photograph takes one processor less than about 0.25 s: on a CPU the
            processes that read the photographs score them as well, each by a network of its own.
            `build` must then be a function of a module that these processes can import.
    """

    spec: ModelSpec
    build: Build
    explanations: tuple[Column, ...] = ()
    authors_files: AuthorsFiles | None = None
    trained_here: TrainedHere | None = None
    full_size: Callable[[], QualityModel] | None = None
    published: Costs | None = None
    weights_folder: Path | None = None
    small: bool = False
