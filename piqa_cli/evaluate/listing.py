"""Finds the columns of a table: names with scores, or names with human ratings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from piqa_cli.discover.aliases import Aliases
from piqa_cli.discover.names import as_label, plain_path
from piqa_cli.errors import PiqaError
from piqa_cli.evaluate.table import Table, read_table
from piqa_cli.records.capture_row import ScoredRow, TriedRow
from piqa_cli.runs.table_set import load_run
from piqa_cli.spreadsheet import comma_hint, number

_NAMES = ("image path", "path", "file", "image", "filename", "name", "photo")
_SCENES = ("scene", "class")
_TRUTHS = ("jod", "mos")


@dataclass(frozen=True, slots=True)
class Entry:
    """One photograph with a number.

    Attributes:
        place: where it stands, for messages: `line 7`.
        path: as named there, with `/`; often just a file name.
        value: score or rating, higher is better.
        std: standard deviation of a rating, where known.
        scene, device, firmware, condition: None where the table doesn't know them.
    """

    place: str
    path: str
    value: float
    std: float | None = None
    scene: str | None = None
    device: str | None = None
    firmware: str | None = None
    condition: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """Photographs with numbers, of one source.

    Attributes:
        source: file or run folder.
        column: what the number is called there: `score`, `jod`, `mos`, or a plain heading.
        entries: in the order of the source.
        n_blank: rows without a number (not rated, not scored), which are left out.
        model: what scored, where the source is a run.
        warnings: that letters beyond ASCII had to be guessed.
        titles: of scenes, where the source is a run.
    """

    source: Path
    column: str
    entries: tuple[Entry, ...]
    n_blank: int = 0
    model: str | None = None
    warnings: tuple[str, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)

    def named(self, aliases: Aliases) -> Listing:
        """The same with the names of devices that hold."""
        return replace(self, entries=tuple(_named(entry, aliases) for entry in self.entries))


def _named(entry: Entry, aliases: Aliases) -> Entry:
    if entry.device is None:
        return entry
    who = aliases.canonical(entry.device, entry.firmware)
    return replace(entry, device=who.device, firmware=who.firmware)


def read_scores(source: Path) -> Listing:
    """Scores of a run folder, or of a CSV or Parquet file with a name and a `score`.

    Raises:
        PiqaError: nothing of that kind is there, or a cell is no number.
    """
    if source.is_dir():
        return _scores_of_run(source)
    return _read(read_table(source), ("score",), "scores")


def read_truth(file: Path) -> Listing:
    """Human ratings: PIQ23's CSVs, manifests with `jod` or `mos`, or two columns (name, value).

    A run folder stands for the `jod` that its manifest had.

    Raises:
        PiqaError: no such columns, a cell is no number, or no row is rated.
    """
    if file.is_dir():
        return _truth_of_run(file)
    return _read(read_table(file), _TRUTHS, "truth")


def _scores_of_run(folder: Path) -> Listing:
    run = load_run(folder)
    rows = run.tables.captures
    entries = _of_rows([row for row in rows if isinstance(row, ScoredRow)], "score")
    if not entries:
        raise PiqaError(f"{folder} holds no scored capture; nothing can be compared")
    n_failed = sum(row.status == "failed" for row in rows)
    known = run.info.get("scenes", {})
    titles = {name: title for name, facts in known.items() if (title := facts.get("title"))}
    return Listing(folder, "score", entries, n_failed, run.source.name, titles=titles)


def _truth_of_run(folder: Path) -> Listing:
    rows = [row for row in load_run(folder).tables.captures if isinstance(row, TriedRow)]
    rated = [row for row in rows if row.jod is not None]
    if not rated:
        raise PiqaError(f"the captures of {folder} have no jod: name the ratings with --truth FILE")
    return Listing(folder, "jod", _of_rows(rated, "jod"), len(rows) - len(rated))


def _of_rows(rows: Sequence[TriedRow], column: str) -> tuple[Entry, ...]:
    """Rows of the captures table as entries."""
    return tuple(
        Entry(
            place=f"row {n}",
            path=plain_path(row.path),
            value=getattr(row, column),
            scene=row.scene,
            device=row.device,
            firmware=row.firmware,
            condition=row.condition,
        )
        for n, row in enumerate(rows, start=1)
    )


def _read(table: Table, wanted: Sequence[str], role: str) -> Listing:
    name_at, value_at = _name_and_value(table, wanted, role)
    text = _Cells(table).text
    entries: list[Entry] = []
    n_blank = 0
    for row, place in zip(table.rows, table.places, strict=True):
        if not row[value_at].strip() or text(row, "status") in ("failed", "skipped"):
            n_blank += 1
            continue
        value = number(row[value_at], decimal_comma=table.decimal_comma)
        if value is None:
            hint = "" if table.decimal_comma else comma_hint(row[value_at])
            raise PiqaError(f"{table.file}, {place}: {row[value_at].strip()!r} is no number{hint}")
        entries.append(_entry(table, row, place, name_at=name_at, value=value, text=text))
    column = table.columns[value_at] if table.headings else "value"
    if not entries:
        raise PiqaError(f"{table.file}: no row has a {column}; nothing can be compared")
    if any(e.scene for e in entries) and not all(e.scene for e in entries):
        blank = next(e for e in entries if not e.scene)
        raise PiqaError(f"{table.file}, {blank.place}: scene is blank, other rows have one")
    return Listing(table.file, column, tuple(entries), n_blank, warnings=table.warnings)


Text = Callable[[Sequence[str], str], str | None]


def _entry(
    table: Table, row: Sequence[str], place: str, *, name_at: int, value: float, text: Text
) -> Entry:
    path = plain_path(row[name_at])
    if not path:
        raise PiqaError(f"{table.file}, {place}: the name of the photograph is blank")
    return Entry(
        place=place,
        path=in_class(path, text(row, "class")),
        value=value,
        std=number(text(row, "jod std") or text(row, "mos std") or ""),
        scene=next((s for s in (text(row, name) for name in _SCENES) if s), None),
        device=text(row, "device"),
        firmware=text(row, "firmware"),
        condition=text(row, "condition"),
    )


@dataclass(frozen=True, slots=True)
class _Cells:
    """Looks up a cell by the name of its column."""

    table: Table

    def text(self, row: Sequence[str], column: str) -> str | None:
        """The cell, or None where it is blank or the column isn't there."""
        columns = self.table.columns
        return as_label(row[columns.index(column)]) or None if column in columns else None


def _name_and_value(table: Table, wanted: Sequence[str], role: str) -> tuple[int, int]:
    """Indices of the columns that hold name and number."""
    columns = table.columns
    name_at = _first(columns, _NAMES)
    value_at = _first(columns, wanted)
    width = len(columns) or len(table.rows[0])
    if width == 2 and (name_at is None or value_at is None):
        return _two_columns(table, name_at, value_at)
    if name_at is None or value_at is None:
        lacking = _NAMES if name_at is None else wanted
        has = ", ".join(table.headings[:12]) or "no heading line"
        raise PiqaError(
            f"{table.file} can't serve as {role}: it has no column {' or '.join(lacking)}, "
            f"it has {has}; rename one"
        )
    return name_at, value_at


def _two_columns(table: Table, name_at: int | None, value_at: int | None) -> tuple[int, int]:
    """Name and number of a plain list; `piqa-cli score` prints the number first."""
    if name_at is not None:
        return name_at, 1 - name_at
    if value_at is not None:
        return 1 - value_at, value_at
    is_swapped = bool(table.rows) and all(
        number(row[0]) is not None and number(row[1]) is None for row in table.rows
    )
    return (1, 0) if is_swapped else (0, 1)


def _first(columns: Sequence[str], names: Sequence[str]) -> int | None:
    return next((columns.index(name) for name in names if name in columns), None)


def in_class(path: str, folder: str | None) -> str:
    """The path of a picture of the NTIRE kit, which keeps `images/CLASS/IMAGE`.

    >>> in_class("image1.jpg", "0"), in_class("images/0/image1.jpg", "0")
    ('0/image1.jpg', 'images/0/image1.jpg')
    """
    return path if not folder or folder in path.split("/")[:-1] else f"{folder}/{path}"
