"""Rated pictures, and which of the training pictures are held out to choose the epoch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Literal

from piqa_cli.errors import PiqaError
from piqa_cli.records import Capture

Attribute = Literal["overall", "details", "exposure"]
"""One of PIQ23's three ratings."""
Split = Literal["scene", "device"]
"""One of PIQ23's two official splits."""

_FEWEST_SCENES = 4  # with fewer scenes, whole scenes are too much to hold out
_FEWEST_COMPARED = 3  # fewest pictures of a scene for a rank correlation


@dataclass(frozen=True, slots=True)
class Rated:
    """A picture and its rating in JOD, comparable within its scene only."""

    capture: Capture
    jod: float


@dataclass(frozen=True, slots=True)
class Material:
    """Training set and test set.

    Attributes:
        training: never any of `test`.
        test: an official test set; empty where there is none.
        by_scene: whether the question is how the model does on scenes it hasn't seen.
        validation: held out of `training`, see `hold_out`.
        warnings: of what had to be guessed while its tables were read.
    """

    training: tuple[Rated, ...]
    test: tuple[Rated, ...]
    by_scene: bool
    validation: tuple[Rated, ...] = ()
    warnings: tuple[str, ...] = ()


def hold_out(material: Material, share: float) -> Material:
    """Moves a share of the training pictures to `validation`, chosen by SHA-256 of names.

    Whole scenes where the question is new scenes; else whole devices within all scenes, where
    devices are known; else single pictures of every scene. The test set plays no part.

    Raises:
        PiqaError: too little is left to learn from or to validate with.
    """
    scenes = {rated.capture.scene for rated in material.training}
    by_device = not material.by_scene and all(r.capture.device for r in material.training)
    if material.by_scene and len(scenes) >= _FEWEST_SCENES:
        units = [rated.capture.scene for rated in material.training]
        chosen = _chosen(units, share)
    elif by_device:
        units = [rated.capture.device for rated in material.training]
        chosen = _chosen(units, share)
    else:
        units = [rated.capture.path for rated in material.training]
        chosen = _of_every_scene(material.training, share)
    pairs = list(zip(material.training, units, strict=True))
    training = tuple(rated for rated, unit in pairs if unit not in chosen)
    validation = tuple(rated for rated, unit in pairs if unit in chosen)
    for part, least in ((training, 2), (validation, _FEWEST_COMPARED)):
        if max(Counter(rated.capture.scene for rated in part).values(), default=0) < least:
            raise PiqaError(
                f"{len(material.training)} rated pictures in "
                f"{len(scenes)} scenes are too few to train on: "
                f"{_FEWEST_SCENES} scenes of {_FEWEST_COMPARED} pictures do"
            )
    return replace(material, training=training, validation=validation)


def _of_every_scene(training: Sequence[Rated], share: float) -> set[str]:
    """Single pictures, as many of each scene as can be compared at least."""
    paths: dict[str, list[str]] = {}
    for rated in training:
        paths.setdefault(rated.capture.scene, []).append(rated.capture.path)
    chosen: set[str] = set()
    for names in paths.values():
        if len(names) >= _FEWEST_COMPARED + 2:
            chosen |= _chosen(names, max(share, _FEWEST_COMPARED / len(names)))
    return chosen


def _chosen(units: Sequence[str], share: float) -> set[str]:
    """The first units by hash that hold the share of all pictures."""
    sizes = Counter(units)
    wanted, chosen = share * len(units), set[str]()
    for unit in sorted(sizes, key=lambda name: sha256(name.encode()).digest()):
        if chosen and sum(sizes[name] for name in chosen) >= wanted:
            break
        chosen.add(unit)
    return chosen
