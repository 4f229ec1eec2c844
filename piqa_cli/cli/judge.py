"""`piqa-cli train judge`: measures of weights, such as the figures of the model card."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from piqa_cli.cli import judge_tables, options
from piqa_cli.cli.terminal import print_json
from piqa_cli.errors import UsageError

Weights = Sequence[Path | None]


def judge(
    photos: Annotated[
        Path | None,
        typer.Argument(metavar="PHOTOS", help="Folder that holds the frozen test's photographs."),
    ] = None,
    captures: Annotated[
        list[Path] | None,
        typer.Option(
            help="CSV of rated captures; those that the weights were trained on are left out."
        ),
    ] = None,
    hires: Annotated[
        Path | None,
        typer.Option(help="Folder of full-size photographs, to judge fine detail."),
    ] = None,
    faults: Annotated[
        bool,
        typer.Option(
            "--faults", help="Judge single faults step by step, and natural variety, on PHOTOS."
        ),
    ] = False,
    framing: Annotated[
        bool,
        typer.Option(
            "--framing", help="Judge how much scores vary when the framing moves by up to 3 %."
        ),
    ] = False,
    weights: Annotated[
        list[Path] | None,
        typer.Option(
            help="Weights to judge; by default those that ship. Several: one of each fold."
        ),
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="Number of processes.")] = 1,
    as_json: options.AsJson = False,
) -> None:
    """Measure weights of dn-piqa-mini: ratings, simulated faults, fine detail, framing."""
    if photos is None and not captures and hires is None:
        raise UsageError("name PHOTOS, --captures FILE or --hires FOLDER to judge by")
    if faults and photos is None:
        raise UsageError("--faults simulates on PHOTOS: name that folder")
    if framing and not captures:
        raise UsageError("--framing moves rated captures: name --captures FILE")
    files: Weights = weights or [None]
    tables: dict[str, Any] = {}
    for table in captures or ():
        tables |= _ratings(files, table, framing=framing, workers=workers, quiet=as_json)
    if photos is not None:
        tables |= _photos(files[0], photos, faults=faults, workers=workers, quiet=as_json)
    if hires is not None:
        tables |= _hires(files[0], hires, workers=workers, quiet=as_json)
    if as_json:
        print_json(tables)


def _ratings(
    weights: Weights, table: Path, *, framing: bool, workers: int, quiet: bool
) -> dict[str, Any]:
    """Agreement with one set of ratings; calibration and framing where it has scenes."""
    from piqa_cli.train.judges.calibration import calibration
    from piqa_cli.train.judges.framing import judge_framing
    from piqa_cli.train.judges.ratings import judge_ratings

    rows, judged = judge_ratings(weights, table, workers=workers, quiet=quiet)
    name = rows[0].ratings
    found: dict[str, Any] = {f"ratings {name}": _plain(rows)}
    if not quiet:
        judge_tables.print_ratings(rows)
    if not rows[0].n_scenes:
        return found
    calibrated = calibration(judged)
    found[f"calibration {name}"] = _plain([calibrated])
    if not quiet:
        judge_tables.print_calibration(calibrated)
    if framing:
        row = judge_framing(weights[0], table, workers=workers, quiet=quiet)
        found[f"framing {name}"] = _plain([row])
        if not quiet:
            judge_tables.print_framing(row)
    return found


def _photos(
    weights: Path | None, photos: Path, *, faults: bool, workers: int, quiet: bool
) -> dict[str, Any]:
    """The frozen test, or single faults and natural variety."""
    if faults:
        return _faults(weights, photos, workers=workers, quiet=quiet)
    from piqa_cli.train.judges.simulated import judge_simulated

    rows = judge_simulated(weights, photos, workers=workers, quiet=quiet)
    if not quiet:
        judge_tables.print_frozen_test(rows)
    return {"frozen test": _plain(rows)}


def _faults(weights: Path | None, photos: Path, *, workers: int, quiet: bool) -> dict[str, Any]:
    from piqa_cli.train.judges.faults import judge_faults

    faults, variety = judge_faults(weights, photos, workers=workers, quiet=quiet)
    if not quiet:
        judge_tables.print_faults(faults)
        judge_tables.print_variety(variety)
    return {"faults": _plain(faults), "variety": _plain(variety)}


def _hires(weights: Path | None, photos: Path, *, workers: int, quiet: bool) -> dict[str, Any]:
    from piqa_cli.train.judges.detail import judge_detail

    rows = judge_detail(weights, photos, workers=workers, quiet=quiet)
    if not quiet:
        judge_tables.print_detail(rows)
    return {"detail": _plain(rows)}


def _plain(rows: Sequence[Any]) -> list[dict[str, Any]]:
    from dataclasses import asdict

    return [asdict(row) for row in rows]
