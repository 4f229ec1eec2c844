"""Lists runs by their run.json and the sizes of their files; no table is read."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from piqa_cli.errors import PiqaError
from piqa_cli.runs.folder import FIGURES, PICTURES, REPORT, SINGLE_FILE, runs_of_models
from piqa_cli.runs.run_folders import names_of, run_folders, start_of
from piqa_cli.runs.table_set import RUN_JSON, read_info
from piqa_cli.schema import ALL_TABLES

_TABLES = frozenset(
    {RUN_JSON, *(f"{t}.{suffix}" for t in ALL_TABLES for suffix in ("parquet", "csv"))}
)
_REPORTS = frozenset({REPORT, SINGLE_FILE, FIGURES})


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes of a run's files.

    Attributes:
        tables: Parquet, CSV and run.json.
        pictures: `pictures/`.
        report: the pages, the single file and the figures.
        other: logs, keys of blind reports, and what isn't piqa-cli's.
    """

    tables: int
    pictures: int
    report: int
    other: int

    @property
    def views(self) -> int:
        """Bytes that can go while the tables stay: pictures and report."""
        return self.pictures + self.report

    @property
    def total(self) -> int:
        """Bytes of the whole folder."""
        return self.tables + self.pictures + self.report + self.other


@dataclass(frozen=True, slots=True)
class ListedRun:
    """A finished run, as its run.json has it.

    Attributes:
        folder: where it lies, links resolved.
        name: the folder, below the folder that all listed runs share.
        started_at: with its time zone.
        model: that scored the captures, or the source of given scores.
        devices: competitors that were ranked; None: written before run.json kept it.
        ok, failed: captures.
        gates: outcome -> number of gates: `failed`, `warning`, `not judged`, `passed`.
        files: SHA-256 of every table, by file name.
        sizes: bytes of its files.
    """

    folder: Path
    name: str
    started_at: datetime
    model: str
    devices: int | None
    ok: int
    failed: int
    gates: Mapping[str, int]
    files: Mapping[str, str]
    sizes: Sizes


@dataclass(frozen=True, slots=True)
class Unlisted:
    """A folder that holds a run's files and no readable run, with the reason."""

    folder: Path
    name: str
    reason: str


def list_runs(places: Sequence[Path]) -> tuple[list[ListedRun], list[Unlisted]]:
    """Every run in some folders, by its start, and the folders that can't be listed.

    Args:
        places: run folders, or folders of them at any depth; see `run_folders`.

    Raises:
        PiqaError: a place isn't there, or there is no run in any of them.
    """
    runs: list[ListedRun] = []
    unlisted: list[Unlisted] = []
    for folder, name in names_of(run_folders(places)).items():
        try:
            runs.append(_listed(folder, name))
        except PiqaError as error:
            unlisted.append(Unlisted(folder, name, str(error)))
        except OSError as error:
            unlisted.append(Unlisted(folder, name, f"can't be read ({error.strerror})"))
    return sorted(runs, key=lambda run: (run.started_at, run.name)), unlisted


def _listed(folder: Path, name: str) -> ListedRun:
    info = read_info(folder)
    started_at = start_of(info)
    devices = info.get("devices")
    try:
        return ListedRun(
            folder=folder,
            name=name,
            started_at=started_at,
            model=str(info["model"]["name"]),
            devices=devices if isinstance(devices, int) else None,
            ok=int(info["counts"]["ok"]),
            failed=int(info["counts"]["failed"]),
            gates=Counter(_outcome(gate) for gate in info.get("gates", ())),
            files=dict(info["files"]),
            sizes=sizes_of(folder),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise PiqaError(f"{RUN_JSON} lacks counts, model or files: rank again") from error


def _outcome(gate: Mapping[str, Any]) -> str:
    match gate.get("passed"):
        case True:
            return "passed"
        case False:
            return "warning" if gate.get("level") == "warn" else "failed"
        case _:
            return "not judged"


def sizes_of(folder: Path) -> Sizes:
    """Bytes of a run's files by what they are for; links count as nothing.

    Raises:
        OSError: a folder can't be read.
    """
    known: Counter[str] = Counter()
    with os.scandir(folder) as entries:
        for entry in entries:
            known[_part(entry.name)] += _bytes_of(entry)
    for part in runs_of_models(folder):
        own = sizes_of(part)
        known["other"] -= own.total
        known.update({"tables": own.tables, "report": own.report, "other": own.other})
    return Sizes(known["tables"], known["pictures"], known["report"], known["other"])


def _part(name: str) -> str:
    if name in _TABLES:
        return "tables"
    if name == PICTURES:
        return "pictures"
    # Pages that are being replaced, or were when a process was killed, wait under hidden names.
    return "report" if name in _REPORTS or name.startswith(f".{REPORT}-") else "other"


def _bytes_of(entry: os.DirEntry[str]) -> int:
    try:
        if entry.is_dir(follow_symlinks=False):
            with os.scandir(entry.path) as inside:
                return sum(map(_bytes_of, inside))
        return 0 if entry.is_symlink() else entry.stat(follow_symlinks=False).st_size
    except FileNotFoundError:  # a run that is being written replaces files meanwhile
        return 0
