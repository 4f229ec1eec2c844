"""Decides which old runs lose their pictures, or go: pictures first, tables last.

A night's pictures and pages take hundreds of times the place of its tables, and only the tables
feed histories and comparisons. So pages and pictures of old runs can go early, whole runs late.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from piqa_cli.runs.dated_folders import LATEST, LATEST_TEXT
from piqa_cli.runs.folder import foreign_files
from piqa_cli.runs.listing import ListedRun, Unlisted, list_runs
from piqa_cli.runs.lock import is_held
from piqa_cli.runs.run_folders import is_run_folder, run_folders


@dataclass(frozen=True, slots=True)
class PruneRules:
    """Runs to keep, and what goes of the others.

    Attributes:
        keep_last: number of runs that started last, of every root; at least 1.
        keep_monthly: keep the last run of every month (UTC), too.
        tables: whole runs go; else pictures, report and figures, and the tables stay.
    """

    keep_last: int
    keep_monthly: bool = False
    tables: bool = False


@dataclass(frozen=True, slots=True)
class NamedRun:
    """A run that a comparison names.

    Attributes:
        comparison: the comparison's folder.
        name: the run's folder, with as many parents as the comparison needed.
        files: SHA-256 of its tables, by file name.
    """

    comparison: Path
    name: str
    files: Mapping[str, str]

    def means(self, run: ListedRun) -> bool:
        """True if it is this run: by its tables, wherever it lies now, or by its name."""
        parts = Path(self.name).parts
        return self.files == run.files or run.folder.parts[-len(parts) :] == parts


@dataclass(frozen=True, slots=True)
class Verdict:
    """The fate of a run.

    Attributes:
        run: the run.
        root: the folder whose runs were counted together.
        kept: why nothing of it goes; None: it is pruned.
        by_rule: whether `--keep-last` or `--keep-monthly` keeps it.
        goes: bytes that pruning frees; 0 where there is nothing left to remove.
    """

    run: ListedRun
    root: Path
    kept: str | None
    by_rule: bool
    goes: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The fate of every run.

    Attributes:
        roots: folders whose runs were counted together.
        verdicts: by root and start.
        unlisted: what isn't a readable run, and so is left alone.
    """

    roots: tuple[Path, ...]
    verdicts: tuple[Verdict, ...]
    unlisted: tuple[Unlisted, ...]


def roots_of(places: Sequence[Path]) -> dict[Path, list[Path]]:
    """The run folders in some places, by the folder whose runs are counted together.

    That is each place, or the folder above it where the place is a run itself, so that `runs/2*`
    means the same as `runs`.

    Raises:
        PiqaError: a place isn't there, or there is no run in any of them.
    """
    run_folders(places)  # complains of places that aren't there, and where there is no run at all
    roots: dict[Path, list[Path]] = {}
    seen: set[Path] = set()
    for place in (place.resolve() for place in places if place.is_dir()):
        root = place.parent if is_run_folder(place) else place
        new = [folder for folder in run_folders([place], empty=True) if folder not in seen]
        if new:
            roots.setdefault(root, []).extend(new)
            seen.update(new)
    return roots


def plan(places: Sequence[Path], rules: PruneRules, named: Sequence[NamedRun] = ()) -> Plan:
    """Says what goes and what stays, and changes nothing.

    Never touched are: a run that a link points to (`latest` and others beside or above the runs),
    one that a comparison names, one that is being written, and what is no readable run. A whole
    run stays where its folder holds other people's files, too.

    Args:
        places: run folders, or folders of them.
        rules: what to keep.
        named: runs that comparisons name.

    Raises:
        PiqaError: a place isn't there, or there is no run in any of them.
    """
    roots = roots_of(places)
    listed, unlisted = list_runs(places)
    root_of = {folder: root for root, folders in roots.items() for folder in folders}
    links = linked_runs(roots)
    verdicts: list[Verdict] = []
    for root in roots:
        own = [run for run in listed if root_of[run.folder] == root]
        by_rule = _kept_by_rule(own, rules)
        for run in own:
            kept = by_rule.get(run.folder) or _protection(run, links, named, rules)
            goes = run.sizes.total if rules.tables else run.sizes.views
            is_kept = run.folder in by_rule
            verdicts.append(Verdict(run, root, kept, is_kept, 0 if kept else goes))
    return Plan(tuple(roots), tuple(verdicts), tuple(unlisted))


def _kept_by_rule(runs: Sequence[ListedRun], rules: PruneRules) -> dict[Path, str]:
    """Runs that the rules keep, with the reason; `runs` by their start."""
    kept: dict[Path, str] = {}
    if rules.keep_monthly:
        months = {f"{run.started_at.astimezone(UTC):%Y-%m}": run for run in runs}
        kept = {run.folder: f"the last run of {month}" for month, run in months.items()}
    last = f"one of the last {rules.keep_last}" if rules.keep_last > 1 else "the last run"
    return kept | {run.folder: last for run in runs[-rules.keep_last :]}


def _protection(
    run: ListedRun,
    links: Mapping[Path, Path],
    named: Iterable[NamedRun],
    rules: PruneRules,
) -> str | None:
    """Reason why a run that no rule keeps stays all the same; None: it goes."""
    if run.folder in links:
        return f"{links[run.folder].name} points to it"
    for one in named:
        if one.means(run):
            return f"the comparison {one.comparison.name} names it"
    if is_held(run.folder):
        return "is being written"
    if rules.tables and (foreign := foreign_files(run.folder)):
        return f"holds other files, such as {foreign[0]!r}"
    return None


def linked_runs(roots: Mapping[Path, Sequence[Path]]) -> dict[Path, Path]:
    """Run folders that a link, or a link's stand-in `latest.txt`, points to or into.

    Looked at are the folders from the one above each root down to the runs, and for `latest` all
    folders above.
    """
    folders = {folder for own in roots.values() for folder in own}
    links: dict[Path, Path] = {}
    for link, target in _links(roots):
        for place in (target, *target.parents):
            if place in folders:
                links.setdefault(place, link)
    return links


def _links(roots: Mapping[Path, Sequence[Path]]) -> Iterator[tuple[Path, Path]]:
    """Links with the places they point to."""
    near = {root.parent for root in roots}
    above = {place for root in roots for place in root.parents} - near
    for root, folders in roots.items():
        for folder in folders:
            near |= {place for place in folder.parents if place.is_relative_to(root)}
    for place in sorted(near):
        try:
            with os.scandir(place) as entries:
                found = [Path(entry.path) for entry in entries if entry.is_symlink()]
        except OSError:  # of the folder above, which needn't be readable
            found = [place / LATEST]
        yield from ((link, link.resolve()) for link in sorted(found))
    yield from ((place / LATEST, (place / LATEST).resolve()) for place in sorted(above))
    for text in (place / LATEST_TEXT for place in sorted(near | above)):
        try:
            target = text.read_text(encoding="utf-8").strip()
        except (OSError, ValueError):
            continue
        yield text, (text.parent / target).resolve()
