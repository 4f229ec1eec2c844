"""A comparison as rows of its tables, and as plain data for `--json` and compare.json."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import Any

from piqa_cli import __version__
from piqa_cli.compare.columns import COMPARE_TABLES, CompareTable
from piqa_cli.compare.records import CaptureChange, Comparison, DeviceChange, SceneChange, Subject
from piqa_cli.compare.verdicts import sentence
from piqa_cli.runs.batches import Row
from piqa_cli.runs.capture_rows import folder_rows
from piqa_cli.runs.table_set import Run
from piqa_cli.runs.tables import storable
from piqa_cli.schema import SCHEMA_VERSION

KIND = "piqa-cli comparison"

METHODS = {
    "difference": "NEW minus BASE, within a scene; scores of different scenes are never mixed",
    "paired": "two takes or more are named in both runs: mean of the takes' differences; the "
    "interval is Student's t with the pooled variance of such differences",
    "ordered": "names carry dates or counters, and both runs have as many: the k-th capture of "
    "BASE with the k-th of NEW, then as paired",
    "unpaired": "means of the scene's captures; the interval is Student's t with the variance of a "
    "take, pooled over both runs",
    "unchanged": "the same files in both runs: exactly 0",
    "devices": "mean of the scenes' differences, each scene with the same weight, without scenes "
    "of the same files; the interval is Student's t over scenes",
    "verdict": "better or worse: the 95 % interval excludes 0 and the difference is at least a "
    "tie; same: the interval lies within the tie; unclear: neither",
}


def table_rows(found: Comparison) -> dict[CompareTable, list[Row]]:
    """The rows of every table, in the comparison's order."""
    return {
        "compare_devices": [_row("compare_devices", row) for row in found.devices],
        "compare_scenes": [_row("compare_scenes", row) for row in found.scenes],
        "compare_captures": [_row("compare_captures", row) for row in found.captures],
    }


def _row(table: CompareTable, record: DeviceChange | SceneChange | CaptureChange) -> Row:
    known = _subject(record.subject)
    if isinstance(record, SceneChange):
        for field, pair in record.exif.items():
            known |= {f"base_exif_{field}": pair.base, f"exif_{field}": pair.new}
    return {
        column.name: storable(
            known[column.name] if column.name in known else getattr(record, column.name)
        )
        for column in COMPARE_TABLES[table]
    }


def _subject(subject: Subject) -> Row:
    return {
        "device": subject.device,
        "firmware": subject.firmware,
        "base_device": subject.base_device,
        "base_firmware": subject.base_firmware,
    }


def as_json(found: Comparison) -> dict[str, Any]:
    """Plain data: verdicts and every device and scene; captures are counted."""
    scene_rows = {id(row): _row("compare_scenes", row) for row in found.scenes}
    return {
        "kind": KIND,
        "schema_version": SCHEMA_VERSION,
        "piqa_cli": __version__,
        "unit": found.unit,
        "tie_jod": found.tie_jod,
        "jod_per_unit": found.jod_per_unit,
        "model": found.new.info["model"],
        "weights_sha256": found.new.info["weights_sha256"],
        "base": _run(found.base, found.base_name),
        "new": _run(found.new, found.new_name),
        "methods": METHODS,
        "noise": {
            "take_sd": found.noise.take_sd,
            "take_df": found.noise.take_df,
            "pair_sd": found.noise.pair_sd,
            "pair_df": found.noise.pair_df,
        },
        "captures": captures_counted(found),
        "devices": [
            _row("compare_devices", row) | {"words": words(found, row)} for row in found.devices
        ],
        "regressions": [scene_rows[id(row)] for row in found.regressions()],
        "scenes": list(scene_rows.values()),
        "notes": list(found.notes),
        "expected": asdict(found.expected),
    }


def words(found: Comparison, row: DeviceChange | SceneChange) -> str:
    """The verdict on a device or on a scene of it, in words."""
    return sentence(
        row.verdict,
        row.difference,
        row.ci_low,
        row.ci_high,
        unit=found.unit,
        tie=found.tie,
        given=found.given,
    )


def captures_counted(found: Comparison) -> dict[str, int]:
    """Numbers of captures by change: unchanged, changed, added, removed, failed."""
    count = Counter(capture.change for capture in found.captures)
    return {
        "unchanged": count["unchanged"],
        "changed": count["changed"],
        "added": count["added"],
        "removed": count["removed"],
        "failed_in_base": sum(c.base_status == "failed" for c in found.captures)
        + n_failed_folders(found.base),
        "failed_in_new": sum(c.status == "failed" for c in found.captures)
        + n_failed_folders(found.new),
    }


def n_failed_folders(run: Run) -> int:
    """Number of folders of a run that failed because they hold no captures."""
    return len(folder_rows(run.tables.captures))


def _run(run: Run, name: str) -> dict[str, Any]:
    """Origin of a run: enough to find it again and to see that it is the same."""
    info = run.info
    return {
        "name": storable(name),
        "files": info["files"],
        "counts": info["counts"],
        "settings": info["settings"],
        "protocol": info.get("protocol", {}),
        "provenance": info["provenance"],
    }
