"""What `rank` says at its end: leaderboard, counts, failures; or all of it as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from piqa_cli.cli.screen import plural, print_table, rank_range, signed

if TYPE_CHECKING:
    from piqa_cli.pipeline import Summary
    from piqa_cli.records import DeviceRank

_SHOWN_FAILURES = 5


def print_summary(summary: Summary) -> None:
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


def summary_json(summary: Summary) -> dict[str, Any]:
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
