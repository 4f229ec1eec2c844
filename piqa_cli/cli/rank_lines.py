"""Prints the end of `rank`: leaderboard, counts, failures; or all of it as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from piqa_cli.cli.gate_lines import EXIT_GATE_FAILED, gates_counted, gates_fail
from piqa_cli.cli.terminal import plural, print_table, rank_range, say, signed

if TYPE_CHECKING:
    from piqa_cli.records import DeviceRank, RunContent, ScoreSource

EXIT_SOME_FAILED = 5
_SHOWN_FAILURES = 5
_SHOWN_WARNINGS = 5
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
            say(f"league {league} (shares no scene with the others: not comparable)")
        _print_league([row for row in overall if row.league == league and row.has_rank])
    _print_unranked([row for row in overall if not row.has_rank])
    ranked = [row for row in overall if row.has_rank]
    for note in dict.fromkeys(row.note for row in ranked if row.note):
        say(f"note: {note}")
    for name in [_name(row) for row in ranked if row.uneven]:
        say(f"note: {name} is uneven: it varies clearly more from scene to scene")
    rivals = [[row for row in ranked if row.league == n] for n in {row.league for row in ranked}]
    if any(len(rows) > 1 and not _firm(rows) for rows in rivals):
        say(f"note: ranks in brackets aren't firm: {_basis(run)}")
    say()
    say(_counted(run))
    for failed in run.failed[:_SHOWN_FAILURES]:
        say(f"  failed: {failed.path}: {failed.reason}")
    if len(run.failed) > _SHOWN_FAILURES:
        page = run.out / "report" / "captures.html"
        say(f"  ... and {len(run.failed) - _SHOWN_FAILURES} more in {page}")
    _print_warnings(run)
    if run.gates:
        say(f"gates   {gates_counted(run.gates)}")
    say(_source_line(run.findings.source))
    for line in _further_lines(run):
        say(line)
    say(f"tables  {run.out}")
    say(f"report  {run.report}")


def _print_warnings(run: RunContent) -> None:
    """The first warnings, and how many more there are; those that the lab knows are counted."""
    known = run.acknowledged
    told = run.open_missing  # on stderr
    open_ = [warning for warning in run.open_warnings if warning not in told]
    for warning in open_[:_SHOWN_WARNINGS]:
        say(f"warning: {warning}")
    if len(open_) > _SHOWN_WARNINGS:
        more = f"... and {len(open_) - _SHOWN_WARNINGS} more"
        say(f"  {more} of {plural(len(open_), 'warning')} in {run.report}")
    if known:
        say(f"{plural(len(known), 'warning')} acknowledged in piqa.toml")


def _source_line(source: ScoreSource) -> str:
    from piqa_cli.records import GivenScores

    if isinstance(source, GivenScores):
        return f"scores  {source.title}"
    return f"model   {source.name} (trained on {source.trained_on})"


def _further_lines(run: RunContent) -> Iterator[str]:
    """A line for each further model: its own run, and how far the run's model agrees with it."""
    first = run.findings.source.name
    means = {
        row.model_b: row for row in run.agreement if row.kind == "mean" and row.model_a == first
    }
    for model in run.further:
        where = f"report {run.out / model.folder / 'report' / 'index.html'}"
        mean = means.get(model.name)
        if mean is None or mean.tau_b is None:
            yield f"beside  {model.name}: {where}"
            continue
        interval = _interval(mean.ci_low, mean.ci_high)
        yield (
            f"beside  {model.name}: agrees with {first} by tau {signed(mean.tau_b)} ({interval}, "
            f"{plural(mean.n_scenes or 0, 'scene')}); {where}"
        )


def failures_counted(run: RunContent) -> str:
    """Captures without a score and folders without captures, in words; the first by name."""
    folders = len(run.discovery.folders)
    captures = len(run.failed) - folders
    what = "without a score" if were_given(run) else "could not be scored"
    parts = [f"{plural(folders, 'folder')} without captures"] * bool(folders)
    parts += [f"{plural(captures, 'capture')} {what}"] * bool(captures)
    return f"{' and '.join(parts)} (first: {run.failed[0].path}: {run.failed[0].reason})"


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
    say()
    say("too few scenes or captures to rank")
    shown = rows[:_SHOWN_UNRANKED]
    print_table(
        ("device", "scenes", "captures"),
        [(_name(row), str(row.n_scenes), str(row.n_captures)) for row in shown],
    )
    if len(rows) > len(shown):
        say(f"... and {len(rows) - len(shown)} more")


def _print_league(rows: list[DeviceRank]) -> None:
    if not rows:
        say("no device has enough scenes and captures to be ranked")
        return
    reference = rows[0].reference
    against = () if reference is None else (f"to {reference}", "95 % interval")
    head = ("rank", "device", "score", "95 % interval", *against, "preferred", "scenes", "captures")
    firm = len(rows) == 1 or _firm(rows)
    print_table(head, [_cells(row, firm=firm) for row in rows])


def _firm(rows: list[DeviceRank]) -> bool:
    """True if all rivals have intervals, without which pages call no rank sure either."""
    from piqa_cli.report.certainty import certain

    return certain(rows)


def _basis(run: RunContent) -> str:
    """Basis of ranks without intervals, in the words of the pages."""
    from piqa_cli.report.certainty import LEAGUE_NEEDS, basis_of

    tie_jod = run.settings.get("rank", {}).get("tie_jod")
    return f"{basis_of(run.findings.source.jod_per_unit, tie_jod)}. {LEAGUE_NEEDS}"


def _cells(row: DeviceRank, *, firm: bool) -> tuple[str, ...]:
    ranks = rank_range(row.rank_low, row.rank_high)
    return (
        ranks if firm else f"({ranks})",
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
        "failed": [{"path": f.path, "stage": f.stage, "reason": f.reason} for f in run.failed],
        "warnings": list(run.warnings),
        "acknowledged": list(run.acknowledged),
        "gates": [asdict(gate) for gate in run.gates],
        "expected": asdict(run.expected) if run.expected else None,
        **(_several_json(run) if run.further else {}),
    }


def _several_json(run: RunContent) -> dict[str, Any]:
    """Further models and the agreement of all, of a run that has them."""
    from dataclasses import asdict

    further = [
        {name: value for name, value in asdict(model).items() if name != "scores"}
        for model in run.further
    ]
    return {"further_models": further, "agreement": [asdict(row) for row in run.agreement]}
