"""Removes the pictures and pages of a run, or a whole run, so that a kill does no harm.

A whole run is first renamed to a hidden folder, which no command takes for a run, and then
removed. Pages go before the pictures that they show; the tables aren't touched meanwhile.
"""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path

from piqa_cli.errors import PiqaError
from piqa_cli.runs.folder import (
    PICTURES,
    REPORT,
    clear_unfinished,
    drop_older_views,
    foreign_files,
    runs_of_models,
)
from piqa_cli.runs.listing import ListedRun, sizes_of
from piqa_cli.runs.lock import hold
from piqa_cli.runs.pictures import prune_pictures
from piqa_cli.runs.pruning import Verdict
from piqa_cli.runs.table_set import read_info

_GOING = ".pruned-"


def remove(verdict: Verdict, *, tables: bool) -> int:
    """Removes what a plan says of one run.

    Args:
        verdict: of a run that isn't kept.
        tables: the whole run goes; else pictures, report and figures.

    Returns:
        Bytes that were freed.

    Raises:
        PiqaError: the run is being written or isn't the one of the plan any more (nothing was
            removed), or its files can't be removed.
    """
    run = verdict.run
    try:
        freed = sizes_of(run.folder).total  # before the lock's file names its holder
        with hold(run.folder):
            _check_unchanged(run, tables=tables)
            if not tables:
                return _remove_views(run.folder)
            going = verdict.root / f"{_GOING}{secrets.token_hex(4)}"
            run.folder.rename(going)
        shutil.rmtree(going)
        _remove_empty(run.folder.parent, verdict.root)
    except OSError as error:
        raise PiqaError(f"{run.folder} can't be removed ({error.strerror})") from error
    return freed


def _check_unchanged(run: ListedRun, *, tables: bool) -> None:
    """Refuses a run that somebody wrote anew, or put files into, since it was listed."""
    if read_info(run.folder).get("files") != run.files:
        raise PiqaError(f"{run.folder} was written meanwhile: nothing of it was removed")
    if tables and (foreign := foreign_files(run.folder)):
        raise PiqaError(f"{run.folder} holds other files, such as {foreign[0]!r}: it stays")


def _remove_views(folder: Path) -> int:
    pictures = folder / PICTURES
    before = sizes_of(folder).views
    for part in runs_of_models(folder):
        _remove_pages(part)
    _remove_pages(folder)
    prune_pictures(pictures, (), "none")
    if pictures.is_dir() and not any(pictures.iterdir()):
        pictures.rmdir()
    return before - sizes_of(folder).views


def _remove_pages(folder: Path) -> None:
    """Removes the report and other views of a run; `clear_unfinished` for what a kill left."""
    report = folder / REPORT
    clear_unfinished(folder, pictures=folder / PICTURES, report=report)
    if report.is_dir():
        # Half of a report would look like one; under this name the next writer removes it, too.
        old = folder / f".{REPORT}-{secrets.token_hex(4)}-old"
        report.rename(old)
        shutil.rmtree(old)
    drop_older_views(folder)


def _remove_empty(folder: Path, root: Path) -> None:
    """Removes folders between a root and a run, such as those of a date, that hold nothing more."""
    while folder != root and folder.is_relative_to(root) and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def finish_removals(root: Path) -> None:
    """Removes what is left of whole runs whose removal was interrupted."""
    for going in root.glob(f"{_GOING}*"):
        shutil.rmtree(going, ignore_errors=True)
