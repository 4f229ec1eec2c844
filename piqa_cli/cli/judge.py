"""`piqa-cli train judge`: how good a small model is; gives the figures of its model card."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from piqa_cli.cli import options
from piqa_cli.cli.screen import print_json, print_table, signed
from piqa_cli.errors import UsageError

if TYPE_CHECKING:
    from piqa_cli.train.judge_faults import FaultRow, VarietyRow
    from piqa_cli.train.judge_opinions import OpinionsRow
    from piqa_cli.train.options import JudgeRow


def judge(
    photos: Annotated[
        Path | None,
        typer.Argument(metavar="PHOTOS", help="Folder that holds the frozen test's photographs."),
    ] = None,
    weights: Annotated[
        Path | None, typer.Option(help="Weights to judge; by default those that ship.")
    ] = None,
    faults: Annotated[
        bool, typer.Option("--faults", help="Single faults step by step, and natural variety.")
    ] = False,
    opinions: Annotated[
        Path | None,
        typer.Option(help="Judge by rated photographs instead: CSV of file, mos, mos_std."),
    ] = None,
    fold: Annotated[
        int, typer.Option(min=0, max=4, help="Fifth of them that wasn't trained on.")
    ] = 0,
    workers: Annotated[int, typer.Option(min=1, help="Processes that simulate.")] = 1,
    as_json: options.AsJson = False,
) -> None:
    """Measure a model on the frozen simulated test, beside simple measures."""
    if (photos is None) == (opinions is None):
        raise UsageError("name either the frozen test's folder PHOTOS or --opinions FILE")
    if opinions is not None:
        _opinions(weights, opinions, fold=fold, workers=workers, as_json=as_json)
    elif photos is not None and faults:
        _faults(weights, photos, workers=workers, as_json=as_json)
    elif photos is not None:
        _frozen(weights, photos, workers=workers, as_json=as_json)


def _frozen(weights: Path | None, photos: Path, *, workers: int, as_json: bool) -> None:
    from piqa_cli.train.judge import judge as measure

    rows = measure(weights, photos, workers=workers)
    if as_json:
        print_json(_plain(rows=rows))
        return
    print_table(
        ("measure", "SRCC", "worst scene", "scenes", "captures"),
        [
            (
                row.measure,
                f"{row.srcc:.3f}",
                f"{row.worst_scene_srcc:.3f}",
                str(row.n_scenes),
                str(row.n_captures),
            )
            for row in rows
        ],
    )


def _faults(weights: Path | None, photos: Path, *, workers: int, as_json: bool) -> None:
    from piqa_cli.train.judge_faults import judge_faults

    faults, variety = judge_faults(weights, photos, workers=workers)
    if as_json:
        print_json(_plain(faults=faults, variety=variety))
        return
    print_table(
        ("single fault", "neighbours right", "pairs"),
        [(row.fault, f"{row.right:.3f}", str(row.n_pairs)) for row in faults],
    )
    typer.echo("")
    print_table(
        ("natural variety", "mean change", "worst tenth", "portraits"),
        [
            (row.variety, signed(row.mean_change), signed(row.worst_change), str(row.n_portraits))
            for row in variety
        ],
    )


def _opinions(
    weights: Path | None, opinions: Path, *, fold: int, workers: int, as_json: bool
) -> None:
    from tempfile import TemporaryDirectory

    from piqa_cli.train.judge_opinions import judge_opinions

    with TemporaryDirectory() as cache:
        row = judge_opinions(weights, opinions, fold=fold, cache=Path(cache), workers=workers)
    if as_json:
        print_json(_plain(opinions=[row]))
        return
    print_table(
        ("fold", "SRCC", "95 % interval", "PLCC", "photographs"),
        [
            (
                str(fold),
                f"{row.srcc:.3f}",
                f"{row.srcc_low:.3f} .. {row.srcc_high:.3f}",
                f"{row.plcc:.3f}",
                str(row.n),
            )
        ],
    )


def _plain(
    **tables: list[JudgeRow] | list[FaultRow] | list[VarietyRow] | list[OpinionsRow],
) -> dict[str, Any]:
    from dataclasses import asdict

    return {name: [asdict(row) for row in rows] for name, rows in tables.items()}
