"""Reads rated captures: CSV files of pictures with the ratings that people, or a simulator, gave.

Only ratings of one scene are compared; a file without scenes is one set of single photographs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from natsort import natsorted

from piqa_cli.errors import PiqaError
from piqa_cli.models.dn_piqa_mini.faults import FAULTS
from piqa_cli.spreadsheet import read_spreadsheet
from piqa_cli.train.photographs import FaceBox
from piqa_cli.weights.store import sha256_of

FOLDS = 5
JOD_PER_DEVIATION = 2.2
"""JOD for one standard deviation of a set's opinions: 93 % agree on pairs that far apart."""

_FACE_COLUMNS = ("face_x0", "face_y0", "face_x1", "face_y1")
_UNKNOWN = (float("nan"),) * len(FAULTS)


@dataclass(frozen=True, slots=True)
class Rated:
    """One rated picture.

    Attributes:
        file: where it lies.
        scene: only pictures of one scene are compared.
        jod: the rating, higher is better; comparable within its set.
        fold: 0..4, the fifth that it is left out with.
        face: box in pixels of the file; None without a face; `find` to look for one.
        costs: what each of `FAULTS` costs, in label-JOD; NaN where nobody knows.
    """

    file: Path
    scene: str
    jod: float
    fold: int = 0
    face: FaceBox | Literal["find"] | None = "find"
    costs: tuple[float, ...] = _UNKNOWN


@dataclass(frozen=True, slots=True)
class RatedSet:
    """The pictures of one CSV file.

    Attributes:
        name: of the file's folder, or of the file: for people.
        sha256: of the CSV file (hex): how weights remember what they have seen.
        has_scenes: the file names scenes; else all its pictures are one set.
        rows: in the file's order.
        is_simulated: the ratings are a simulator's, not people's.
        warnings: of what had to be guessed while the file was read.
    """

    name: str
    sha256: str
    has_scenes: bool
    rows: tuple[Rated, ...]
    is_simulated: bool = False
    warnings: tuple[str, ...] = ()


def read_ratings(table: Path) -> RatedSet:
    """Reads a CSV of rated pictures.

    Columns: `path` or `file` (beside the CSV or in `images/` there); `jod` or `label` (in JOD), or
    `mos` (opinion points of any range); optional `scene`; optional face boxes, `face_box` with
    `x0 y0 x1 y1` or `face_x0 .. face_y1`, in pixels of the file, blank without a face (without
    these columns faces are looked for); optional `fold`, 0..4. Without that, scenes are cut into
    five blocks of neighbours in natural order, single photographs by the SHA-256 of their names.

    Raises:
        PiqaError: no such file, a missing column, or a rating that is no number.
    """
    cells, warnings = _cells(table)
    path, rating = _first_of(cells, ("path", "file"), table), _first_of(cells, _RATINGS, table)
    has_scenes = "scene" in cells[0]
    folder = table.parent / "images" if (table.parent / "images").is_dir() else table.parent
    scenes = [row["scene"] for row in cells] if has_scenes else [table.stem] * len(cells)
    names = [row[path] for row in cells]
    folds = _folds(cells, scenes=scenes if has_scenes else None, names=names, table=table)
    values = _ratings(cells, rating, table)
    rows = []
    for line, row in enumerate(cells):
        try:
            rows.append(
                Rated(
                    folder / names[line],
                    scenes[line],
                    values[line],
                    folds[line],
                    face=_face(row),
                    costs=_costs(row),
                )
            )
        except ValueError as error:
            raise PiqaError(f"{table}, line {line + 2}: {error}") from error
    name = table.stem if folder == table.parent else table.parent.name
    return RatedSet(name, sha256_of(table), has_scenes, tuple(rows), warnings=warnings)


_RATINGS = ("jod", "label", "mos")


def _ratings(cells: Sequence[dict[str, str]], column: str, table: Path) -> list[float]:
    """JOD as they stand; opinion points in units of `JOD_PER_DEVIATION`."""
    values = []
    for line, row in enumerate(cells, start=2):
        try:
            values.append(float(row[column]))
        except ValueError as error:
            raise PiqaError(f"{table}, line {line}: {error}") from error
        if not np.isfinite(values[-1]):
            raise PiqaError(f"{table}, line {line}: {column} is {row[column]}, not a number")
    if column != "mos":
        return values
    unit = JOD_PER_DEVIATION / max(float(np.std(values)), 1e-9)
    return [(value - float(np.mean(values))) * unit for value in values]


def _folds(
    cells: Sequence[dict[str, str]],
    *,
    scenes: Sequence[str] | None,
    names: Sequence[str],
    table: Path,
) -> list[int]:
    if "fold" in cells[0]:
        for line, row in enumerate(cells, start=2):
            if row["fold"] not in map(str, range(FOLDS)):
                raise PiqaError(
                    f"{table}, line {line}: fold {row['fold']!r} is not one of 0 to {FOLDS - 1}"
                )
        return [int(row["fold"]) for row in cells]
    if scenes is None:
        return [fold_of_name(name) for name in names]
    return scene_blocks(scenes)


def fold_of_name(name: str) -> int:
    """The fifth (0..4) of a single photograph: SHA-256 of its file name, modulo 5."""
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % FOLDS


def scene_blocks(scenes: Sequence[str]) -> list[int]:
    """The fifth (0..4) of every capture; neighbouring scenes, which share places, stay together.

    Args:
        scenes: scene of every capture.

    >>> scene_blocks(["s1", "s1", "s2", "s10", "s3", "s4"])
    [0, 0, 1, 4, 2, 3]
    """
    counts = dict.fromkeys(natsorted(set(scenes)), 0)
    for scene in scenes:
        counts[scene] += 1
    blocks, before = {}, 0
    for scene, count in counts.items():
        blocks[scene] = int((before + count / 2) / len(scenes) * FOLDS)
        before += count
    return [blocks[scene] for scene in scenes]


def _cells(table: Path) -> tuple[list[dict[str, str]], tuple[str, ...]]:
    found = read_spreadsheet(table, called=str(table), not_a_folder="name a CSV file")
    rows = [dict(zip(found.headings, cells, strict=True)) for cells in found.rows]
    if not rows:
        raise PiqaError(f"{table}: no rows in it")
    return rows, found.warnings


def _first_of(cells: Sequence[dict[str, str]], names: tuple[str, ...], table: Path) -> str:
    for name in names:
        if name in cells[0]:
            return name
    raise PiqaError(f"{table}: needs a column {' or '.join(names)}")


def _costs(cells: dict[str, str]) -> tuple[float, ...]:
    return tuple(float(cells.get(f"cost_{fault}") or "nan") for fault in FAULTS)


def _face(cells: dict[str, str]) -> FaceBox | Literal["find"] | None:
    if "face_box" in cells:
        values = cells["face_box"].split()
    elif _FACE_COLUMNS[0] in cells:
        values = [cells[name] for name in _FACE_COLUMNS if cells[name].strip()]
    else:
        return "find"
    if not values:
        return None
    if len(values) != len(_FACE_COLUMNS):
        raise ValueError(f"a face box is four numbers x0 y0 x1 y1, not {' '.join(values)}")
    x0, y0, x1, y1 = (float(value) for value in values)
    return x0, y0, x1, y1
