"""`piqa-cli scan`: the captures that a run would find."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import typer

from piqa_cli.acknowledge import parted
from piqa_cli.cli import options
from piqa_cli.cli.terminal import plural, print_json, print_table, say
from piqa_cli.settings import DEFAULT_LAYOUT

if TYPE_CHECKING:
    from piqa_cli.discover.matrix import ScanMatrix
    from piqa_cli.records import Discovery


def scan(
    context: typer.Context,
    captures: options.Captures = None,
    manifest: options.Manifest = None,
    layout: options.Layout = DEFAULT_LAYOUT,
    only: options.Only = None,
    exclude: options.Exclude = None,
    shots: options.ShotsOption = "one",
    as_json: options.AsJson = False,
) -> None:
    """Show which captures a run would find, as a scene x device table, without scoring."""
    from piqa_cli.discover.matrix import scan_matrix
    from piqa_cli.discover.walk import discover

    discovery = discover(
        options.find_settings(
            context,
            captures,
            manifest=manifest,
            layout=layout,
            only=only,
            exclude=exclude,
            shots=shots,
        )
    )
    matrix = scan_matrix(discovery)
    if as_json:
        print_json(_as_json(matrix, discovery))
    else:
        _print(matrix, discovery, context.obj.acknowledged())


def _as_json(matrix: ScanMatrix, discovery: Discovery) -> dict[str, Any]:
    return {
        **asdict(matrix),
        "n_holes": matrix.n_holes,
        "not_there": [c.path for c in discovery.captures if not c.file.exists()],
        "skipped": [{"path": row.path, "reason": row.reason} for row in discovery.skipped],
        "warnings": list(discovery.warnings),
    }


def _print(matrix: ScanMatrix, discovery: Discovery, acknowledge: Sequence[str]) -> None:
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
    warnings, known = parted(discovery.warnings, acknowledge, text=str)
    for warning in warnings:
        say(f"warning: {warning}")
    if known:
        say(f"{plural(len(known), 'warning')} acknowledged in piqa.toml")
    for capture in discovery.captures:
        if not capture.file.exists():
            say(f"  not there: {capture.path}")
    for skipped in discovery.skipped:
        say(f"  skipped: {skipped.path}: {skipped.reason}")
