"""The recipe of a training: every number that decides its steps (no torch here)."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, get_args, get_type_hints

from piqa_cli.errors import PiqaError

Optimiser = Literal["adam", "adamw"]
Schedule = Literal["constant", "step", "cosine"]
QualityLoss = Literal["l1", "mse", "huber", "scale-shift-invariant", "fidelity", "plcc"]
COMPARING = frozenset({"scale-shift-invariant", "fidelity", "plcc"})
"""Losses that compare captures, and need two of a scene at least."""


@dataclass(frozen=True, slots=True)
class TrainRecipe:
    """Numbers and names of losses that a model is trained by.

    Attributes:
        optimiser: adam adds the decay to the gradient, adamw takes it off the weights.
        backbone_rate: learning rate of what starts from the backbone file.
        head_rate: of all else.
        weight_decay: of both.
        epochs: passes over the training set, at most.
        scenes: groups in a batch; a group is captures of one scene.
        captures: captures in a group.
        repeats: crops of every capture in one epoch.
        quality: loss between scores and JODs.
        huber_delta: JOD up to which the Huber loss is a square.
        scene_weight: of the cross-entropy on scenes; the quality loss has weight 1.
        rank_weight: of the pairwise ranking loss.
        schedule: constant; step: times `decay` every `decay_epochs`; cosine: falls within every
            `cycle_epochs`, or within all epochs where that is 0, to the share `floor`.
        decay, decay_epochs, cycle_epochs, floor: see `schedule`.
        warmup_epochs: the rate rises to its full value in so many epochs ...
        warmup_from: ... from this share of it.
        head_boost_epochs: after so many epochs the head has the backbone's rate; 0: never.
        average: share that the average of the weights keeps at every step; the averaged weights
            are scored and written. 0: no average.
        patience: epochs without a better validation before the run stops; 0: never.
    """

    optimiser: Optimiser
    backbone_rate: float
    head_rate: float
    weight_decay: float
    epochs: int
    scenes: int
    captures: int
    quality: QualityLoss
    repeats: int = 1
    huber_delta: float = 1.0
    scene_weight: float = 0.0
    rank_weight: float = 0.0
    schedule: Schedule = "constant"
    decay: float = 1.0
    decay_epochs: int = 1
    cycle_epochs: int = 0
    floor: float = 0.0
    warmup_epochs: int = 0
    warmup_from: float = 0.0
    head_boost_epochs: int = 0
    average: float = 0.0
    patience: int = 0

    @property
    def compares(self) -> bool:
        """True if the loss needs several captures of a scene."""
        return self.quality in COMPARING or self.rank_weight > 0

    def key(self) -> str:
        """Text of all that decides the steps that a checkpoint has behind it.

        How many epochs follow is left out where the rates don't depend on it.
        """
        values = asdict(self)
        del values["patience"]
        if self.schedule != "cosine" or self.cycle_epochs:
            del values["epochs"]
        return json.dumps(values, sort_keys=True)


_LEAST: Mapping[str, float] = {"epochs": 1, "scenes": 1, "captures": 1, "repeats": 1,
                               "decay_epochs": 1, "huber_delta": 1e-9}  # fmt: skip
_BELOW_ONE = ("average", "floor", "warmup_from")


def read_recipe_file(file: Path) -> dict[str, Any]:
    """The keys and values of a TOML file.

    Raises:
        PiqaError: it can't be read.
    """
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise PiqaError(f"recipe {file}: {error.strerror or error}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PiqaError(f"recipe {file} is no TOML: {error}") from None


def read_changes(changes: Sequence[str]) -> dict[str, Any]:
    """KEY=VALUE texts as keys and values; a value that is no number is a text.

    Raises:
        PiqaError: no `=`.

    >>> read_changes(["epochs=3", "quality=l1"])
    {'epochs': 3, 'quality': 'l1'}
    """
    found: dict[str, Any] = {}
    for change in changes:
        key, sign, text = change.partition("=")
        if not sign:
            raise PiqaError(f"--set {change!r}: write KEY=VALUE, such as epochs=20")
        try:
            found[key.strip()] = json.loads(text)
        except ValueError:
            found[key.strip()] = text.strip()
    return found


def changed(recipe: TrainRecipe, values: Mapping[str, Any], *, where: str) -> TrainRecipe:
    """The recipe with other values.

    Args:
        recipe: stays as it is.
        values: by field.
        where: names the values in errors.

    Raises:
        PiqaError: a field is unknown or its value impossible.
    """
    hints = get_type_hints(TrainRecipe)
    taken = {}
    for key, value in values.items():
        if key not in hints:
            near = get_close_matches(key, hints, n=1, cutoff=0.0)[0]
            raise PiqaError(f"{where}: a recipe has no {key!r}: did you mean {near!r}?")
        taken[key] = _checked(key, value, hints[key], where)
    found = replace(recipe, **taken)
    if found.compares and found.captures < 2:
        raise PiqaError(
            f"{where}: this loss compares captures of a scene: captures must be 2 or more"
        )
    return found


def as_toml(recipe: TrainRecipe, left_open: Mapping[str, str]) -> str:
    """The recipe as a file for `--recipe`, with the reasons of what the paper leaves open."""
    lines = []
    for field in fields(recipe):
        reason = left_open.get(field.name)
        lines.append(
            f"{field.name} = {json.dumps(getattr(recipe, field.name))}"
            + (f"  # open in the paper: {reason}" if reason else "")
        )
    return "\n".join(lines) + "\n"


def _checked(key: str, value: Any, hint: Any, where: str) -> Any:
    if choices := get_args(hint):
        if value not in choices:
            raise PiqaError(f"{where}: {key} is {value!r}: choose one of {', '.join(choices)}")
        return value
    kinds, words = ((int,), "a whole number") if hint is int else ((int, float), "a number")
    least = _LEAST.get(key, 0)
    if not isinstance(value, kinds) or isinstance(value, bool) or not value >= least:
        raise PiqaError(f"{where}: {key} is {value!r}: it must be {words} of {least:g} or more")
    if key in _BELOW_ONE and value >= 1:
        raise PiqaError(f"{where}: {key} is {value!r}: it must be below 1")
    return hint(value)
