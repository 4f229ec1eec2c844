"""`piqa-cli scan`: the captures that a run would find."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import typer

from piqa_cli.acknowledge import parted
from piqa_cli.cli import options
from piqa_cli.cli.choice import Choice, chooses_captures, find_settings
from piqa_cli.cli.missing_lines import print_matrix, print_missing
from piqa_cli.cli.terminal import plural, print_json, print_table, say
from piqa_cli.errors import PiqaError
from piqa_cli.remote import threads_for
from piqa_cli.settings import FindSettings

if TYPE_CHECKING:
    from piqa_cli.discover.matrix import ScanMatrix
    from piqa_cli.records import Capture, Discovery
    from piqa_cli.records.expected import Shortfall


@chooses_captures
def scan(
    context: typer.Context,
    captures: options.Captures = None,
    choice: Choice = Choice(),  # noqa: B008  (it is frozen)
    as_json: options.AsJson = False,
) -> None:
    """Show which captures a run would find, as a scene x device table, without scoring."""
    from piqa_cli.discover.matrix import scan_matrix
    from piqa_cli.discover.near_names import ranking_warning
    from piqa_cli.discover.walk import discover

    find = find_settings(context, captures, choice)
    found = discover(find)
    by = context.obj.of_command("rank", "by")
    near = ranking_warning(found.captures, find.devices, by=by)
    discovery = replace(found, warnings=(*found.warnings, *near))
    not_there = [] if find.manifest is None else _not_there(discovery.captures)
    if len(not_there) == len(discovery.captures):
        raise PiqaError(
            f"none of the {plural(len(not_there), 'file')} that {find.manifest} names is there "
            f"(first: {not_there[0]}); paths are relative to the manifest's folder"
        )
    matrix, missing = scan_matrix(discovery), _missing(context, discovery, find)
    lines = missing.lines if missing else ()
    patterns = context.obj.acknowledged()
    if as_json:
        known = parted((*lines, *discovery.warnings), patterns, text=str)[1]
        print_json(_as_json(matrix, discovery, not_there, missing) | {"acknowledged": known})
    else:
        _print(matrix, discovery, not_there, missing, patterns)
        if missing:
            print_matrix(missing)
    print_missing(parted(lines, patterns, text=str)[0])


def _not_there(captures: Sequence[Capture]) -> list[str]:
    """Paths of captures whose files aren't there; a storage answers for many at a time.

    Raises:
        PiqaError: it doesn't answer.
    """
    from concurrent.futures import ThreadPoolExecutor

    try:
        with ThreadPoolExecutor(threads_for(capture.file for capture in captures)) as threads:
            there = list(threads.map(lambda capture: capture.file.exists(), captures))
    except OSError as error:
        raise PiqaError(f"{captures[0].file} can't be looked up: {error.strerror}") from error
    return [capture.path for capture, found in zip(captures, there, strict=True) if not found]


def _missing(context: typer.Context, discovery: Discovery, find: FindSettings) -> Shortfall | None:
    """Holds the captures against `[expect]`; None: there is no such table."""
    from piqa_cli.discover.only_exclude import parse_chooser
    from piqa_cli.expect.expectation import open_expectation
    from piqa_cli.expect.on_disk import sightings_on_disk

    expectation = open_expectation(context.obj.expect(), find.devices)
    if expectation is None:
        return None
    return expectation.check(
        sightings_on_disk(discovery.captures, expectation.base),
        parse_chooser(find.only, find.exclude),
        conditions={name: scene.condition for name, scene in discovery.scenes.items()},
    )


def _as_json(
    matrix: ScanMatrix,
    discovery: Discovery,
    not_there: Sequence[str],
    missing: Shortfall | None,
) -> dict[str, Any]:
    return {
        **asdict(matrix),
        "n_holes": matrix.n_holes,
        "not_there": list(not_there),
        "failed": [{"path": row.path, "reason": row.reason} for row in discovery.folders],
        "skipped": [{"path": row.path, "reason": row.reason} for row in discovery.skipped],
        "warnings": [*(missing.lines if missing else ()), *discovery.warnings],
        "expected": asdict(missing) if missing else None,
    }


def _print(
    matrix: ScanMatrix,
    discovery: Discovery,
    not_there: Sequence[str],
    missing: Shortfall | None,
    acknowledge: Sequence[str],
) -> None:
    rows = [
        (scene, *(str(count) if count else "." for count in counts))
        for scene, counts in zip(matrix.scenes, matrix.counts, strict=True)
    ]
    print_table(("scene", *matrix.devices), rows)
    same = f" ({matrix.n_same_shot} of the same shot)" if matrix.n_same_shot else ""
    say()
    say(
        f"{plural(matrix.n_captures, 'capture')} of "
        f"{plural(len(matrix.devices), 'device')} in {plural(len(matrix.scenes), 'scene')}, "
        f"{plural(matrix.n_holes, 'hole')} (.), "
        f"{plural(matrix.n_skipped, 'other file')} skipped{same}, "
        f"{matrix.n_ignored} ignored (hidden files, scene.toml)"
    )
    if matrix.without_captures:
        say(f"devices without a picture: {', '.join(matrix.without_captures)}")
    lines = missing.lines if missing else ()  # on stderr
    warnings, known = parted((*lines, *discovery.warnings), acknowledge, text=str)
    for warning in warnings:
        if warning not in lines:
            say(f"warning: {warning}")
    if known:
        say(f"{plural(len(known), 'warning')} acknowledged in piqa.toml")
    for folder in discovery.folders:
        say(f"  failed: {folder.path}: {folder.reason}")
    for path in not_there:
        say(f"  not there: {path}")
    for skipped in discovery.skipped:
        say(f"  skipped: {skipped.path}: {skipped.reason}")
