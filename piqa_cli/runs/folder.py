"""A run's folder: refused before anything is scored, or written as one set at the end."""

from __future__ import annotations

import heapq
import re
import shutil
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, get_args

from piqa_cli.atomic import write_whole
from piqa_cli.errors import PiqaError
from piqa_cli.natural import natural_path
from piqa_cli.records import FailedFolder, RunContent, Skipped
from piqa_cli.records.runs import AnyResult
from piqa_cli.runs.batches import Row
from piqa_cli.runs.lock import LOCK_FILE, hold
from piqa_cli.runs.parquet import csv_bytes, parquet_bytes
from piqa_cli.runs.score_source import source_facts
from piqa_cli.runs.table_set import RUN_JSON, finish_swap, is_run, replace_set, unwritable
from piqa_cli.runs.tables import (
    CaptureTable,
    RecordTable,
    Result,
    columns_of_run,
    path_of,
    storable,
)
from piqa_cli.schema import ALL_TABLES, TableName
from piqa_cli.settings import FigureFormat, PdfKind

PICTURES = "pictures"
REPORT = "report"
SINGLE_FILE = "report.html"
PDFS: dict[PdfKind, str] = {"brief": "brief.pdf", "full": "report.pdf"}
FIGURES = "figures"
MODELS = "models"
"""Folder of the runs of further models: `models/NAME` within the folder of a run."""
PART_OF = "../.."
"""The way from the folder of such a run to that of the whole run, whose pictures it shows."""
_PICTURE = re.compile(r"[0-9a-f]+-[0-9a-z]+\.webp")  # as `pictures.picture_name` makes it
_FIGURE_NAMES = ("ranking", "heat-map", "scene-*")
_OWN_HIDDEN = (LOCK_FILE, ".tmp-", ".staged-", f".{REPORT}-", ".pruned-")
_FIGURE_SUFFIXES = tuple(f".{form}" for form in get_args(FigureFormat))


@contextmanager
def hold_out(folder: Path) -> Iterator[None]:
    """Makes the folder of a run and keeps other runs out of it meanwhile.

    Raises:
        PiqaError: another run writes into it, it is a file, can't be written, or holds files that
            aren't a run's.
    """
    _make(folder)
    with hold(folder):
        prepare_out(folder)
        yield


def prepare_out(folder: Path) -> None:
    """Makes the folder of a run, or refuses before anything is scored; see `hold_out`.

    Raises:
        PiqaError: it is a file, can't be written, or holds files that aren't a run's.
    """
    _make(folder)
    try:
        finish_swap(folder)
        clear_unfinished(folder, pictures=folder / PICTURES, report=folder / REPORT)
        write_whole(folder / ".tmp-probe", b"")
        (folder / ".tmp-probe").unlink()
    except OSError as error:
        raise unwritable(folder, error) from error


def _make(folder: Path) -> None:
    """Makes the folder, unless it is something else already."""
    if folder.exists() and not folder.is_dir():
        raise PiqaError(f"{folder} is a file: choose a folder for the run with -o")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(folder, error) from error
    if is_run(folder):
        return
    if foreign := _foreign(folder):
        raise PiqaError(
            f"{folder} holds other files (such as {foreign[0]!r}) and is no piqa-cli run: "
            "choose a new or empty folder with -o"
        )


def _foreign(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir() if not _is_own(entry.name))


def foreign_files(folder: Path) -> list[str]:
    """Files of a run's folder that no run makes, such as notes, or the key of a blind report."""
    return [
        *_foreign(folder),
        *(entry.name for entry in sorted(folder.iterdir()) if _may_be_notes(entry.name)),
        *(
            f"{PICTURES}/{file.name}"
            for file in (folder / PICTURES).glob("[!.]*")
            if not _PICTURE.fullmatch(file.name)
        ),
        *(f"{MODELS}/{file}" for file in _foreign_of_models(folder / MODELS)),
        *(
            f"{FIGURES}/{file.name}"
            for file in (folder / FIGURES).glob("[!.]*")
            if not _is_figure(file)
        ),
    ]


def _foreign_of_models(folder: Path) -> list[str]:
    """Files among the runs of further models that no run makes."""
    found: list[str] = []
    for entry in sorted(folder.glob("*")):
        if entry.is_dir() and is_run(entry):
            found += [f"{entry.name}/{name}" for name in foreign_files(entry)]
        else:
            found.append(entry.name)
    return found


def runs_of_models(folder: Path) -> list[Path]:
    """Folders of the runs of further models, in the order of their names."""
    return [entry for entry in sorted((folder / MODELS).glob("*")) if is_run(entry)]


def drop_other_models(folder: Path, keep: Container[str]) -> None:
    """Removes the runs of further models that an earlier run into the folder had.

    Args:
        folder: of the run.
        keep: names of the further models that it has now.
    """
    for old in runs_of_models(folder):
        if old.name not in keep and not foreign_files(old):
            shutil.rmtree(old)
    models = folder / MODELS
    if models.is_dir() and not any(models.iterdir()):
        models.rmdir()


def pictures_of(folder: Path, info: Mapping[str, Any]) -> Path:
    """Folder of a run's pictures: its own, or that of the run that it is a part of."""
    return folder / PICTURES if info.get("part_of") is None else folder / PART_OF / PICTURES


def _may_be_notes(name: str) -> bool:
    """True for names that a first run passes over, but that no run makes within its folder."""
    return name.endswith(".jsonl") or (name.startswith(".") and not name.startswith(_OWN_HIDDEN))


def _is_own(name: str) -> bool:
    """True if an interrupted first run may have left this file, its log among them."""
    tables = {f"{table}.{suffix}" for table in ALL_TABLES for suffix in ("parquet", "csv")}
    return (
        name in tables | {PICTURES, REPORT, SINGLE_FILE, FIGURES, MODELS, RUN_JSON, *PDFS.values()}
        or name.startswith(".")
        or name.endswith(".jsonl")
    )


def write_run(content: RunContent, *, csv: bool = False) -> None:
    """Replaces the tables and run.json of a run's folder as one set.

    Args:
        content: what to write; its folder is as `prepare_out` left it.
        csv: write every table as CSV too; without it, CSV files of an earlier set go.

    Raises:
        PiqaError: the folder can't be written; the old set still stands.
        ValueError: rows that don't fit the schema; nothing was written.
    """
    tables = _tables(content)
    more = {"captures": columns_of_run(content.findings.source, content.further)}
    files = {
        f"{name}.parquet": parquet_bytes(name, rows, more.get(name, ()))
        for name, rows in tables.items()
    }
    if csv:
        files |= {
            f"{name}.csv": csv_bytes(name, rows, more.get(name, ()))
            for name, rows in tables.items()
        }
    replace_set(content.out, files, _facts(content))


def _tables(content: RunContent) -> dict[TableName, Iterable[Row]]:
    """Rows of every table; captures and skipped files share one table, in natural order."""
    found, findings, ranking = content.discovery, content.findings, content.ranking
    agreement: dict[TableName, Iterable[Row]] = {}
    if content.further:
        agreement["agreement"] = RecordTable(content.agreement)
    return {
        "captures": CaptureTable(
            _InOrder(findings.results, sorted([*found.skipped, *found.folders], key=_place)),
            recipe=findings.recipe,
            fingerprints=findings.fingerprints,
            further=content.further,
            more=columns_of_run(findings.source, content.further),
        ),
        "scene_ranks": RecordTable(ranking.scenes),
        "device_ranks": RecordTable(ranking.devices),
        "pairs": RecordTable(ranking.pairs),
        "fault_profile": RecordTable(ranking.faults),
        "timings": RecordTable(findings.timings),
        **agreement,
    }


@dataclass(frozen=True, slots=True)
class _InOrder:
    """Outcomes and other files, both in natural order of their paths, as one row of them.

    It is no list: the outcomes of a large run are made one by one.
    """

    results: Sequence[AnyResult]
    others: Sequence[Skipped | FailedFolder]

    def __iter__(self) -> Iterator[Result]:
        if self.others:
            return heapq.merge(self.results, self.others, key=_place)
        return iter(self.results)


def _place(result: Result) -> tuple[Any, ...]:
    """Sort key of a row of the captures table."""
    return natural_path(path_of(result))


def _facts(content: RunContent) -> dict[str, Any]:
    scenes = content.discovery.scenes
    overall = [rank for rank in content.ranking.devices if rank.condition is None]
    expected = {} if content.expected is None else {"expected": asdict(content.expected)}
    several: dict[str, Any] = {}
    if content.further:
        several["further_models"] = [
            {name: value for name, value in asdict(model).items() if name != "scores"}
            for model in content.further
        ]
    if content.part_of is not None:
        several["part_of"] = content.part_of
    return {
        **expected,
        **several,
        **source_facts(content.findings.source, content.findings.recipe),
        "counts": asdict(content.counts),
        "devices": sum(rank.has_rank for rank in overall),
        "warnings": list(content.warnings),
        "gates": [asdict(gate) for gate in content.gates],
        "settings": dict(content.settings),
        "scenes": {storable(name): asdict(scene) for name, scene in scenes.items()},
        "provenance": dict(content.provenance),
    }


def clear_unfinished(folder: Path, *, pictures: Path, report: Path) -> None:
    """Removes temporary files; puts a report into place that was complete but for its name.

    Args:
        folder: of the run.
        pictures: its folder of pictures.
        report: its folder of pages.

    Raises:
        OSError: the folder can't be written.
    """
    for place in (folder, pictures):
        for file in place.glob(".tmp-*"):
            file.unlink(missing_ok=True)
    old = list(folder.glob(f".{report.name}-*-old"))
    for new in sorted(folder.glob(f".{report.name}-*-new")):
        # The old pages step aside only for new ones that are complete.
        if new.with_name(f"{new.name.removesuffix('-new')}-old") in old and not report.exists():
            new.rename(report)
        else:
            shutil.rmtree(new)
    for gone in old:
        shutil.rmtree(gone)


def drop_older_views(run_folder: Path) -> None:
    """Removes the one-file report, the PDFs and the figures of the run before."""
    for name in (SINGLE_FILE, *PDFS.values()):
        (run_folder / name).unlink(missing_ok=True)
    folder = run_folder / FIGURES
    clear_figures(folder)
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def clear_figures(folder: Path, form: str = "*") -> None:
    """Removes the figures that `report --figures` made, of one format or all; other files stay."""
    for file in folder.glob(f"*.{form}"):
        if _is_figure(file):
            file.unlink(missing_ok=True)


def _is_figure(file: Path) -> bool:
    named = any(fnmatchcase(file.stem, name) for name in _FIGURE_NAMES)
    return named and file.suffix in _FIGURE_SUFFIXES
