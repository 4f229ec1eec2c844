"""Finds runs in folders, and reads the parts of each that a history needs."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from piqa_cli.errors import PiqaError
from piqa_cli.history.records import Left
from piqa_cli.records import DeviceRank, Recipe
from piqa_cli.runs.parquet import Row, parquet_rows
from piqa_cli.runs.run_folders import names_of, run_folders, start_of
from piqa_cli.runs.score_source import recipe_of
from piqa_cli.runs.table_set import RUN_JSON, read_info
from piqa_cli.schema import TableName


@dataclass(frozen=True, slots=True)
class Cell:
    """A device in a scene that it was ranked in."""

    scene: str
    condition: str | None
    device: str
    firmware: str | None


_OF_A_CELL = frozenset(field.name for field in fields(Cell))


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run whose tables of ranks match its run.json.

    Attributes:
        name: the folder, below the folder that all runs share.
        started_at: UTC.
        recipe: how its scores were made.
        device_ranks: the table.
        cells: the rows of `scene_ranks`, without ranks and scores.
    """

    name: str
    started_at: datetime
    recipe: Recipe
    device_ranks: list[DeviceRank]
    cells: list[Cell]


def read_runs(places: Sequence[Path]) -> tuple[list[PastRun], list[Left]]:
    """Every run in some folders, by its start, and those that can't be used.

    Args:
        places: run folders, or folders of them at any depth; see `run_folders`.

    Raises:
        PiqaError: a place isn't there, or there is no run in any of them.
    """
    runs: list[PastRun] = []
    damaged: list[Left] = []
    for folder, name in names_of(run_folders(places)).items():
        try:
            runs.append(_read(folder, name))
        except PiqaError as error:
            damaged.append(Left(name, str(error)))
        except OSError as error:
            damaged.append(Left(name, f"can't be read ({error.strerror})"))
    return sorted(runs, key=lambda run: (run.started_at, run.name)), damaged


def _read(folder: Path, name: str) -> PastRun:
    info = read_info(folder)
    return PastRun(
        name=name,
        started_at=start_of(info),
        recipe=recipe_of(info),
        device_ranks=[DeviceRank(**row) for row in _rows(folder, "device_ranks", info)],
        cells=[Cell(**row) for row in _rows(folder, "scene_ranks", info, only=_OF_A_CELL)],
    )


def _rows(
    folder: Path, table: TableName, info: Mapping[str, Any], *, only: Container[str] | None = None
) -> list[Row]:
    """Rows of a table, after a check against the SHA-256 in run.json.

    Only the tables that a history needs are read, and so only they are checked: a thousand nights
    of captures take minutes to hash.
    """
    file = f"{table}.parquet"
    sha256 = info.get("files", {}).get(file)
    if sha256 is None:
        raise PiqaError(f"{RUN_JSON} knows no {file}")
    try:
        data = (folder / file).read_bytes()
    except FileNotFoundError:
        data = b""
    if hashlib.sha256(data).hexdigest() != sha256:
        raise PiqaError(f"{file} is missing or doesn't match {RUN_JSON}")
    return parquet_rows(table, data, file, only=only)
