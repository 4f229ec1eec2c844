"""Landmarks of a face: the 68 points of a table, or of a package that finds them.

A package offers a finder as an entry point of the group `piqa_cli.landmarks`: a callable that takes
(H, W, 3) uint8 sRGB pixels and the face's box in them, or None, and returns (68, 2) x and y, or
None where it finds no face. It is imported when the first capture asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

import numpy as np

from piqa_cli.errors import CaptureError, PiqaError
from piqa_cli.models.installed import package_of
from piqa_cli.models.view_types import FaceBox, Landmarks
from piqa_cli.records import ModelSpec, Photo, Point

GROUP = "piqa_cli.landmarks"
LANDMARKS = 68

Find = Callable[[Any, FaceBox | None], Any]


@dataclass(frozen=True, slots=True)
class LandmarkFinder:
    """A package that finds landmarks.

    Attributes:
        name: of the package, with its version: part of the fingerprint of every score.
        entry: its entry point.
    """

    name: str
    entry: EntryPoint

    def find(self, photo: Photo, box: FaceBox | None) -> Landmarks:
        """Landmarks in working pixels.

        Args:
            photo: where to look.
            box: the face in working pixels; None: no face is known.

        Raises:
            CaptureError: it finds none, fails, or gives something else.
            PiqaError: the package can't be loaded.
        """
        find = _loaded(self.entry)
        try:
            found = find(photo.pixels, box)
            points = None if found is None else np.asarray(found, np.float64)
        except Exception as error:  # whatever a package's code can raise
            raise CaptureError("face", f"{self.name} failed: {_words(error)}") from error
        if points is None:
            raise CaptureError("face", f"{self.name} found no landmarks")
        if points.shape != (LANDMARKS, 2) or not np.isfinite(points).all():
            raise CaptureError(
                "face", f"{self.name} gave no 68 points but an array of shape {points.shape}"
            )
        return points


def finder_for(specs: Iterable[ModelSpec], table: Path | None) -> LandmarkFinder | None:
    """The package that finds landmarks, where a model needs them and no table has them.

    Raises:
        PiqaError: there are several such packages.
    """
    needed = table is None and any(spec.needs_landmarks for spec in specs)
    return installed_finder() if needed else None


def installed_finder() -> LandmarkFinder | None:
    """The package that finds landmarks here; None: there is none.

    Raises:
        PiqaError: there are several.
    """
    entries = {package_of(entry): entry for entry in entry_points(group=GROUP)}
    if len(entries) > 1:
        raise PiqaError(
            f"{' and '.join(sorted(entries))} all find landmarks: uninstall all but one, or give "
            "--landmarks FILE"
        )
    for package, entry in entries.items():
        version = entry.dist.version if entry.dist else "of no version"
        return LandmarkFinder(f"{package} {version}", entry)
    return None


def given_landmarks(points: tuple[Point, ...], photo: Photo) -> Landmarks:
    """Given points, from pixels of the upright original to working pixels."""
    facts = photo.facts
    across = facts.working_width_px / facts.width_px
    down = facts.working_height_px / facts.height_px
    return np.array(points, np.float64) * (across, down)


def check_on_face(landmarks: Landmarks, box: FaceBox | None) -> None:
    """Refuses landmarks of another face than the one that is scored.

    Raises:
        CaptureError: their middle lies outside of the face's box.
    """
    if box is None:
        return
    x, y = landmarks.mean(axis=0)
    if not (box[0] <= x <= box[2] and box[1] <= y <= box[3]):
        raise CaptureError(
            "face",
            "the landmarks lie on another face than the one scored: give those of the face whose "
            "box is in captures.parquet, or the box of theirs in a manifest",
        )


@cache
def _loaded(entry: EntryPoint) -> Find:
    try:
        found = entry.load()
    except Exception as error:  # whatever a package's import can raise
        raise PiqaError(
            f"{package_of(entry)}, which finds landmarks, can't be loaded "
            f"({_words(error)}): update it or uninstall it"
        ) from error
    if not callable(found):
        raise PiqaError(f"{package_of(entry)}: {entry.value} is nothing that can be called")
    find: Find = found
    return find


def _words(error: Exception) -> str:
    lines = str(error).strip().splitlines() or ["no message"]
    return f"{type(error).__name__}: {lines[0]}"
