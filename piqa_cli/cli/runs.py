"""`piqa-cli runs`: lists the runs in a folder, and makes old ones smaller or removes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from piqa_cli.cli import options
from piqa_cli.cli.terminal import plural, print_json, print_table
from piqa_cli.errors import PiqaError

if TYPE_CHECKING:
    from piqa_cli.runs.listing import ListedRun, Unlisted
    from piqa_cli.runs.pruning import Plan, Verdict

app = typer.Typer(no_args_is_help=True, help="List runs, or make old ones smaller.")

_OUTCOMES = ("failed", "warning", "not judged", "passed")
_SHOWN_KEPT = 10  # protected runs that are named; `--json` has all

Runs = Annotated[
    list[Path],
    typer.Argument(metavar="RUNS", help="Folders that hold runs, or runs.", readable=False),
]


@app.command(name="list")
def list_(runs: Runs, as_json: options.AsJson = False) -> None:
    """List runs: date, model, captures, gates, and what lies on disk."""
    from piqa_cli.runs.listing import list_runs

    found, unlisted = list_runs(runs)
    _print_unlisted(unlisted)
    if as_json:
        print_json(
            {"runs": [_plain(run) for run in found], "damaged": [_left(one) for one in unlisted]}
        )
        return
    _print_runs(found)


def _print_runs(runs: Sequence[ListedRun]) -> None:
    from piqa_cli.score.cache_size import written

    parts = ("tables", "pictures", "report")
    rows = [
        (
            run.name,
            _moment(run.started_at),
            run.model,
            "-" if run.devices is None else str(run.devices),
            str(run.ok),
            str(run.failed),
            *(written(getattr(run.sizes, part)) for part in parts),
            ", ".join(f"{run.gates[o]} {o}" for o in _OUTCOMES if run.gates.get(o)),
        )
        for run in runs
    ]
    if rows:
        print_table(("run", "started", "model", "devices", "ok", "failed", *parts, "gates"), rows)
        typer.echo("")
    sums = (f"{part} {written(sum(getattr(run.sizes, part) for run in runs))}" for part in parts)
    typer.echo(f"{plural(len(runs), 'run')}, oldest first: {', '.join(sums)}; times are UTC")


@app.command()
def prune(
    runs: Runs,
    keep_last: Annotated[
        int,
        typer.Option(min=1, metavar="N", help="Keep the N runs of every folder that started last."),
    ],
    keep_monthly: Annotated[
        bool, typer.Option("--keep-monthly", help="Keep the last run of every month, too.")
    ] = False,
    tables: Annotated[
        bool,
        typer.Option(
            "--tables",
            help="Remove whole runs; by default their tables stay, and pictures, report and "
            "figures go.",
        ),
    ] = False,
    apply: Annotated[
        bool, typer.Option("--apply", help="Do it; by default only print what would go.")
    ] = False,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Remove the pictures of old runs, or whole old runs.

    Runs that a link such as `latest` or a comparison names, and runs being written, stay.
    """
    from piqa_cli.compare.named_runs import named_runs
    from piqa_cli.runs.pruning import PruneRules, plan, roots_of
    from piqa_cli.runs.removal import finish_removals

    rules = PruneRules(keep_last, keep_monthly=keep_monthly, tables=tables)
    planned = plan(runs, rules, named_runs(roots_of(runs)))
    if not quiet:
        _print_unlisted(planned.unlisted)
    freed = {one.run.folder: one.goes for one in planned.verdicts if one.goes}
    failed: list[str] = []
    if apply:
        freed, failed = _removed(planned, tables=tables)
        for root in planned.roots:
            finish_removals(root)
    if as_json:
        print_json(_plan_as_json(planned, freed, applied=apply))
    elif not quiet:
        _print_plan(planned, freed, tables=tables, applied=apply)
    for line in failed[:-1]:
        typer.echo(f"piqa-cli: {line}", err=True)
    if failed:
        raise PiqaError(failed[-1])


def _removed(planned: Plan, *, tables: bool) -> tuple[dict[Path, int], list[str]]:
    """Bytes freed by run, and a line for each run that couldn't be pruned."""
    from piqa_cli.runs.removal import remove

    freed: dict[Path, int] = {}
    failed: list[str] = []
    for verdict in planned.verdicts:
        if verdict.goes:
            try:
                freed[verdict.run.folder] = remove(verdict, tables=tables)
            except PiqaError as error:
                failed.append(str(error))
    return freed, failed


def _print_plan(planned: Plan, freed: dict[Path, int], *, tables: bool, applied: bool) -> None:
    """The runs that go, the protected ones with the reason, and the sum."""
    from piqa_cli.score.cache_size import written

    going = [one for one in planned.verdicts if one.run.folder in freed]
    if going:
        print_table(
            ("run", "started", "freed" if applied else "would free"),
            [
                (one.run.name, _moment(one.run.started_at), written(freed[one.run.folder]))
                for one in going
            ],
        )
        typer.echo("")
    kept = sum(one.kept is not None for one in planned.verdicts)
    protected = [one for one in planned.verdicts if one.kept and not one.by_rule]
    for one in protected[:_SHOWN_KEPT]:
        typer.echo(f"kept    {one.run.name}: {one.kept}")
    if len(protected) > _SHOWN_KEPT:
        typer.echo(f"kept    ... and {len(protected) - _SHOWN_KEPT} more; --json has all")
    count = plural(len(freed), "whole run" if tables else "run")
    what = count if tables else f"pictures and report of {count}"
    typer.echo(
        f"{'freed' if applied else 'would free'} {written(sum(freed.values()))}: {what}; "
        f"{plural(kept, 'run')} kept as they are"
    )
    if freed and not applied:
        typer.echo("nothing was removed: --apply does it")


def _plan_as_json(planned: Plan, freed: dict[Path, int], *, applied: bool) -> dict[str, Any]:
    return {
        "applied": applied,
        "freed_bytes": sum(freed.values()),
        "runs": [_fate(one, freed) for one in planned.verdicts],
        "damaged": [_left(one) for one in planned.unlisted],
    }


def _fate(one: Verdict, freed: dict[Path, int]) -> dict[str, Any]:
    return {
        "run": one.run.name,
        "folder": str(one.run.folder),
        "started_at": one.run.started_at.astimezone(UTC).isoformat(),
        "kept": one.kept,
        "freed_bytes": freed.get(one.run.folder, 0),
    }


def _print_unlisted(unlisted: Sequence[Unlisted]) -> None:
    for one in unlisted:
        typer.echo(f"piqa-cli: left out {one.name}: {one.reason}", err=True)


def _left(one: Unlisted) -> dict[str, str]:
    return {"run": one.name, "reason": one.reason}


def _plain(run: ListedRun) -> dict[str, Any]:
    return {
        "run": run.name,
        "folder": str(run.folder),
        "started_at": run.started_at.astimezone(UTC).isoformat(),
        "model": run.model,
        "devices": run.devices,
        "ok": run.ok,
        "failed": run.failed,
        "gates": {outcome: run.gates.get(outcome, 0) for outcome in _OUTCOMES},
        "bytes": asdict(run.sizes) | {"total": run.sizes.total},
    }


def _moment(start: datetime) -> str:
    return f"{start.astimezone(UTC):%Y-%m-%d %H:%M}"
