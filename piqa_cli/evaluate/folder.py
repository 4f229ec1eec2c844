"""The folder of an evaluation: evaluation.json, per_scene.csv and a page that opens from disk."""

from __future__ import annotations

import json
from pathlib import Path

from piqa_cli.atomic import write_whole
from piqa_cli.errors import PiqaError
from piqa_cli.evaluate.as_json import KIND, as_json, per_scene_csv
from piqa_cli.evaluate.evaluation import Evaluation
from piqa_cli.evaluate.listing import read_scores
from piqa_cli.evaluate.ntire import ntire_bytes, read_ntire
from piqa_cli.evaluate.page import page_files
from piqa_cli.evaluate.table import Table
from piqa_cli.runs.table_set import unwritable

EVALUATION_JSON = "evaluation.json"
_NTIRE_PREFIX = "result_"


def prepare(folder: Path) -> None:
    """Makes the folder; refuses one that holds something else, so that nothing is overwritten.

    Raises:
        PiqaError: it holds other things, or can't be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        names = {file.name for file in folder.iterdir() if not file.name.startswith(".tmp-")}
    except OSError as error:
        raise unwritable(folder, error) from error
    if names and not _is_own(folder) and not all(_is_ntire(name) for name in names):
        raise PiqaError(f"{folder} holds other things: choose a new folder with -o")


def _is_ntire(name: str) -> bool:
    return name.startswith(_NTIRE_PREFIX) and name.endswith(".csv")


def _is_own(folder: Path) -> bool:
    try:
        known = json.loads((folder / EVALUATION_JSON).read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(known, dict) and known.get("kind") == KIND


def write_folder(folder: Path, evaluation: Evaluation) -> Path:
    """Writes the evaluation into a prepared folder.

    Returns:
        The page.

    Raises:
        PiqaError: the folder can't be written.
    """
    text = json.dumps(as_json(evaluation), indent=2) + "\n"
    files = {EVALUATION_JSON: text.encode("ascii"), "per_scene.csv": per_scene_csv(evaluation)}
    files |= {name: page.encode("utf-8") for name, page in page_files(evaluation)}
    try:
        (folder / "assets").mkdir(exist_ok=True)
        for name, data in files.items():
            write_whole(folder / name, data)
    except OSError as error:
        raise unwritable(folder, error) from error
    return folder / "index.html"


def write_ntire(folder: Path, scores: Path, table_file: Path) -> tuple[Path, int, Table]:
    """Writes the challenge's table with SCORE into a prepared folder.

    Returns:
        The file `result_<name>.csv`, rows with a score, and the table as it was read.

    Raises:
        PiqaError: a table can't be understood, nothing matches, or the folder can't be written.
    """
    table = read_ntire(table_file)
    data, n_scored = ntire_bytes(table, read_scores(scores))
    file = folder / f"{_NTIRE_PREFIX}{table_file.stem}.csv"
    try:
        write_whole(file, data)
    except OSError as error:
        raise unwritable(folder, error) from error
    return file, n_scored, table
