"""A lab's own ratings: a manifest of captures with a column `jod` or `mos`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from piqa_cli.discover.manifest import open_manifest
from piqa_cli.discover.sheet import Row, read_sheet
from piqa_cli.errors import PiqaError
from piqa_cli.records import Capture
from piqa_cli.spreadsheet import number
from piqa_cli.train.material import Material, Rated

PIQ23_JOD_STD = 1.4  # standard deviation of JODs within a scene of PIQ23, 1.36 .. 1.45


def read_ratings(manifest: Path) -> Material:
    """The rated captures of a manifest; rows without a rating are left out.

    JODs are taken as they are. Opinion scores (`mos`) have no unit that the loss knows, so they
    are scaled by one factor, to the spread that JODs have within the scenes of PIQ23.

    Raises:
        PiqaError: as `open_manifest`; or nothing is rated, or a rating is no number.
    """
    captures, warnings = open_manifest(manifest)
    jods: Sequence[float | None] = [capture.jod for capture in captures]
    if all(jod is None for jod in jods):
        jods = _jod_like(_mos(manifest), captures, manifest)
    return _material(captures, jods, warnings)


def _mos(manifest: Path) -> list[float | None]:
    """The column `mos`, row by row."""
    sheet = read_sheet(manifest, ("path",), ("mos",))
    if "mos" not in sheet.columns:
        raise PiqaError(f"manifest {manifest}: no ratings: give a column jod, or mos")
    return [_mean(manifest, row, decimal_comma=sheet.decimal_comma) for row in sheet]


def _mean(manifest: Path, row: Row, *, decimal_comma: bool) -> float | None:
    text = row.cells.get("mos", "")
    value = number(text, decimal_comma=decimal_comma)
    if text and value is None:
        raise PiqaError(f"manifest {manifest}, {row.place}: mos is {text!r}, not a number")
    return value


def _jod_like(
    scores: Sequence[float | None], captures: Sequence[Capture], manifest: Path
) -> list[float | None]:
    """Scaled so that deviations from the scenes' means have PIQ23's spread."""
    scenes: dict[str, list[float]] = {}
    for capture, score in zip(captures, scores, strict=True):
        if score is not None:
            scenes.setdefault(capture.scene, []).append(score)
    squares = [(x - sum(xs) / len(xs)) ** 2 for xs in scenes.values() for x in xs]
    spread = math.sqrt(sum(squares) / len(squares)) if squares else 0.0
    if spread == 0:
        raise PiqaError(f"manifest {manifest}: the ratings don't differ within any scene")
    return [None if score is None else score * PIQ23_JOD_STD / spread for score in scores]


def _material(
    captures: Sequence[Capture], jods: Sequence[float | None], warnings: tuple[str, ...]
) -> Material:
    rated = (Rated(c, jod) for c, jod in zip(captures, jods, strict=True) if jod is not None)
    return Material(tuple(rated), (), by_scene=True, warnings=warnings)
