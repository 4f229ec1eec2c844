"""`piqa-cli rank`: the main job."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from piqa_cli.cli import options
from piqa_cli.cli.screen import (
    plural,
    print_json,
    print_table,
    progress_bar,
    rank_range,
    signed,
)
from piqa_cli.settings import (
    DEFAULT_LAYOUT,
    DEFAULT_MODEL,
    DEFAULT_TIE_JOD,
    DEFAULT_TIMEOUT_S,
    By,
    RankSettings,
    RunSettings,
)

if TYPE_CHECKING:
    from piqa_cli.pipeline import Summary
    from piqa_cli.records import DeviceRank

EXIT_SOME_FAILED = 5
_SHOWN_FAILURES = 5


def rank(
    captures: options.Captures = None,
    out: Annotated[
        Path,
        typer.Option("--out", "-o", help="Folder for tables, pictures and report.", readable=False),
    ] = Path("piqa-run"),
    manifest: options.Manifest = None,
    layout: options.Layout = DEFAULT_LAYOUT,
    only: options.Only = None,
    exclude: options.Exclude = None,
    model: options.Model = DEFAULT_MODEL,
    working_size: options.WorkingSize = options.DEFAULT_WORKING_SIZE,
    face: options.FaceOption = "confident",
    by: Annotated[
        By | None,
        typer.Option(help="Who competes; by default device+firmware where firmware is known."),
    ] = None,
    tie_jod: Annotated[
        float, typer.Option(min=0.0, metavar="JOD", help="Smaller gaps are ties.")
    ] = DEFAULT_TIE_JOD,
    compute: options.ComputeOption = "auto",
    precision: options.PrecisionOption = "auto",
    workers: options.Workers = None,
    timeout_s: options.Timeout = DEFAULT_TIMEOUT_S,
    fresh: options.Fresh = False,
    csv: Annotated[bool, typer.Option("--csv", help="Write every table as CSV too.")] = False,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Score every capture, rank the devices within each scene, write tables and report."""
    settings = RunSettings(
        find=options.find_settings(
            captures, manifest=manifest, layout=layout, only=only, exclude=exclude
        ),
        out=out,
        score=options.score_settings(
            model=model,
            working_size=working_size,
            face=face,
            precision=precision,
            compute=compute,
            workers=workers,
            timeout_s=timeout_s,
            fresh=fresh,
        ),
        rank=RankSettings(by, tie_jod),
        csv=csv,
        command=tuple(sys.argv),
    )
    from piqa_cli.pipeline import run

    summary = run(settings, progress=progress_bar(quiet or as_json))
    if as_json:
        print_json(_as_json(summary))
    elif not quiet:
        _print(summary)
    elif summary.failed:
        first = summary.failed[0]
        typer.echo(
            f"piqa-cli: {plural(len(summary.failed), 'capture')} could not be scored "
            f"(first: {first.capture.path}: {first.reason})",
            err=True,
        )
    if summary.failed:
        raise typer.Exit(EXIT_SOME_FAILED)


def _print(summary: Summary) -> None:
    """The last lines on the screen: leaderboard, counts, failures, model, report."""
    overall = [row for row in summary.device_ranks if row.condition is None]
    leagues = len({row.league for row in overall})
    for league in sorted({row.league for row in overall}):
        if leagues > 1:
            typer.echo(f"league {league} (shares no scene with the others: not comparable)")
        _print_league([row for row in overall if row.league == league])
    for note in dict.fromkeys(row.note for row in overall if row.note):
        typer.echo(f"note: {note}")
    counts = summary.counts
    reused = f" ({counts.reused} known already)" if counts.reused else ""
    typer.echo(
        f"\n{plural(counts.ok, 'capture')} scored{reused}, {counts.failed} failed, "
        f"{plural(counts.skipped, 'other file')} skipped"
    )
    for failed in summary.failed[:_SHOWN_FAILURES]:
        typer.echo(f"  failed: {failed.capture.path}: {failed.reason}")
    if len(summary.failed) > _SHOWN_FAILURES:
        page = summary.report.parent / "captures.html"
        typer.echo(f"  ... and {len(summary.failed) - _SHOWN_FAILURES} more in {page}")
    for warning in summary.warnings:
        typer.echo(f"warning: {warning}")
    typer.echo(f"model   {summary.model} (trained on {summary.trained_on})")
    typer.echo(f"tables  {summary.out}")
    typer.echo(f"report  {summary.report}")


def _print_league(rows: list[DeviceRank]) -> None:
    head = ("rank", "device", "score", "95 % interval", "preferred", "scenes", "captures")
    print_table(head, [_cells(row) for row in rows])


def _cells(row: DeviceRank) -> tuple[str, ...]:
    name = row.device if row.firmware is None else f"{row.device} {row.firmware}"
    has_interval = row.ci_low is not None
    return (
        rank_range(row.rank_low, row.rank_high),
        name,
        signed(row.score),
        f"{signed(row.ci_low)} .. {signed(row.ci_high)}" if has_interval else "unknown",
        "-" if row.preference is None else f"{100 * row.preference:.0f} %",
        str(row.n_scenes),
        str(row.n_captures),
    )


def _as_json(summary: Summary) -> dict[str, Any]:
    """The run as one object, for scripts."""
    from dataclasses import asdict

    return {
        "out": str(summary.out),
        "report": str(summary.report),
        "model": summary.model,
        "counts": asdict(summary.counts),
        "device_ranks": [asdict(row) for row in summary.device_ranks],
        "failed": [
            {"path": f.capture.path, "stage": f.stage, "reason": f.reason} for f in summary.failed
        ],
        "warnings": list(summary.warnings),
    }
