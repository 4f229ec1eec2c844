"""Writes `log.csv`, `log.jsonl`, `log.svg` and `test.csv` of a run."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from piqa_cli.atomic import write_whole
from piqa_cli.errors import PiqaError
from piqa_cli.train.plot import training_svg

COLUMNS = (
    "epoch", "loss", "validation_srcc", "validation_srcc_median", "learning_rate", "seconds",
)  # fmt: skip


def write_logs(out: Path, lines: Sequence[Mapping[str, float]]) -> None:
    """Writes the log of all epochs so far, whole, in three forms.

    Raises:
        PiqaError: the folder can't be written.
    """
    write_table(out / "log.csv", COLUMNS, [[line[name] for name in COLUMNS] for line in lines])
    _write(out / "log.jsonl", "".join(json.dumps(dict(line)) + "\n" for line in lines))
    _write(out / "log.svg", training_svg(lines))


def write_table(file: Path, headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Writes a CSV, whole or not at all.

    Raises:
        PiqaError: it can't be written.
    """
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([headings, *rows])
    _write(file, text.getvalue())


def _write(file: Path, text: str) -> None:
    try:
        write_whole(file, text.encode("utf-8"))
    except OSError as error:
        raise PiqaError(f"{file} can't be written: {error.strerror or error}") from None
