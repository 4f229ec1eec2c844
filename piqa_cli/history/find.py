"""Finds runs in folders, and reads the parts of each that a history needs."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from piqa_cli.discover.aliases import Aliases
from piqa_cli.errors import PiqaError
from piqa_cli.history.records import Left
from piqa_cli.past_runs import named
from piqa_cli.records import Competitor, DeviceRank, Recipe, SceneRank
from piqa_cli.records.device_names import DeviceName
from piqa_cli.report.builds import build_of
from piqa_cli.runs.parquet import parquet_rows, parquet_table
from piqa_cli.runs.run_folders import names_of, run_folders, start_of
from piqa_cli.runs.score_source import recipe_of
from piqa_cli.runs.table_set import RUN_JSON, load_run, read_info
from piqa_cli.schema import TableName

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Cell:
    """A device in a scene that it was ranked in."""

    scene: str
    condition: str | None
    device: str
    firmware: str | None


_NOT_SHOWN = {"gap", "take_sd", "take_df", "worst_gap", "worst_capture"}
_OF_A_RANK = {field.name for field in fields(DeviceRank)} - _NOT_SHOWN
_OF_A_BUILD = ("device", "firmware", "exif_software", "status")
_OF_A_CELL = tuple(field.name for field in fields(Cell))


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run whose tables of ranks match its run.json.

    Attributes:
        folder: its place.
        name: the folder, below the folder that all runs share.
        started_at: UTC.
        recipe: how its scores were made.
        device_ranks: the table; what no history shows is as in a run that doesn't know it.
        scene_ranks: the rows of that table, with or without ranks and scores.
    """

    folder: Path
    name: str
    started_at: datetime
    recipe: Recipe
    device_ranks: list[DeviceRank]
    scene_ranks: Sequence[Cell | SceneRank]


def read_runs(
    places: Sequence[Path], devices: Sequence[DeviceName] = ()
) -> tuple[list[PastRun], list[Left]]:
    """Every run in some folders, by its start, and those that can't be used.

    Args:
        places: run folders, or folders of them at any depth; see `run_folders`.
        devices: other names of devices, of `[devices]`.

    Raises:
        PiqaError: a place isn't there, or there is no run in any of them.
    """
    aliases = Aliases.of(devices)
    runs: list[PastRun] = []
    damaged: list[Left] = []
    reader = _CellReader()
    for folder, name in names_of(run_folders(places)).items():
        try:
            runs.append(_named(folder, _read(folder, name, reader), aliases))
        except PiqaError as error:
            damaged.append(Left(name, str(error)))
        except OSError as error:
            damaged.append(Left(name, f"can't be read ({error.strerror})"))
    return sorted(runs, key=lambda run: (run.started_at, run.name)), damaged


@dataclass(slots=True)
class _CellReader:
    """Reads the cells of run after run, and shares those of equal tables.

    A night has mostly the devices and scenes of the night before, so that only the comparison of
    two tables is left of the work on a thousand rows.
    """

    _table: pa.Table | None = None
    _cells: Sequence[Cell] = ()

    def cells(self, folder: Path, info: Mapping[str, Any]) -> Sequence[Cell]:
        """The cells of a run; see `_table_bytes` for errors."""
        data = _table_bytes(folder, "scene_ranks", info)
        table = parquet_table("scene_ranks", data, "scene_ranks.parquet", only=_OF_A_CELL)
        if self._table is None or not table.equals(self._table):
            columns = [table.column(name).to_pylist() for name in _OF_A_CELL]
            self._table, self._cells = table, [Cell(*row) for row in zip(*columns, strict=True)]
        return self._cells


def _read(folder: Path, name: str, reader: _CellReader) -> PastRun:
    info = read_info(folder)
    data = _table_bytes(folder, "device_ranks", info)
    rows = parquet_rows("device_ranks", data, "device_ranks.parquet", only=_OF_A_RANK)
    return PastRun(
        folder=folder,
        name=name,
        started_at=start_of(info),
        recipe=recipe_of(info),
        device_ranks=[DeviceRank(**row) for row in rows],
        scene_ranks=reader.cells(folder, info),
    )


def _named(folder: Path, run: PastRun, aliases: Aliases) -> PastRun:
    """The run under the names that hold; only a run that has other ones is read whole."""
    rows = run.device_ranks
    if all(aliases.renamed(row) is row for row in rows):
        return run
    tables = named(load_run(folder), aliases).tables
    return replace(run, device_ranks=tables.device_ranks, scene_ranks=tables.scene_ranks)


def builds_of(run: PastRun, aliases: Aliases) -> dict[Competitor, Counter[str]]:
    """Captures of each build, by device; files that weren't scored don't count.

    Raises:
        PiqaError: the table of captures is missing, or another one than run.json knows.
        OSError: it can't be read.
    """
    data = _table_bytes(run.folder, "captures", read_info(run.folder))
    table = parquet_table("captures", data, "captures.parquet", only=_OF_A_BUILD)
    counts = table.group_by(list(_OF_A_BUILD)).aggregate([([], "count_all")])
    builds: dict[Competitor, Counter[str]] = {}
    for row in counts.to_pylist():
        build = build_of(row["firmware"], row["exif_software"])
        if build and row["device"] is not None and row["status"] == "ok":
            who = Competitor(aliases.text(row["device"]), row["firmware"])
            builds.setdefault(who, Counter())[build] += row["count_all"]
    return builds


def _table_bytes(folder: Path, table: TableName, info: Mapping[str, Any]) -> bytes:
    """A table's file, after a check against the SHA-256 in run.json.

    Only the tables that a history needs are read, and so only they are checked: all captures of a
    thousand nights, which a trend names builds from, take longer than the history.

    Raises:
        PiqaError: it is missing, or another one.
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
    return data
