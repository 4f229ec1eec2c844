"""The folder of a comparison: tables, pictures, a page, and compare.json, written last."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from piqa_cli.atomic import write_whole
from piqa_cli.compare.columns import COMPARE_TABLES
from piqa_cli.compare.named_runs import COMPARE_JSON
from piqa_cli.compare.page import page_files
from piqa_cli.compare.pictures import Shown, shown_pairs
from piqa_cli.compare.records import Comparison
from piqa_cli.compare.rows import KIND, as_json, table_rows
from piqa_cli.errors import PiqaError
from piqa_cli.records.gates import GateResult
from piqa_cli.report.render import replace_folder
from piqa_cli.runs.folder import PICTURES, REPORT
from piqa_cli.runs.parquet import table_bytes
from piqa_cli.runs.table_set import unwritable


def prepare(folder: Path) -> None:
    """Makes the folder; refuses one that holds something else, so that nothing is overwritten.

    Raises:
        PiqaError: it is a file, holds other things, or can't be made.
    """
    if folder.exists() and not folder.is_dir():
        raise PiqaError(f"{folder} is a file: choose a folder for the comparison with -o")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        names = sorted(file.name for file in folder.iterdir())
    except OSError as error:
        raise unwritable(folder, error) from error
    own = {f"{name}.parquet" for name in COMPARE_TABLES} | {PICTURES, REPORT}
    foreign = [name for name in names if name not in own and not name.startswith(".")]
    if foreign and not _is_own(folder):
        raise PiqaError(
            f"{folder} holds other files (such as {foreign[0]!r}) and is no comparison: "
            "choose a new or empty folder with -o"
        )


def _is_own(folder: Path) -> bool:
    try:
        known = json.loads((folder / COMPARE_JSON).read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(known, dict) and known.get("kind") == KIND


def write_folder(
    folder: Path,
    found: Comparison,
    *,
    gates: Sequence[GateResult] = (),
) -> Path:
    """Writes a comparison into a prepared folder.

    Every file is whole or not there; compare.json comes last, with the SHA-256 of every table, so
    the remains of an interrupted comparison can't be taken for a finished one.

    Args:
        folder: as `prepare` left it.
        found: what to write.
        gates: what became of each; the page shows them before everything else.

    Returns:
        The page.

    Raises:
        PiqaError: the folder can't be written.
    """
    shown = shown_pairs(found)
    pages = dict(page_files(found, shown, gates=gates))
    tables = {
        f"{name}.parquet": table_bytes(name, COMPARE_TABLES[name], rows)
        for name, rows in table_rows(found).items()
    }
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in tables.items()}
    info = as_json(found) | {"files": hashes} | {"gates": [asdict(gate) for gate in gates]}
    try:
        for name, data in tables.items():
            write_whole(folder / name, data)
        _copy_pictures(folder / PICTURES, shown)
        replace_folder(folder / REPORT, pages)
        write_whole(folder / COMPARE_JSON, _json_bytes(info))
    except OSError as error:
        raise unwritable(folder, error) from error
    return folder / REPORT / "index.html"


def _json_bytes(info: Mapping[str, Any]) -> bytes:
    return (json.dumps(info, indent=2) + "\n").encode("ascii")


def _copy_pictures(folder: Path, shown: Iterable[Shown]) -> None:
    """Copies the pictures that the page shows, and drops those of an earlier comparison."""
    wanted = {picture.name: picture.file for pair in shown for picture in pair.pictures()}
    if wanted:
        folder.mkdir(exist_ok=True)
    for file in folder.glob("*.webp"):
        if file.name not in wanted:
            file.unlink(missing_ok=True)
    for name, source in wanted.items():
        write_whole(folder / name, source.read_bytes())
