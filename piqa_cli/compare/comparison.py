"""Compares two runs: pairs devices and captures, then judges scenes and devices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from piqa_cli.compare.cells import Cell, Pair, gather, partners, same_file
from piqa_cli.compare.contrast import contrast, noise_of
from piqa_cli.compare.devices import pair_devices
from piqa_cli.compare.expected import chooser_of, missing_in_new, missing_lines
from piqa_cli.compare.overall import device_changes
from piqa_cli.compare.recipes import check_recipes, decoder_notes
from piqa_cli.compare.records import CaptureChange, Change, Comparison
from piqa_cli.compare.scenes import Rules, scene_change
from piqa_cli.discover.near_names import ADVICE, near_names, several_ways
from piqa_cli.errors import PiqaError
from piqa_cli.expect.expectation import Expectation, captures_of
from piqa_cli.past_runs import open_named
from piqa_cli.records import Competitor
from piqa_cli.records.capture_row import ScoredRow, TriedRow
from piqa_cli.records.device_names import DeviceName
from piqa_cli.report.site import open_site
from piqa_cli.report.text import counted
from piqa_cli.runs.capture_rows import folder_rows
from piqa_cli.runs.table_set import Run
from piqa_cli.settings import DEFAULT_TIE_JOD

_MOVED = 1e-6  # smaller shifts of a score come from rounding on another processor


def compare_folders(
    base: Path,
    new: Path,
    *,
    maps: Sequence[str] = (),
    tie_jod: float | None = None,
    devices: Sequence[DeviceName] = (),
    expectation: Expectation | None = None,
) -> Comparison:
    """Compares the runs of two folders under the names of `[devices]`; see `compare`.

    Raises:
        PiqaError: a folder holds no run, or the runs can't be compared.
        UsageError: a map that can't be read.
    """
    ours, theirs = (open_named(folder, devices) for folder in (base, new))
    found = compare(
        ours, theirs, maps=maps, tie_jod=tie_jod, expectation=expectation, devices=devices
    )
    return replace(found, notes=(*found.notes, *_near_names(found, devices)))


def compare(
    base: Run,
    new: Run,
    *,
    maps: Sequence[str] = (),
    tie_jod: float | None = None,
    expectation: Expectation | None = None,
    devices: Sequence[DeviceName] = (),
) -> Comparison:
    """Compares two runs, NEW minus BASE.

    Args:
        base: what was.
        new: what is.
        maps: `old=new` for devices of other names in NEW.
        tie_jod: smaller differences don't count; None: what NEW was ranked with.
        expectation: what NEW must have; None: what BASE has.
        devices: other names of devices, already applied.

    Raises:
        PiqaError: scores that weren't made alike, an unknown device, nothing scored.
        UsageError: a map that can't be read.
    """
    check_recipes(base, new)
    ours, theirs = _captures(base), _captures(new)
    roster = pair_devices(ours, theirs, maps)
    cells = gather(ours, theirs, roster)
    site = open_site(new)
    tie_jod = _tie_jod(tie_jod, site.tie_jod)
    jod_per_unit = new.source.jod_per_unit
    rules = Rules(tie_jod / jod_per_unit if jod_per_unit else 0.0, jod_per_unit)
    contrasts = [contrast(cell) for cell in cells]
    noise = noise_of(cells, contrasts)
    scenes = tuple(
        scene_change(cell, found, noise, rules)
        for cell, found in zip(cells, contrasts, strict=True)
    )
    captures = tuple(change for cell in cells for change in _changes(cell))
    expected = missing_in_new(
        ours, theirs, roster, chooser=chooser_of(new, devices), expectation=expectation
    )
    names = run_names(base.folder, new.folder)
    return Comparison(
        base=base,
        new=new,
        base_name=names[0],
        new_name=names[1],
        unit=site.unit,
        tie_jod=tie_jod,
        tie=rules.tie,
        jod_per_unit=jod_per_unit,
        devices=tuple(device_changes(roster.subjects, scenes, captures, rules)),
        scenes=scenes,
        captures=captures,
        noise=noise,
        notes=(
            *missing_lines(expected),
            *_failed_folders(base, "BASE"),
            *_failed_folders(new, "NEW"),
            *roster.notes,
            *decoder_notes(base, new),
            *_moved_scores(cells),
            *_ordered(captures),
        ),
        expected=expected,
    )


def _near_names(found: Comparison, devices: Sequence[DeviceName]) -> Iterator[str]:
    """Note on devices that weren't compared with themselves because of another spelling."""
    names: Counter[Competitor] = Counter()
    for row in found.overall():
        subject = row.subject
        device = subject.device or subject.base_device
        if device is not None:
            names[Competitor(device)] += row.n_base + row.n_new
    if near := near_names(names, devices):
        yield f"{several_ways(near)}: compared as different devices; {ADVICE}"


def _tie_jod(asked: float | None, ranked_with: float | None) -> float:
    if asked is not None:
        return asked
    return DEFAULT_TIE_JOD if ranked_with is None else ranked_with


def _captures(run: Run) -> list[TriedRow]:
    rows = list(captures_of(run.tables.captures))
    if not any(isinstance(row, ScoredRow) for row in rows):
        raise PiqaError(f"{run.folder} holds no scored capture: nothing to compare")
    return rows


def _failed_folders(run: Run, name: str) -> Iterator[str]:
    """A line on folders without captures, which nothing else here tells."""
    failed = folder_rows(run.tables.captures)
    if failed:
        yield (
            f"{counted(len(failed), 'folder')} of {name} without captures "
            f"(first: {failed[0].path}: {failed[0].reason})"
        )


def run_names(base: Path, new: Path) -> tuple[str, str]:
    """The folders' names, with as many of their parents as make them differ.

    >>> run_names(Path("/lab/mon/run"), Path("/lab/tue/run"))
    ('mon/run', 'tue/run')
    """
    parts = [folder.resolve().parts for folder in (base, new)]
    longest = max(map(len, parts))
    for n in range(1, longest + 1):
        one, other = ("/".join(part for part in own[-n:] if part != "/") for own in parts)
        if one != other:
            break
    else:
        one = other = parts[0][-1]
    return one, other


def _changes(cell: Cell) -> Iterator[CaptureChange]:
    for pair in partners(cell):
        yield _change(cell, pair)


def _change(cell: Cell, pair: Pair) -> CaptureChange:
    base, new, paired_by = pair
    change = _fate(pair)
    score, base_score = (row.score if row else None for row in (new, base))
    difference = None
    if score is not None and base_score is not None:
        difference = 0.0 if change == "unchanged" else score - base_score
    there = new or base
    return CaptureChange(
        scene=cell.scene,
        subject=cell.subject,
        change=change,
        paired_by=paired_by,
        path=new.path if new else None,
        base_path=base.path if base else None,
        take=there.take if there else None,
        status=new.status if new else None,
        base_status=base.status if base else None,
        reason=new.reason if new else None,
        score=score,
        base_score=base_score,
        difference=difference,
        sha256=new.sha256 if new else None,
        base_sha256=base.sha256 if base else None,
        size=_size(new),
        base_size=_size(base),
    )


def _fate(pair: Pair) -> Change:
    base, new, _ = pair
    if base is None:
        return "added"
    if new is None:
        return "removed"
    return "unchanged" if same_file(base, new) else "changed"


def _ordered(captures: Iterable[CaptureChange]) -> Iterator[str]:
    """Note on captures that no name pairs."""
    count = sum(capture.paired_by == "order" for capture in captures)
    if count:
        yield (
            f"{counted(count, 'capture')} of NEW paired with BASE by order: names carry dates or "
            "counters, so the k-th of a device in a scene is compared with the k-th"
        )


def _size(row: TriedRow | None) -> tuple[int, int] | None:
    if row is None or row.working_width_px is None or row.working_height_px is None:
        return None
    return row.working_width_px, row.working_height_px


def _moved_scores(cells: Iterable[Cell]) -> Iterator[str]:
    """Warning that equal files were scored differently, which is no change of a camera."""
    shifts: Counter[str] = Counter()
    largest = 0.0
    for cell in cells:
        ours = {row.sha256: row.score for row in cell.base_scored}
        for row in cell.new_scored:
            shift = abs(row.score - ours.get(row.sha256, row.score))
            if row.sha256 is not None and shift > _MOVED:
                shifts["files"] += 1
                largest = max(largest, shift)
    if shifts:
        yield (
            f"{counted(shifts['files'], 'unchanged file')} scored differently in the two runs "
            f"(by up to {largest:.2g}: another face box, decoder or processor); they count as 0"
        )
