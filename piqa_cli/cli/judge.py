"""`piqa-cli train judge`: measures of weights, such as the figures of the model card."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from piqa_cli.cli import options
from piqa_cli.cli.terminal import print_json, print_table, signed
from piqa_cli.errors import UsageError

if TYPE_CHECKING:
    from piqa_cli.train.judges.calibration import CalibrationRow

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
    found: dict[str, Any] = {f"ratings {rows[0].ratings}": _plain(rows)}
    where = f"within scenes ({rows[0].n_scenes})" if rows[0].n_scenes else "single photographs"
    _show(
        quiet,
        (f"{rows[0].ratings}, {where}", "SRCC", "PLCC", "by weights", "captures"),
        [
            (
                row.measure,
                f"{row.srcc:.3f}",
                f"{row.plcc:.3f}",
                " ".join(f"{value:.3f}" for value in row.by_fold),
                str(row.n_captures),
            )
            for row in rows
        ],
    )
    if not rows[0].n_scenes:
        return found
    calibrated = calibration(judged)
    found[f"calibration {rows[0].ratings}"] = _plain([calibrated])
    _show_calibration(calibrated, quiet=quiet)
    if framing:
        row = judge_framing(weights[0], table, workers=workers, quiet=quiet)
        found[f"framing {rows[0].ratings}"] = _plain([row])
        _show(
            quiet,
            ("framing", "noise", "spread", "ratio", "captures"),
            [
                (
                    "up to 3 % lost",
                    f"{row.noise:.3f}",
                    f"{row.spread:.3f}",
                    f"{row.ratio:.3f}",
                    str(row.n_captures),
                )
            ],
        )
    return found


def _show_calibration(row: CalibrationRow, *, quiet: bool) -> None:
    _show(
        quiet,
        ("preference stated", "people agree", "pairs"),
        [
            (f"{step.stated:.2f}", f"{step.agreed:.2f}", str(step.n_pairs))
            for step in row.reliability
        ],
    )
    if not quiet:
        typer.echo(f"JOD for one unit of score, so that both agree: {row.jod_per_unit:.2f}\n")


def _photos(
    weights: Path | None, photos: Path, *, faults: bool, workers: int, quiet: bool
) -> dict[str, Any]:
    """The frozen test, or single faults and natural variety."""
    if faults:
        return _faults(weights, photos, workers=workers, quiet=quiet)
    from piqa_cli.train.judges.simulated import judge_simulated

    rows = judge_simulated(weights, photos, workers=workers, quiet=quiet)
    _show(
        quiet,
        ("frozen test", "SRCC", "worst scene", "scenes", "captures"),
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
    return {"frozen test": _plain(rows)}


def _faults(weights: Path | None, photos: Path, *, workers: int, quiet: bool) -> dict[str, Any]:
    from piqa_cli.train.judges.faults import judge_faults

    faults, variety = judge_faults(weights, photos, workers=workers, quiet=quiet)
    _show(
        quiet,
        ("single fault", "neighbours right", "pairs", "named right", "captures"),
        [
            (
                row.fault,
                f"{row.right:.3f}",
                str(row.n_pairs),
                f"{row.named:.3f}",
                str(row.n_named),
            )
            for row in faults
        ],
    )
    _show(
        quiet,
        ("natural variety", "mean change", "worst tenth", "portraits"),
        [
            (row.variety, signed(row.mean_change), signed(row.worst_change), str(row.n_portraits))
            for row in variety
        ],
    )
    return {"faults": _plain(faults), "variety": _plain(variety)}


def _hires(weights: Path | None, photos: Path, *, workers: int, quiet: bool) -> dict[str, Any]:
    from piqa_cli.train.judges.detail import judge_detail

    rows = judge_detail(weights, photos, workers=workers, quiet=quiet)
    _show(
        quiet,
        ("fine detail", "better one ahead", "mean gap", "seen at 512 px", "photographs"),
        [
            (
                row.fault,
                f"{row.right:.3f}",
                signed(row.mean_gap),
                f"{row.seen_at_512:.2f} of 255",
                str(row.n_photos),
            )
            for row in rows
        ],
    )
    return {"detail": _plain(rows)}


def _show(quiet: bool, head: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    if not quiet:
        print_table(head, rows)
        typer.echo("")


def _plain(rows: Sequence[Any]) -> list[dict[str, Any]]:
    from dataclasses import asdict

    return [asdict(row) for row in rows]
