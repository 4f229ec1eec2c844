"""Prints the end of `rank`: leaderboard, counts, failures; or all of it as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from piqa_cli.cli.gate_lines import EXIT_GATE_FAILED, gates_counted, gates_fail
from piqa_cli.cli.terminal import plural, print_table, rank_range, signed

if TYPE_CHECKING:
    from piqa_cli.records import DeviceRank, RunContent, ScoreSource

EXIT_SOME_FAILED = 5
_SHOWN_FAILURES = 5
_SHOWN_UNRANKED = 10


def exit_code(run: RunContent) -> int:
    """Exit code of `rank`: 0, 6 where a gate failed, else 5 where captures could not be scored."""
    if gates_fail(run.gates):
        return EXIT_GATE_FAILED
    return EXIT_SOME_FAILED if run.failed else 0


def print_summary(run: RunContent) -> None:
    """The last lines on the screen: leaderboard, counts, failures, model, report."""
    overall = [row for row in run.ranking.devices if row.condition is None]
    leagues = len({row.league for row in overall})
    for league in sorted({row.league for row in overall}):
        if leagues > 1:
            typer.echo(f"league {league} (shares no scene with the others: not comparable)")
        _print_league([row for row in overall if row.league == league and row.has_rank])
    _print_unranked([row for row in overall if not row.has_rank])
    for note in dict.fromkeys(row.note for row in overall if row.note and row.has_rank):
        typer.echo(f"note: {note}")
    for name in [_name(row) for row in overall if row.has_rank and row.uneven]:
        typer.echo(f"note: {name} is uneven: it varies clearly more from scene to scene")
    typer.echo(f"\n{_counted(run)}")
    for failed in run.failed[:_SHOWN_FAILURES]:
        typer.echo(f"  failed: {failed.capture.path}: {failed.reason}")
    if len(run.failed) > _SHOWN_FAILURES:
        page = run.out / "report" / "captures.html"
        typer.echo(f"  ... and {len(run.failed) - _SHOWN_FAILURES} more in {page}")
    for warning in run.warnings:
        typer.echo(f"warning: {warning}")
    if run.gates:
        typer.echo(f"gates   {gates_counted(run.gates)}")
    typer.echo(_source_line(run.findings.source))
    typer.echo(f"tables  {run.out}")
    typer.echo(f"report  {run.report}")


def _source_line(source: ScoreSource) -> str:
    from piqa_cli.records import GivenScores

    if isinstance(source, GivenScores):
        return f"scores  {source.title}"
    return f"model   {source.name} (trained on {source.trained_on})"


def were_given(run: RunContent) -> bool:
    """True where a list held the scores, and no picture was read."""
    from piqa_cli.records import GivenScores

    return isinstance(run.findings.source, GivenScores)


def _counted(run: RunContent) -> str:
    counts = run.counts
    if were_given(run):
        return (
            f"{plural(counts.ok, 'score')} given, {counts.failed} missing, "
            f"{plural(counts.skipped, 'other row')} skipped"
        )
    reused = f" ({counts.reused} known already)" if counts.reused else ""
    return (
        f"{plural(counts.ok, 'capture')} scored{reused}, {counts.failed} failed, "
        f"{plural(counts.skipped, 'other file')} skipped"
    )


def _print_unranked(rows: list[DeviceRank]) -> None:
    """The devices with too little evidence for a rank, in their own list."""
    if not rows:
        return
    typer.echo("\ntoo few scenes or captures to rank")
    shown = rows[:_SHOWN_UNRANKED]
    print_table(
        ("device", "scenes", "captures"),
        [(_name(row), str(row.n_scenes), str(row.n_captures)) for row in shown],
    )
    if len(rows) > len(shown):
        typer.echo(f"... and {len(rows) - len(shown)} more")


def _print_league(rows: list[DeviceRank]) -> None:
    if not rows:
        typer.echo("no device has enough scenes and captures to be ranked")
        return
    reference = rows[0].reference
    against = () if reference is None else (f"to {reference}", "95 % interval")
    head = ("rank", "device", "score", "95 % interval", *against, "preferred", "scenes", "captures")
    print_table(head, [_cells(row) for row in rows])


def _cells(row: DeviceRank) -> tuple[str, ...]:
    return (
        rank_range(row.rank_low, row.rank_high),
        _name(row),
        signed(row.score),
        _interval(row.ci_low, row.ci_high),
        *(() if row.reference is None else _against(row)),
        "-" if row.preference is None else f"{100 * row.preference:.0f} %",
        str(row.n_scenes),
        str(row.n_captures),
    )


def _name(row: DeviceRank) -> str:
    return row.device if row.firmware is None else f"{row.device} {row.firmware}"


def _interval(low: float | None, high: float | None) -> str:
    return "unknown" if low is None else f"{signed(low)} .. {signed(high)}"


def _against(row: DeviceRank) -> tuple[str, str]:
    """The gap to the reference; nothing beside the reference itself and where there is none."""
    itself = row.reference in (row.device, row.competitor.name)
    if itself or row.gap is None:
        return "-", "-"
    return signed(row.gap), _interval(row.gap_low, row.gap_high)


def summary_json(run: RunContent) -> dict[str, Any]:
    """The run as one object, for scripts."""
    from dataclasses import asdict

    return {
        "out": str(run.out),
        "report": str(run.report),
        "model": run.findings.source.name,
        "exit_code": exit_code(run),
        "started_at": run.provenance["started_at"],
        "duration_s": round(sum(run.seconds.values()), 3),
        "seconds": dict(run.seconds),
        "counts": asdict(run.counts),
        "device_ranks": [asdict(row) for row in run.ranking.devices],
        "failed": [
            {"path": f.capture.path, "stage": f.stage, "reason": f.reason} for f in run.failed
        ],
        "warnings": list(run.warnings),
        "gates": [asdict(gate) for gate in run.gates],
    }
