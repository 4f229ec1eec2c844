"""Reads who took the captures of a list: manifests, lists of scores, or any table of devices."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from piqa_cli.discover.names import as_label
from piqa_cli.discover.sheet import read_sheet
from piqa_cli.errors import PiqaError


@dataclass(frozen=True, slots=True)
class Taken:
    """Names of one row: scene (empty: the list knows none), device and firmware."""

    scene: str
    device: str
    firmware: str | None = None


def read_names(file: Path) -> tuple[tuple[Taken, ...], tuple[str, ...]]:
    """Reads `device`, and where they are there `scene`, `condition` and `firmware`, of every row.

    Returns:
        The rows, and warnings of what had to be guessed.

    Raises:
        PiqaError: the file can't be read, or names no device.
    """
    called = f"list {file}"
    optional = ("scene", "condition", "firmware")
    sheet = read_sheet(
        file,
        ("device",),
        optional,
        called=called,
        also={"scene": ("class",)},
    )
    rows = tuple(
        Taken(
            "\n".join(as_label(row.cells.get(name, "")) for name in ("scene", "condition")),
            as_label(row.cells["device"]),
            as_label(row.cells.get("firmware", "")) or None,
        )
        for row in sheet
        if row.cells["device"]
    )
    if not rows:
        raise PiqaError(f"{called} names no device; give it a column device")
    return rows, sheet.warnings
