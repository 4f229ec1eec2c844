"""Every column of the tables of a comparison, declared once, as `schema.py` does for runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from piqa_cli.compare.exif import FIELDS
from piqa_cli.schema import EXIF_COLUMNS, Column

CompareTable = Literal["compare_devices", "compare_scenes", "compare_captures"]

_VERDICTS = "better, worse, same, unclear, unchanged, unknown, added or removed"
_LEFT_OUT = "scenes left out: the same files in both runs"

_DEVICE: tuple[Column, ...] = (
    Column("device", "string", "device as NEW names it; null: in BASE only", heading="Device"),
    Column("firmware", "string", "its firmware in NEW, where known", heading="Firmware"),
    Column(
        "base_device", "string", "device as BASE names it; null: in NEW only", "", "Device in BASE"
    ),
    Column("base_firmware", "string", "its firmware in BASE, where known", "", "Firmware in BASE"),
)

_DIFFERENCE: tuple[Column, ...] = (
    Column(
        "difference", "float64", "NEW minus BASE; exactly 0 for the same files", "", "Difference"
    ),
    Column("ci_low", "float64", "95 % interval, low end; null: can't be known", "", "Low"),
    Column("ci_high", "float64", "95 % interval, high end; null: can't be known", "", "High"),
    Column("preference", "float64", "model preference for NEW over BASE, 0..1", "", "Preference"),
    Column("verdict", "string", _VERDICTS, "", "Verdict", nullable=False),
)


def _count(name: str, meaning: str, heading: str) -> Column:
    return Column(name, "int64", meaning, "", heading, nullable=False)


_FAULTS = Column(
    "fault_changes",
    "list<float64>",
    "what each fault of fault_costs costs in NEW minus in BASE",
    heading="Fault changes",
)

DEVICES: tuple[Column, ...] = (
    Column("condition", "string", "null: all scenes; else the scenes of it", heading="Condition"),
    *_DEVICE,
    *_DIFFERENCE,
    _count("n_scenes", "scenes that the difference is the mean of", "Scenes"),
    _count("n_same_scenes", _LEFT_OUT, "Same scenes"),
    _count("n_worse_scenes", "scenes with the verdict worse", "Scenes worse"),
    _count("n_better_scenes", "scenes with the verdict better", "Scenes better"),
    _count("n_base", "captures of BASE that count", "Captures in BASE"),
    _count("n_new", "captures of NEW that count", "Captures in NEW"),
    _count("n_changed", "captures with another content", "Changed"),
    _count("n_added", "captures in NEW only", "Added"),
    _count("n_removed", "captures in BASE only", "Removed"),
    _count("n_failed_base", "captures that could not be scored in BASE", "Failed in BASE"),
    _count("n_failed", "captures that could not be scored in NEW", "Failed in NEW"),
    Column("worst_scene", "string", "scene with the lowest difference", heading="Worst scene"),
    Column("worst_difference", "float64", "difference in that scene", "", "Worst difference"),
    Column("note", "string", "what is missing or left out, and why", heading="Note"),
    _FAULTS,
)


def _exif() -> Iterator[Column]:
    known = {column.name: column for column in EXIF_COLUMNS}
    for field in FIELDS:
        column = known[f"exif_{field}"]
        what = "distinct values" if column.type == "string" else "median"
        for prefix, run in (("base_", "BASE"), ("", "NEW")):
            yield Column(
                prefix + column.name,
                column.type,
                f"{column.meaning}, {what} in {run}",
                column.unit,
                f"{column.heading} in {run}",
            )


SCENES: tuple[Column, ...] = (
    Column("scene", "string", "scene", heading="Scene", nullable=False),
    Column("condition", "string", "condition of the scene", heading="Condition"),
    *_DEVICE,
    *_DIFFERENCE,
    Column(
        "method",
        "string",
        "paired, ordered, unpaired or unchanged; null: not compared",
        "",
        "Method",
    ),
    _count("n_base", "captures of BASE that count", "Captures in BASE"),
    _count("n_new", "captures of NEW that count", "Captures in NEW"),
    _count("n_pairs", "takes that were paired", "Pairs"),
    Column("base_score", "float64", "mean of what was compared in BASE", "", "Score in BASE"),
    Column("score", "float64", "mean of what was compared in NEW", "", "Score in NEW"),
    Column("note", "string", "why something is missing", heading="Note"),
    *_exif(),
    _FAULTS,
)

CAPTURES: tuple[Column, ...] = (
    Column("scene", "string", "scene", heading="Scene", nullable=False),
    *_DEVICE,
    Column("take", "string", "take where it is named", heading="Take"),
    Column(
        "change", "string", "unchanged, changed, added or removed", "", "Change", nullable=False
    ),
    Column(
        "paired_by", "string", "take, path, content, name or order; null: no pair", "", "Paired by"
    ),
    Column("path", "string", "file in NEW; null: in BASE only", heading="File"),
    Column("base_path", "string", "file in BASE; null: in NEW only", heading="File in BASE"),
    Column("status", "string", "ok or failed in NEW", heading="Status"),
    Column("base_status", "string", "ok or failed in BASE", heading="Status in BASE"),
    Column("reason", "string", "why it failed in NEW", heading="Reason"),
    Column("score", "float64", "score in NEW", heading="Score"),
    Column("base_score", "float64", "score in BASE", heading="Score in BASE"),
    Column(
        "difference", "float64", "NEW minus BASE; exactly 0 for the same file", "", "Difference"
    ),
    Column("sha256", "string", "SHA-256 of the file in NEW", heading="SHA-256"),
    Column("base_sha256", "string", "SHA-256 of the file in BASE", heading="SHA-256 in BASE"),
)

COMPARE_TABLES: dict[CompareTable, tuple[Column, ...]] = {
    "compare_devices": DEVICES,
    "compare_scenes": SCENES,
    "compare_captures": CAPTURES,
}
