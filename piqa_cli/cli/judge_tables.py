"""The tables that `piqa-cli train judge` prints, one for each kind of row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

import typer

from piqa_cli.cli.terminal import print_table, signed

if TYPE_CHECKING:
    from piqa_cli.train.judges.calibration import CalibrationRow
    from piqa_cli.train.judges.detail import DetailRow
    from piqa_cli.train.judges.faults import FaultRow, VarietyRow
    from piqa_cli.train.judges.framing import FramingRow
    from piqa_cli.train.judges.ratings import RatingsRow
    from piqa_cli.train.options import JudgeRow

Row = TypeVar("Row")


def print_rows(rows: Sequence[Row], columns: Mapping[str, Callable[[Row], str]]) -> None:
    """Prints a table and an empty line.

    Args:
        rows: one for each line.
        columns: text of a row's cell by the column's heading, in order.
    """
    print_table(tuple(columns), [tuple(text(row) for text in columns.values()) for row in rows])
    typer.echo("")


def print_ratings(rows: Sequence[RatingsRow]) -> None:
    """Agreement of every measure with one set of ratings."""
    first = rows[0]
    where = f"within scenes ({first.n_scenes})" if first.n_scenes else "single photographs"
    print_rows(
        rows,
        {
            f"{first.ratings}, {where}": lambda row: row.measure,
            "SRCC": lambda row: f"{row.srcc:.3f}",
            "PLCC": lambda row: f"{row.plcc:.3f}",
            "by weights": lambda row: " ".join(f"{value:.3f}" for value in row.by_fold),
            "captures": lambda row: str(row.n_captures),
        },
    )


def print_calibration(row: CalibrationRow) -> None:
    """Predicted preferences beside those of people, and the JOD that makes both agree."""
    print_rows(
        row.reliability,
        {
            "preference stated": lambda step: f"{step.stated:.2f}",
            "people agree": lambda step: f"{step.agreed:.2f}",
            "pairs": lambda step: str(step.n_pairs),
        },
    )
    typer.echo(f"JOD for one unit of score, so that both agree: {row.jod_per_unit:.2f}\n")


def print_framing(row: FramingRow) -> None:
    """Noise by framing beside the spread of scores."""
    print_rows(
        [row],
        {
            "framing": lambda _: "up to 3 % lost",
            "noise": lambda row: f"{row.noise:.3f}",
            "spread": lambda row: f"{row.spread:.3f}",
            "ratio": lambda row: f"{row.ratio:.3f}",
            "captures": lambda row: str(row.n_captures),
        },
    )


def print_frozen_test(rows: Sequence[JudgeRow]) -> None:
    """Agreement of every measure with the labels of the frozen test."""
    print_rows(
        rows,
        {
            "frozen test": lambda row: row.measure,
            "SRCC": lambda row: f"{row.srcc:.3f}",
            "worst scene": lambda row: f"{row.worst_scene_srcc:.3f}",
            "scenes": lambda row: str(row.n_scenes),
            "captures": lambda row: str(row.n_captures),
        },
    )


def print_faults(rows: Sequence[FaultRow]) -> None:
    """Single faults: neighbouring strengths in the right order, captures named rightly."""
    print_rows(
        rows,
        {
            "single fault": lambda row: row.fault,
            "neighbours right": lambda row: f"{row.right:.3f}",
            "pairs": lambda row: str(row.n_pairs),
            "named right": lambda row: f"{row.named:.3f}",
            "captures": lambda row: str(row.n_named),
        },
    )


def print_variety(rows: Sequence[VarietyRow]) -> None:
    """Changes of the score where a portrait varies without a fault."""
    print_rows(
        rows,
        {
            "natural variety": lambda row: row.variety,
            "mean change": lambda row: signed(row.mean_change),
            "worst tenth": lambda row: signed(row.worst_change),
            "portraits": lambda row: str(row.n_portraits),
        },
    )


def print_detail(rows: Sequence[DetailRow]) -> None:
    """Faults of fine detail: share of photographs where the better capture is ahead."""
    print_rows(
        rows,
        {
            "fine detail": lambda row: row.fault,
            "better one ahead": lambda row: f"{row.right:.3f}",
            "mean gap": lambda row: signed(row.mean_gap),
            "seen at 512 px": lambda row: f"{row.seen_at_512:.2f} of 255",
            "photographs": lambda row: str(row.n_photos),
        },
    )
