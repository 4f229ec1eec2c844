"""Finds the run folders below some places, with their names and the start of each run."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from piqa_cli.errors import PiqaError
from piqa_cli.runs.folder import PICTURES
from piqa_cli.runs.table_set import RUN_JSON
from piqa_cli.schema import ALL_TABLES

_OF_A_RUN = frozenset({RUN_JSON, PICTURES, *(f"{table}.parquet" for table in ALL_TABLES)})


def run_folders(places: Sequence[Path], *, empty: bool = False) -> list[Path]:
    """Folders that hold a run or what is left of one, each once, even if several links lead to it.

    Args:
        places: run folders, or folders of them at any depth. Links within them aren't followed,
            so that `latest` doesn't count twice; other files are passed over.
        empty: places without a run are no error.

    Raises:
        PiqaError: a place isn't there, or there is no run in any of them.
    """
    found: dict[Path, None] = {}
    for place in places:
        if not place.exists():
            raise PiqaError(f"{place} isn't there: name a folder of runs")
        if place.is_dir():
            found |= dict.fromkeys(_walk(place.resolve()))
    if not (found or empty):
        where = ", ".join(map(str, places))
        raise PiqaError(f"no run in {where}: `piqa-cli rank CAPTURES -o runs/{{date}}` makes one")
    return sorted(found)


def _walk(folder: Path) -> Iterator[Path]:
    try:
        # Asked once for all names: a run holds several files by which it could be told.
        with os.scandir(folder) as entries:
            inside = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        raise PiqaError(f"{folder} can't be read ({error.strerror})") from error
    if any(entry.name in _OF_A_RUN for entry in inside):
        yield folder
        return
    for entry in inside:
        if entry.is_dir(follow_symlinks=False) and not entry.name.startswith("."):
            yield from _walk(folder / entry.name)


def is_run_folder(folder: Path) -> bool:
    """True if the folder holds a run, or what is left of one."""
    return any((folder / name).exists() for name in _OF_A_RUN)


def names_of(folders: Sequence[Path]) -> dict[Path, str]:
    """Every folder's name below the folder that all share."""
    above = Path(os.path.commonpath([folder.parent for folder in folders]))
    return {folder: folder.relative_to(above).as_posix() for folder in folders}


def start_of(info: Mapping[str, Any]) -> datetime:
    """The start of a run, by its run.json.

    Raises:
        PiqaError: it isn't there, or has no time zone.
    """
    try:
        start = datetime.fromisoformat(info["provenance"]["started_at"])
    except (KeyError, TypeError, ValueError) as error:
        raise PiqaError(f"{RUN_JSON} doesn't say when the run started") from error
    if start.tzinfo is None:
        raise PiqaError(f"{RUN_JSON} says no time zone of the run's start")
    return start
