"""`--landmarks FILE`: a table with the 68 landmarks of the face in each capture."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from piqa_cli.discover.sheet import Row, read_sheet
from piqa_cli.errors import PiqaError
from piqa_cli.records import Capture, Point
from piqa_cli.spreadsheet import comma_hint, number

LANDMARKS = 68
COLUMNS = tuple(f"{axis}{index}" for index in range(LANDMARKS) for axis in "xy")


def with_landmarks(captures: Sequence[Capture], file: Path) -> list[Capture]:
    """The captures, with landmarks where the table has them.

    Columns: `path` as in captures.parquet, then `x0`, `y0` ... `x67`, `y67`: pixels of the upright
    original, points in the order of iBUG 300-W. A row whose 136 cells are blank has no landmarks.

    Args:
        captures: of the run.
        file: CSV or Parquet.

    Raises:
        PiqaError: with the line, where a cell can't be understood or a path comes twice; or if
            no row is about one of the captures.
    """
    points = _read(file)
    found = [replace(c, given_landmarks=points.get(_plain(c.path))) for c in captures]
    if captures and points and not any(_plain(capture.path) in points for capture in captures):
        raise PiqaError(
            f"landmarks {file}: no row is about a capture of this run: path is "
            f"{next(iter(points))!r} there, {captures[0].path!r} here"
        )
    return found


def _read(file: Path) -> dict[str, tuple[Point, ...] | None]:
    sheet = read_sheet(
        file,
        ("path", *COLUMNS),
        (),
        called=f"landmarks {file}",
        not_a_folder="give a table with the landmarks of all captures",
    )
    found: dict[str, tuple[Point, ...] | None] = {}
    for row in sheet:
        where = f"landmarks {file}, {row.place}"
        path = _plain(row.cells["path"])
        if not row.cells["path"]:
            raise PiqaError(f"{where}: path is blank")
        if path in found:
            raise PiqaError(f"{where}: {path} stands there twice; keep one row")
        found[path] = _points(row, where, decimal_comma=sheet.decimal_comma)
    return found


def _points(row: Row, where: str, *, decimal_comma: bool) -> tuple[Point, ...] | None:
    if not any(row.cells[name] for name in COLUMNS):
        return None
    values: list[float] = []
    for name in COLUMNS:
        value = number(row.cells[name], decimal_comma=decimal_comma)
        if value is None:
            hint = "" if decimal_comma else comma_hint(row.cells[name])
            raise PiqaError(f"{where}: {name} is {row.cells[name]!r}, not a number{hint}")
        values.append(value)
    return tuple(zip(values[::2], values[1::2], strict=True))


def _plain(path: str) -> str:
    return posixpath.normpath(path.replace("\\", "/"))
