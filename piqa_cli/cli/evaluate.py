"""`piqa-cli evaluate`: agreement of scores with human ratings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from piqa_cli.cli import options
from piqa_cli.cli.ending import print_trouble
from piqa_cli.cli.terminal import plural, print_json, print_table, say
from piqa_cli.errors import UsageError

if TYPE_CHECKING:
    from piqa_cli.evaluate.devices import DeviceAgreement
    from piqa_cli.evaluate.evaluation import Evaluation


def evaluate(
    context: typer.Context,
    scores: Annotated[
        Path,
        typer.Argument(
            metavar="RUN|SCORES", help="Folder that `rank` wrote, or a CSV or Parquet of scores."
        ),
    ],
    truth: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Human ratings: a PIQ23 CSV, a manifest with jod or mos, or name,value. "
            "Without it: the jod of RUN's own manifest.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            help="Folder for evaluation.json, per_scene.csv, the page.",
            callback=options.local_folder,
        ),
    ] = None,
    ntire_csv: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="NTIRE challenge table (IMAGE, CLASS, ...); its copy with SCORE goes to --out.",
        ),
    ] = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Compare scores with human ratings, scene by scene."""
    if truth is None and ntire_csv is None:
        if not scores.is_dir():
            raise UsageError("name --truth FILE (or --ntire-csv FILE to fill in its SCORE)")
        truth = scores
    if ntire_csv is not None and out is None:
        raise UsageError("--ntire-csv needs --out FOLDER for the table with SCORE")
    from piqa_cli.evaluate import evaluation, folder

    found = None
    if truth is not None:
        found = evaluation.evaluate(scores, truth, context.obj.devices())
    if out is not None:
        folder.prepare(out)
    if ntire_csv is not None and out is not None:
        file, n_scored, table = folder.write_ntire(out, scores, ntire_csv)
        for warning in table.warnings:
            print_trouble(warning)
        if not quiet and not as_json:
            say(f"ntire   {file} ({n_scored} of {len(table.rows)} rows have a SCORE)")
    if found is None:
        return
    page = folder.write_folder(out, found) if out is not None else None
    if as_json:
        from piqa_cli.evaluate.as_json import as_json as plain

        print_json(plain(found))
    elif not quiet:
        _print(found, page)


def _print(found: Evaluation, page: Path | None) -> None:
    """Scenes, figures over scenes, pairs, devices; each table short."""
    from piqa_cli.evaluate.scene import METRICS
    from piqa_cli.evaluate.wording import shortened

    labels = list(METRICS.values())
    print_table(
        ("scene", "photos", *labels, "note"),
        [
            (
                shortened(s.scene),
                str(s.n),
                *(_figure(s.metric(name)) for name in METRICS),
                s.note or "",
            )
            for s in found.scenes
        ],
    )
    say()
    if len(found.scenes) > 1:
        _print_over_scenes(found)
    else:
        only = found.scenes[0]
        say(f"SRCC {_figure(only.srcc)}, 95 % interval {_span(only.srcc_low, only.srcc_high)}")
    say()
    _print_pairs(found)
    if found.devices is not None:
        say()
        _print_devices(found.devices)
    say()
    _print_matching(found)
    if page is not None:
        say(f"page    {page}")


def _print_over_scenes(found: Evaluation) -> None:
    from piqa_cli.evaluate.scene import METRICS

    print_table(
        ("over scenes", "median", "95 % interval", "mean", "95 % interval", "scenes"),
        [
            (
                label,
                _figure(over.median),
                _span(over.median_low, over.median_high),
                _figure(over.mean),
                _span(over.mean_low, over.mean_high),
                f"{over.n_scenes} of {len(found.scenes)}",
            )
            for label, over in zip(METRICS.values(), found.overall.values(), strict=True)
        ],
    )
    say(f"mean of the medians of SRCC, PLCC and KRCC: {_figure(found.mean_of_medians)}")


def _print_pairs(found: Evaluation) -> None:
    unit = "JOD" if found.gap_unit == "jod" else "SD"
    print_table(
        (f"gap in {unit}", "pairs", "ranked rightly", "mean over scenes", "95 % interval"),
        [
            (
                f"{b.low:g} .. {b.high:g}" if b.high is not None else f"{b.low:g} or more",
                str(b.n_pairs),
                _percent(b.accuracy),
                _percent(b.scenes.mean),
                f"{_percent(b.scenes.mean_low)} .. {_percent(b.scenes.mean_high)}"
                if b.scenes.mean_low is not None
                else "-",
            )
            for b in found.pairs
        ],
    )


def _print_devices(devices: DeviceAgreement) -> None:
    for number, league in enumerate(devices.leagues, start=1):
        where = f"league {number}: " if len(devices.leagues) > 1 else ""
        figures = (
            f"undefined: {league.note}"
            if league.note
            else f"SRCC {_figure(league.srcc)}, KRCC {_figure(league.krcc)}"
        )
        say(f"devices {where}{plural(len(league.devices), 'device')}, {figures}")
    top = devices.top
    say(
        f"first   {top.n_agree:g} of {plural(top.n_scenes, 'scene')} have the same device first "
        f"(by chance {top.by_chance:.1f})"
    )


def _print_matching(found: Evaluation) -> None:
    from piqa_cli.evaluate.wording import matching, notes, sources

    say(f"scores  {sources(found)[0]}")
    say(f"truth   {sources(found)[1]}")
    say(f"matched {matching(found)}")
    for note in notes(found):
        say(f"note    {note}")


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f} %"


def _span(low: float | None, high: float | None) -> str:
    return "-" if low is None or high is None else f"{low:.3f} .. {high:.3f}"
