"""Finds comparisons in and beside folders of runs, and the runs that they name."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from piqa_cli.compare.rows import KIND
from piqa_cli.errors import PiqaError
from piqa_cli.runs.pruning import NamedRun
from piqa_cli.runs.run_folders import is_run_folder

COMPARE_JSON = "compare.json"
_BESIDE = 2  # levels below the folder above: `changes`, and `changes/2026-01-31`


def named_runs(roots: Iterable[Path]) -> list[NamedRun]:
    """Runs that comparisons name, BASE and NEW of each.

    Args:
        roots: folders of runs. Comparisons lie in them at any depth, or beside them, or in a folder
            beside them.

    Raises:
        PiqaError: a comparison can't be read, so nobody knows which runs it names.
    """
    found: dict[Path, None] = {}
    for root in roots:
        found |= dict.fromkeys(_comparisons(root, None))
        found |= dict.fromkeys(_comparisons(root.parent, _BESIDE))
    return [run for folder in found for run in _named(folder)]


def _comparisons(folder: Path, levels: int | None) -> Iterator[Path]:
    """Folders that hold a comparison, not more than some levels below a folder."""
    if (folder / COMPARE_JSON).exists():
        yield folder
        return
    if levels == 0 or is_run_folder(folder):
        return
    try:
        with os.scandir(folder) as entries:
            below = sorted(
                entry.name
                for entry in entries
                if entry.is_dir(follow_symlinks=False) and not entry.name.startswith(".")
            )
    except OSError:  # other people's folders beside the runs
        return
    for name in below:
        yield from _comparisons(folder / name, None if levels is None else levels - 1)


def _named(folder: Path) -> Iterator[NamedRun]:
    file = folder / COMPARE_JSON
    try:
        known = json.loads(file.read_bytes())
        if not isinstance(known, dict) or known.get("kind") != KIND:
            return
        for run in (known["base"], known["new"]):
            yield NamedRun(folder, str(run["name"]), dict(run["files"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PiqaError(
            f"{file} can't be read, so the runs that it names aren't known: "
            "compare again or remove it"
        ) from error
