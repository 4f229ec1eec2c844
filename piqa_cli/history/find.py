"""Finds runs in folders, and reads the parts of each that a history needs."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from piqa_cli.discover.aliases import Aliases
from piqa_cli.errors import PiqaError
from piqa_cli.history.records import Left
from piqa_cli.past_runs import named
from piqa_cli.records import DeviceRank, Recipe, SceneRank
from piqa_cli.records.device_names import DeviceName
from piqa_cli.runs.folder import PICTURES
from piqa_cli.runs.parquet import Row, parquet_rows
from piqa_cli.runs.score_source import recipe_of
from piqa_cli.runs.table_set import RUN_JSON, load_run, read_info
from piqa_cli.schema import TABLES, TableName

_NEEDED: tuple[TableName, ...] = ("device_ranks", "scene_ranks")


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run whose tables match its run.json.

    Attributes:
        name: the folder, below the folder that all runs share.
        started_at: UTC.
        recipe: how its scores were made.
        device_ranks, scene_ranks: the tables.
    """

    name: str
    started_at: datetime
    recipe: Recipe
    device_ranks: list[DeviceRank]
    scene_ranks: list[SceneRank]


def read_runs(
    places: Sequence[Path], devices: Sequence[DeviceName] = ()
) -> tuple[list[PastRun], list[Left]]:
    """Every run in some folders, by its start, and those that can't be used.

    Args:
        places: run folders, or folders of them at any depth. Links within them aren't followed,
            so that `latest` doesn't count twice; other files are passed over.
        devices: other names of devices, of `[devices]`.

    Raises:
        PiqaError: a place isn't there, or there is no run in any of them.
    """
    folders = _run_folders(places)
    if not folders:
        where = ", ".join(map(str, places))
        raise PiqaError(f"no run in {where}: `piqa-cli rank CAPTURES -o runs/{{date}}` makes one")
    aliases = Aliases.of(devices)
    above = Path(os.path.commonpath([folder.parent for folder in folders]))
    runs: list[PastRun] = []
    damaged: list[Left] = []
    for folder in folders:
        name = folder.relative_to(above).as_posix()
        try:
            runs.append(_named(folder, _read(folder, name), aliases))
        except PiqaError as error:
            damaged.append(Left(name, str(error)))
        except OSError as error:
            damaged.append(Left(name, f"can't be read ({error.strerror})"))
    return sorted(runs, key=lambda run: (run.started_at, run.name)), damaged


def _run_folders(places: Sequence[Path]) -> list[Path]:
    """Folders that hold a run, each once, even if several links lead to it."""
    found: dict[Path, None] = {}
    for place in places:
        if not place.exists():
            raise PiqaError(f"{place} isn't there: name a folder of runs")
        if place.is_dir():
            found |= dict.fromkeys(folder.resolve() for folder in _walk(place))
    return sorted(found)


def _walk(folder: Path) -> Iterator[Path]:
    if _looks_like_run(folder):
        yield folder
        return
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise PiqaError(f"{folder} can't be read ({error.strerror})") from error
    for entry in entries:
        if entry.is_dir() and not entry.is_symlink() and not entry.name.startswith("."):
            yield from _walk(entry)


def _looks_like_run(folder: Path) -> bool:
    """A finished run, or what is left of one."""
    names = {RUN_JSON, PICTURES, *(f"{table}.parquet" for table in TABLES)}
    return any((folder / name).exists() for name in names)


def _read(folder: Path, name: str) -> PastRun:
    info = read_info(folder)
    tables: dict[str, bytes] = {}
    for file, sha256 in sorted(info.get("files", {}).items()):
        data = (folder / file).read_bytes() if (folder / file).is_file() else b""
        if hashlib.sha256(data).hexdigest() != sha256:
            raise PiqaError(f"{file} is missing or doesn't match {RUN_JSON}")
        tables[file] = data
    rows = {table: _rows(table, tables) for table in _NEEDED}
    return PastRun(
        name=name,
        started_at=_start_of(info),
        recipe=recipe_of(info),
        device_ranks=[DeviceRank(**row) for row in rows["device_ranks"]],
        scene_ranks=[SceneRank(**row) for row in rows["scene_ranks"]],
    )


def _named(folder: Path, run: PastRun, aliases: Aliases) -> PastRun:
    """The run under the names that hold; only a run that has other ones is read whole."""
    rows = run.device_ranks
    if all(aliases.renamed(row) is row for row in rows):
        return run
    tables = named(load_run(folder), aliases).tables
    return replace(run, device_ranks=tables.device_ranks, scene_ranks=tables.scene_ranks)


def _rows(table: TableName, tables: dict[str, bytes]) -> list[Row]:
    file = f"{table}.parquet"
    if file not in tables:
        raise PiqaError(f"{RUN_JSON} knows no {file}")
    return parquet_rows(table, tables[file], file)


def _start_of(info: dict[str, Any]) -> datetime:
    try:
        start = datetime.fromisoformat(info["provenance"]["started_at"])
    except (KeyError, TypeError, ValueError) as error:
        raise PiqaError(f"{RUN_JSON} doesn't say when the run started") from error
    if start.tzinfo is None:
        raise PiqaError(f"{RUN_JSON} says no time zone of the run's start")
    return start
