"""Replaces and reads tables and run.json as one set.

All new files are first staged beside the old ones; `.staged-run.json` comes last and says that
the new set is complete. From then on the swap can always be finished, so whenever the program is
killed, the folder holds the whole old set or gets the whole new one.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from piqa_cli.atomic import write_whole
from piqa_cli.errors import PiqaError
from piqa_cli.records import Recipe, ScoreSource
from piqa_cli.records.capture_row import TriedRow
from piqa_cli.runs.notes import Notes
from piqa_cli.runs.parquet import check_version, parquet_table
from piqa_cli.runs.score_source import recipe_of, source_of
from piqa_cli.runs.tables import Tables
from piqa_cli.schema import (
    ALL_TABLES,
    SCHEMA_VERSION,
    TABLES_OF_SEVERAL_MODELS,
    TableName,
)

if TYPE_CHECKING:
    import pyarrow as pa

KIND = "piqa-cli run"
RUN_JSON = "run.json"
_STAGED = ".staged-"
_LATER_TABLES = frozenset({"fault_profile"})  # runs of older versions lack these
_UNCHANGED_AT_LAST = 3
_PAUSE_S = 0.01  # seconds; longer than the resolution of file systems' times


@dataclass(frozen=True, slots=True)
class Run:
    """A set of tables that matches its run.json.

    Attributes:
        folder: where it lies.
        info: run.json.
        source, recipe: where the scores come from, and how they were made.
        tables: as records.
        notes: of people, where they were read for pages.
    """

    folder: Path
    info: dict[str, Any]
    source: ScoreSource
    recipe: Recipe
    tables: Tables
    notes: Notes = field(default_factory=Notes)

    def arrow(self, table: TableName) -> pa.Table:
        """A table as Arrow, with units and meanings of its columns in the metadata.

        Raises:
            PiqaError: it isn't the run's table any more.
        """
        import pyarrow as pa
        from pyarrow import parquet

        staged = (self.folder / f"{_STAGED}{RUN_JSON}").exists()
        data = _table_bytes(self.folder, table, self.info, staged=staged)
        return parquet.read_table(pa.BufferReader(data))


def replace_set(folder: Path, files: Mapping[str, bytes], facts: Mapping[str, Any]) -> None:
    """Replaces the folder's tables and run.json as one set.

    Args:
        folder: of the run; there already.
        files: every file of the set by name; CSV files of an earlier set that aren't named go.
        facts: content of run.json besides the SHA-256 of every file.

    Raises:
        PiqaError: the folder can't be written; the old set still stands.
    """
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    info = {"kind": KIND, "schema_version": SCHEMA_VERSION, "files": hashes, **facts}
    try:
        finish_swap(folder)
        _clear_staged(folder)
        for name, data in files.items():
            write_whole(folder / f"{_STAGED}{name}", data, durable=True)
        write_whole(folder / f"{_STAGED}{RUN_JSON}", _json_bytes(info), durable=True)
        finish_swap(folder)
    except OSError as error:
        raise unwritable(folder, error) from error


def _clear_staged(folder: Path) -> None:
    """Removes staged files of an interrupted write whose set isn't complete."""
    for staged in folder.glob(f"{_STAGED}*"):
        staged.unlink()


def unwritable(folder: Path, error: OSError) -> PiqaError:
    """The error for a folder that can't take a run."""
    reason = error.strerror or type(error).__name__
    return PiqaError(f"can't write to {folder} ({reason}): choose another folder with -o")


def _json_bytes(info: Mapping[str, Any]) -> bytes:
    # ASCII with escapes: names that aren't valid Unicode on disk survive too.
    return (json.dumps(info, indent=2, sort_keys=True, default=str) + "\n").encode("ascii")


def settle(folder: Path) -> None:
    """Moves files that a killed run left staged into place; only for the holder of the lock.

    Raises:
        PiqaError: the folder can't be written.
    """
    try:
        finish_swap(folder)
    except OSError as error:
        raise unwritable(folder, error) from error


def finish_swap(folder: Path) -> None:
    """Moves a complete staged set into place; does nothing where there is none."""
    marker = folder / f"{_STAGED}{RUN_JSON}"
    if not marker.exists():
        return
    try:
        staged_info = json.loads(marker.read_bytes())
    except ValueError:  # a disk that failed: the set can't be trusted, the old one stands
        marker.unlink()
        return
    own = {f"{table}.{suffix}" for table in ALL_TABLES for suffix in ("parquet", "csv")}
    names = [name for name in staged_info["files"] if name in own]
    for name in names:
        staged = folder / f"{_STAGED}{name}"
        if staged.exists():  # else an earlier attempt moved it before it was killed
            staged.replace(folder / name)
    for table in ALL_TABLES:
        if f"{table}.csv" not in names:
            (folder / f"{table}.csv").unlink(missing_ok=True)
    for table in TABLES_OF_SEVERAL_MODELS:
        if f"{table}.parquet" not in names:
            (folder / f"{table}.parquet").unlink(missing_ok=True)
    marker.replace(folder / RUN_JSON)


def load_run(folder: Path) -> Run:
    """Reads a run back, checking every table against run.json; changes nothing in the folder.

    Where a killed run left a complete set staged, that set is read; where a live one swaps its
    set in meanwhile, reading starts again.

    Raises:
        PiqaError: no run, one of a newer schema, or tables that run.json doesn't know.
    """
    if not folder.is_dir():
        raise PiqaError(f"no run folder {folder}: make one with `piqa-cli rank CAPTURES -o RUN`")
    state, unchanged = _state(folder), 0
    while True:
        try:
            return _load(folder)
        except PiqaError:
            before, state = state, _state(folder)
            # No process writes here now, so a wrong file stays wrong. Several tries, because file
            # times are coarse and file numbers are used again.
            unchanged = unchanged + 1 if state == before else 0
            if unchanged == _UNCHANGED_AT_LAST:
                raise
            time.sleep(_PAUSE_S)


def _load(folder: Path) -> Run:
    marker = folder / f"{_STAGED}{RUN_JSON}"
    staged = marker.exists()
    info = read_info(folder, marker.name if staged else RUN_JSON)
    found: dict[TableName, pa.Table] = {
        name: parquet_table(
            name,
            _table_bytes(folder, name, info, staged=staged),
            str(folder / f"{name}.parquet"),
        )
        for name in ALL_TABLES
        if _has(info, name) or not (name in _LATER_TABLES or name in TABLES_OF_SEVERAL_MODELS)
    }
    tables = Tables.of_arrow(found)
    tried = next((row for row in tables.captures if isinstance(row, TriedRow)), None)
    return Run(folder, info, source_of(info), recipe_of(info, tried), tables)


def _has(info: Mapping[str, Any], table: TableName) -> bool:
    """True if run.json knows a table that not every run has."""
    return f"{table}.parquet" in info.get("files", {})


def _state(folder: Path) -> list[tuple[int, int] | None]:
    """Stamps of the files that a swap changes first or last, without reading them."""
    return [_stamp(folder / name) for name in (RUN_JSON, f"{_STAGED}{RUN_JSON}")]


def _stamp(file: Path) -> tuple[int, int] | None:
    try:
        stat = file.stat()
    except OSError:
        return None
    return stat.st_ino, stat.st_mtime_ns


def is_run(folder: Path) -> bool:
    """True if the folder holds a run, of whatever schema version."""
    try:
        info = json.loads((folder / RUN_JSON).read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(info, dict) and info.get("kind") == KIND


def read_info(folder: Path, name: str = RUN_JSON) -> dict[str, Any]:
    """Content of run.json, or of the staged one that waits to take its place.

    Raises:
        PiqaError: none there, not a run's, or of another schema version.
    """
    file = folder / name
    try:
        info = json.loads(file.read_bytes())
    except FileNotFoundError as error:
        raise PiqaError(
            f"{folder} holds no finished run (no run.json): run `piqa-cli rank` into it first"
        ) from error
    except (OSError, ValueError) as error:
        raise PiqaError(f"{file} can't be read as JSON: run `piqa-cli rank` again") from error
    if not isinstance(info, dict) or info.get("kind") != KIND:
        raise PiqaError(f"{file} isn't a run.json of piqa-cli: choose a folder of a run")
    check_version(info.get("schema_version"), str(file))
    return info


def _table_bytes(folder: Path, name: TableName, info: Mapping[str, Any], *, staged: bool) -> bytes:
    """The bytes of a table, after a check against the SHA-256 in run.json.

    Raises:
        PiqaError: they aren't, or can't be read.
    """
    file = folder / f"{name}.parquet"
    try:
        data = (_read_staged(file) if staged else None) or file.read_bytes()
    except OSError as error:
        raise PiqaError(f"{file} is missing or unreadable: run `piqa-cli rank` again") from error
    if hashlib.sha256(data).hexdigest() != info.get("files", {}).get(file.name):
        raise PiqaError(f"{file} doesn't match {RUN_JSON} beside it: run `piqa-cli rank` again")
    return data


def _read_staged(file: Path) -> bytes | None:
    """The staged file that waits to take this one's place; None: it has done so already."""
    try:
        return file.with_name(f"{_STAGED}{file.name}").read_bytes()
    except FileNotFoundError:
        return None
