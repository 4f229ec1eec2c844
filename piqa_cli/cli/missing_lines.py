"""Prints what is missing of what was expected."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from piqa_cli.cli.ending import print_trouble
from piqa_cli.cli.terminal import print_table, say

if TYPE_CHECKING:
    from piqa_cli.records.expected import Shortfall

_COLUMNS = 8  # devices; a wider table would wrap
_ROWS = 20


def print_missing(lines: Iterable[str]) -> None:
    """Warnings on stderr, with --quiet too: a device that has gone says nothing by itself."""
    for line in lines:
        print_trouble(line)


def print_matrix(missing: Shortfall) -> None:
    """Scenes by devices where captures are missing: `0/2` has none of two; a blank lacks none."""
    from piqa_cli.report.missing import matrix_of

    matrix = matrix_of(missing, scenes=_ROWS, devices=_COLUMNS)
    if matrix is None:
        return
    say()
    say("missing: captures found / expected")
    print_table(("scene", *matrix.devices), [(row.scene, *row.cells) for row in matrix.rows])
    if matrix.more:
        say(f"... and {matrix.more}; --json has them all")
