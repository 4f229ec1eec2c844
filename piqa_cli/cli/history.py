"""`piqa-cli history`: the overall score of devices across runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from piqa_cli.cli import options
from piqa_cli.cli.ending import print_trouble
from piqa_cli.cli.terminal import plural, print_json, print_table, rank_range, say, signed
from piqa_cli.errors import PiqaError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from piqa_cli.history.records import History, Point, Series

_PICTURES = (".svg", ".html")


def history(
    context: typer.Context,
    places: Annotated[
        list[str],
        typer.Argument(
            metavar="[DEVICE] RUNS",
            help="A device, or DEVICE@FIRMWARE; then runs, or folders that hold runs. Without a "
            "device, all that are ranked in two runs or more.",
        ),
    ],
    device: Annotated[
        list[str] | None,
        typer.Option("--device", metavar="DEVICE", help="One more device; may be repeated."),
    ] = None,
    reference: Annotated[
        str | None,
        typer.Option(metavar="DEVICE", help="Show gaps to this device, not to the league's mean."),
    ] = None,
    condition: Annotated[
        str | None, typer.Option(metavar="NAME", help="Show the ranking of this condition only.")
    ] = None,
    model: Annotated[
        str | None, typer.Option("--model", "-m", help="Show runs of this model only.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="FILE",
            help="File for the trend: a picture (.svg) or a page (.html), with builds and links to "
            "reports.",
            callback=options.local_folder,
        ),
    ] = None,
    csv: Annotated[bool, typer.Option("--csv", help="Print one CSV table on stdout.")] = False,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Show the overall score of devices across runs."""
    if csv and as_json:
        raise UsageError("--csv and --json both want stdout: choose one")
    if out is not None and out.suffix not in _PICTURES:
        raise UsageError(f"{out}: a trend is a picture (.svg) or a page (.html)")
    from piqa_cli.history.collect import histories_of
    from piqa_cli.history.find import read_runs
    from piqa_cli.history.listing import as_csv
    from piqa_cli.history.listing import as_json as plain

    devices = context.obj.devices()
    asked, runs = _parted(places, device or [])
    found, damaged = read_runs(runs, devices)
    if not quiet:
        for left in damaged:
            print_trouble(f"left out {left.run}: {left.reason}")
    if model is not None:
        models = {run.recipe.model for run in found}
        if model not in models:
            raise PiqaError(f"no run of the model {model!r}, only of {', '.join(sorted(models))}")
        found = [run for run in found if run.recipe.model == model]
    past = histories_of(
        found,
        asked,
        damaged=damaged,
        reference=reference,
        condition=condition,
        devices=devices,
    )
    if out is not None:
        from piqa_cli.history.marks import read_marks
        from piqa_cli.history.page import write_trend

        write_trend(out, past, read_marks(found, out.parent, devices))
    if as_json:
        alone = len(asked) == 1
        print_json(plain(past[0]) if alone else {"devices": [plain(one) for one in past]})
    elif csv:
        typer.echo(as_csv(past), nl=False)
    elif not quiet:
        if len(past) == 1:
            _print(past[0])
        else:
            _print_several(past)
        if out is not None:
            say(f"trend   {out}")


def _parted(places: Sequence[str], devices: Sequence[str]) -> tuple[list[str], list[Path]]:
    """Devices and folders: the first word is a device, unless it is a folder of runs.

    Raises:
        UsageError: there is a device and no folder.
    """
    first, *rest = places
    if _holds_runs(Path(first)) or (devices and not rest):
        return list(devices), list(map(Path, places))
    if not rest:
        raise UsageError(f"history {first}: name runs, or a folder of runs, behind the device")
    return [first, *devices], list(map(Path, rest))


def _holds_runs(place: Path) -> bool:
    from piqa_cli.runs.run_folders import run_folders

    return place.is_dir() and bool(run_folders([place], empty=True))


def _print_several(histories: Sequence[History]) -> None:
    """The last run of every device."""
    rows = []
    for past in histories:
        points = sorted(
            (point for series in past.series for point in series.points),
            key=lambda point: (point.started_at, point.run),
        )
        last = points[-1]
        interval, ranks = _cells(last, gaps=past.reference is not None)[4:6]
        score = signed(last.score)
        rows.append(
            (past.device, str(len(points)), last.run, score, interval, ranks, _change(last))
        )
    print_table(("device", "runs", "last run", "score", "95 % interval", "rank", "change"), rows)
    say()
    whom = histories[0].reference or "the mean device of the run"
    say(f"{plural(len(histories), 'device')}, the last run of each; scores against {whom}")
    for warning in histories[0].warnings:
        say(f"warning: {warning}")


def _print(past: History) -> None:
    """One table a recipe: scores of two recipes don't stand in one column."""
    from piqa_cli.history.wording import series_line, what_score_is

    for number, series in enumerate(past.series):
        if number:
            say()
            say(f"not comparable: {'; '.join(past.differences[number - 1])}")
        say(f"{series_line(series, short=True)}: {what_score_is(past, series)}")
        _print_series(series, gaps=past.reference is not None)
    say()
    for left in past.absent:
        say(f"absent  {left.run} {left.reason}")
    count = sum(len(series.points) for series in past.series)
    say(f"{plural(count, 'run')} of {past.device}, oldest first; times are UTC")
    if any(point.breaks for series in past.series for point in series.points):
        what = "the gap is taken on other scenes" if past.reference else "the field is another one"
        say(f"'not comparable': {what} than in the run before")
    for warning in past.warnings:
        say(f"warning: {warning}")


def _print_series(series: Series, *, gaps: bool) -> None:
    head = ("run", "started", "firmware", "score", "95 % interval", "rank", "scenes", "captures")
    rows = [_cells(point, gaps=gaps) for point in series.points]
    keep = [n for n, name in enumerate(head) if name != "firmware" or any(row[n] for row in rows)]
    print_table(
        (*(head[n] for n in keep), "change"),
        [
            (*(row[n] for n in keep), _change(point))
            for row, point in zip(rows, series.points, strict=True)
        ],
    )


def _cells(point: Point, *, gaps: bool) -> tuple[str, ...]:
    """The cells of a run; its rank is in brackets where no interval makes it firm."""
    from piqa_cli.history.wording import moment

    low, high = point.ci_low, point.ci_high
    ranks = rank_range(point.rank_low, point.rank_high)
    firm = gaps or low is not None or point.n_devices == 1
    return (
        point.run,
        moment(point.started_at),
        point.firmware or "",
        signed(point.score),
        "unknown" if low is None or high is None else f"{signed(low)} .. {signed(high)}",
        f"{ranks if firm else f'({ranks})'} of {point.n_devices}",
        str(point.n_scenes),
        str(point.n_captures),
    )


def _change(point: Point) -> str:
    if point.breaks:
        return f"not comparable ({'; '.join(point.breaks)})"
    return "" if point.change is None else signed(point.change)
