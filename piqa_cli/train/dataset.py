"""Labelled captures as network inputs: cut once by worker processes, kept in the work folder."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from piqa_cli.errors import CaptureError, PiqaError
from piqa_cli.models.mini import FAULTS, LIGHT, LIGHT_UNITS, VIEWS
from piqa_cli.models.mini_views import mini_views
from piqa_cli.models.words import Vocabulary
from piqa_cli.read.decode import read_photo
from piqa_cli.settings import DEFAULT_WORKING_SIDE_PX
from piqa_cli.train.faces import find_face
from piqa_cli.train.parallel import spread
from piqa_cli.train.photographs import FaceBox
from piqa_cli.weights.catalogue import spec_of

_PART_ROWS = 240
_FACE_COLUMNS = ("face_x0", "face_y0", "face_x1", "face_y1")


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled picture.

    Attributes:
        file: where it lies.
        scene: only captures of one scene are compared.
        label: in JOD (captures) or opinion points (opinions), higher is better.
        deviation: of the opinions about it; 0 for captures.
        face: box in pixels of the file, None without a face, or `find` to look for one.
        costs: what each of `FAULTS` costs, in JOD; with one unknown (NaN) none of them counts.
        light: what `LIGHT` names, each on its own unknown where it is NaN.
    """

    file: Path
    scene: str
    label: float
    deviation: float = 0.0
    face: FaceBox | Literal["find"] | None = "find"
    costs: tuple[float, ...] = (np.nan,) * len(FAULTS)
    light: tuple[float, ...] = (np.nan,) * len(LIGHT)


@dataclass(frozen=True, slots=True)
class Dataset:
    """Rows with their network inputs in memory; `views` as `mini_views`, first axis rows."""

    rows: tuple[Row, ...]
    views: dict[str, NDArray[Any]]

    def part(self, rows: list[int]) -> Dataset:
        """Some of the rows, with their inputs."""
        views = {name: view[rows] for name, view in self.views.items()}
        return Dataset(tuple(self.rows[row] for row in rows), views)

    @property
    def figures(self) -> NDArray[np.float32]:
        """(rows, N) all that the network looks at."""
        return np.concatenate([self.views[name][:, 0] for name in VIEWS], axis=1)

    @property
    def labels(self) -> NDArray[np.float32]:
        """(rows,) labels."""
        return np.array([row.label for row in self.rows], np.float32)

    @property
    def costs(self) -> NDArray[np.float32]:
        """(rows, 11) costs of `FAULTS`; NaN where nobody knows."""
        return np.array([row.costs for row in self.rows], np.float32)

    @property
    def light(self) -> NDArray[np.float32]:
        """(rows, 3) `LIGHT`, in `LIGHT_UNITS`; NaN where nobody knows."""
        return np.array([row.light for row in self.rows], np.float32) * LIGHT_UNITS


def capture_rows(table: Path) -> list[Row]:
    """Reads a CSV of captures: `path, scene, label`, optional `face_x0 .. face_y1`.

    Without face columns faces are looked for; with them a blank cell means no face. A simulation's
    `cost_<fault>` and `light_<reading>` are read too; where they are blank, nobody knows.

    Raises:
        PiqaError: no such file, a missing column, a label that is no number.
    """
    rows = []
    for line, cells in enumerate(_cells(table, ("path", "scene", "label")), start=2):
        try:
            rows.append(
                Row(
                    table.parent / cells["path"],
                    cells["scene"],
                    float(cells["label"]),
                    face=_face(cells),
                    costs=_known(cells, [f"cost_{fault}" for fault in FAULTS]),
                    light=_known(cells, [f"light_{name}" for name in LIGHT]),
                )
            )
        except ValueError as error:
            raise PiqaError(f"{table}, line {line}: {error}") from error
    return rows


def opinion_rows(
    table: Path, *, held_out_fold: int | None = None, fold: int | None = None
) -> list[Row]:
    """Reads a CSV of rated photographs: `file, mos, mos_std`; files beside it or in `images/`.

    Args:
        table: the CSV.
        held_out_fold: fifth that is left out, to judge by; see `opinion_fold`.
        fold: the only fifth that is taken.

    Raises:
        PiqaError: no such file, a missing column, an opinion that is no number.
    """
    folder = table.parent / "images"
    folder = folder if folder.is_dir() else table.parent
    rows = []
    for line, cells in enumerate(_cells(table, ("file", "mos", "mos_std")), start=2):
        name = cells["file"]
        of_name = opinion_fold(name)
        if of_name == held_out_fold or fold not in (None, of_name):
            continue
        try:
            rows.append(
                Row(folder / name, "opinions", float(cells["mos"]), float(cells["mos_std"]))
            )
        except ValueError as error:
            raise PiqaError(f"{table}, line {line}: {error}") from error
    return rows


def opinion_fold(name: str) -> int:
    """Which fifth (0..4) a rated photograph belongs to; fold 0 is never trained on."""
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % 5


def build_dataset(
    rows: Iterable[Row],
    cache: Path,
    *,
    vocabulary: Vocabulary,
    workers: int = 1,
    quiet: bool = False,
) -> Dataset:
    """Cuts the views of every row, or takes them from an earlier run.

    Args:
        rows: labelled pictures.
        cache: folder that keeps the views; one file a part of 240 rows, written whole.
        vocabulary: of visual words.
        workers: processes.
        quiet: no progress bar.

    Raises:
        PiqaError: a picture can't be read.
    """
    rows = tuple(rows)
    cache.mkdir(parents=True, exist_ok=True)
    parts = [rows[start : start + _PART_ROWS] for start in range(0, len(rows), _PART_ROWS)]
    targets = [cache / f"{_digest(part, vocabulary)}.npz" for part in parts]
    missing = [
        (part, target, vocabulary)
        for part, target in zip(parts, targets, strict=True)
        if not target.is_file()
    ]
    for _ in spread(_cut_part, missing, workers=workers, unit="part", quiet=quiet):
        pass
    return Dataset(rows, _load(targets))


def _load(files: list[Path]) -> dict[str, NDArray[Any]]:
    found: dict[str, list[NDArray[Any]]] = {}
    for file in files:
        with np.load(file) as stored:
            for name in stored.files:
                found.setdefault(name, []).append(stored[name])
    return {name: np.concatenate(arrays) for name, arrays in found.items()}


def _digest(part: tuple[Row, ...], vocabulary: Vocabulary) -> str:
    """Names a part by what its views depend on, labels aside."""
    words = hashlib.sha256(vocabulary.words.tobytes()).hexdigest()
    said = [spec_of("dn-piqa-mini").preprocessing, words]
    for row in part:
        said.append(
            f"{row.file.resolve()}|{row.file.stat().st_size if row.file.exists() else 0}|{row.face}"
        )
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:24]


def _cut_part(order: tuple[tuple[Row, ...], Path, Vocabulary]) -> None:
    part, target, vocabulary = order
    views = [_cut(row, vocabulary) for row in part]
    stacked = {name: np.stack([one[name] for one in views]) for name in views[0]}
    partial = target.with_name(target.name + ".part")
    with partial.open("wb") as stream:
        np.savez(stream, allow_pickle=False, **stacked)
    partial.replace(target)


def _cut(row: Row, vocabulary: Vocabulary) -> dict[str, NDArray[Any]]:
    try:
        photo = read_photo(row.file, working_side_px=DEFAULT_WORKING_SIDE_PX)
    except CaptureError as error:
        raise PiqaError(f"can't read {row.file}: {error.reason}") from error
    if row.face == "find":
        face = find_face(photo.pixels)
    elif row.face is None:
        face = None
    else:
        scale = photo.facts.working_width_px / photo.facts.width_px
        x0, y0, x1, y1 = (float(value) * scale for value in row.face)
        face = (x0, y0, x1, y1)
    return mini_views(photo.pixels, face, vocabulary)


def _cells(table: Path, needed: tuple[str, ...]) -> list[dict[str, str]]:
    try:
        with table.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream))
    except OSError as error:
        raise PiqaError(f"{table}: {error.strerror}: name an existing CSV file") from error
    missing = [name for name in needed if not rows or name not in rows[0]]
    if missing:
        raise PiqaError(f"{table}: needs rows with the columns {', '.join(needed)}")
    return rows


def _known(cells: dict[str, str], names: Sequence[str]) -> tuple[float, ...]:
    return tuple(float(cells.get(name) or "nan") for name in names)


def _face(cells: dict[str, str]) -> FaceBox | Literal["find"] | None:
    if _FACE_COLUMNS[0] not in cells:
        return "find"
    if not any(values := [cells[name] for name in _FACE_COLUMNS]):
        return None
    x0, y0, x1, y1 = (float(value) for value in values)
    return x0, y0, x1, y1
