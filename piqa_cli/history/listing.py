"""A history as plain data, for `--json` and `--csv`."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from piqa_cli.history.recipes import other_parts
from piqa_cli.history.records import History, Point, Series
from piqa_cli.records.units import unit_word
from piqa_cli.spreadsheet import harmless_row

COLUMNS = (
    "device", "reference", "condition", "run", "started_at", "model", "weights_sha256", "unit",
    "firmware", "score", "ci_low", "ci_high", "rank", "rank_low", "rank_high", "n_devices",
    "n_scenes", "n_captures", "change", "breaks", "note",
)  # fmt: skip


def as_json(history: History) -> dict[str, Any]:
    """Plain data; series are apart, because they may not be compared."""
    return {
        "device": history.device,
        "reference": history.reference,
        "condition": history.condition,
        "series": [
            {
                "model": series.recipe.model,
                "weights_sha256": series.recipe.weights_sha256 or "",
                "unit": unit_word(series.recipe.scale),
                "recipe": other_parts(series.recipe),
                "differs": list(differs),
                "runs": [_point(point) for point in series.points],
            }
            for series, differs in zip(history.series, ((), *history.differences), strict=True)
        ],
        "absent": [asdict(left) for left in history.absent],
        "damaged": [asdict(left) for left in history.damaged],
        "warnings": list(history.warnings),
    }


def _point(point: Point) -> dict[str, Any]:
    return asdict(point) | {"started_at": iso(point.started_at), "breaks": list(point.breaks)}


def as_csv(histories: Iterable[History]) -> str:
    """One line a device and run; what is undefined is empty."""
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for history in histories:
        for series, point in in_order(history):
            facts = _point(point) | {
                "device": history.device,
                "reference": history.reference,
                "condition": history.condition,
                "model": series.recipe.model,
                "weights_sha256": series.recipe.weights_sha256 or "",
                "unit": unit_word(series.recipe.scale),
                "breaks": "; ".join(point.breaks),
            }
            writer.writerow(harmless_row({name: facts[name] for name in COLUMNS}))
    return buffer.getvalue()


def in_order(history: History) -> Iterator[tuple[Series, Point]]:
    """All points by the start of their run."""
    pairs = [(series, point) for series in history.series for point in series.points]
    yield from sorted(pairs, key=lambda pair: (pair[1].started_at, pair[1].run))


def iso(start: datetime) -> str:
    """ISO 8601 in UTC."""
    return start.astimezone(UTC).isoformat(timespec="seconds")
