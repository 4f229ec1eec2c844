"""CSV or Parquet to rows of known columns; what a cell means is the caller's matter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from piqa_cli.errors import PiqaError
from piqa_cli.remote import AnyPath
from piqa_cli.spreadsheet import plain_heading, read_spreadsheet

_MISSPELT = 0.85  # likeness from which a heading is a slip of a known one, not a column of its own


@dataclass(frozen=True, slots=True)
class Row:
    """One row: where it stands (`line 7` of a CSV, `row 7` of Parquet) and its known cells."""

    place: str
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The known columns that a file has; its rows, one after the other.

    Attributes:
        cells: texts of each column, blank ones "".
        places: of the rows, as `Row` has them.
        decimal_comma: True if a comma in a number is a decimal one.
        warnings: what had to be guessed.
    """

    cells: Mapping[str, Sequence[str]]
    places: Sequence[str]
    decimal_comma: bool = True
    warnings: tuple[str, ...] = ()

    @property
    def columns(self) -> frozenset[str]:
        """Names of the columns."""
        return frozenset(self.cells)

    def __iter__(self) -> Iterator[Row]:
        names = tuple(self.cells)
        for place, cells in zip(self.places, zip(*self.cells.values(), strict=True), strict=True):
            yield Row(place, dict(zip(names, cells, strict=True)))


def read_sheet(
    file: AnyPath,
    required: Sequence[str],
    optional: Sequence[str],
    *,
    called: str | None = None,
    not_a_folder: str = "give it as captures folder",
    also: Mapping[str, Sequence[str]] | None = None,
) -> Sheet:
    """Reads the known columns; content decides between Parquet and CSV.

    CSV is UTF-8 (with or without byte order mark) or UTF-16, divided by comma, semicolon or tab,
    with a heading line; case of headings is ignored. Blank cells are "".

    Args:
        file: to read.
        required: columns that must be there.
        optional: columns that may be there.
        called: how messages call the file; None: a manifest.
        not_a_folder: what to do, in a few words, where it is a folder.
        also: other headings of a known column, in small letters with blanks for `_`; the first
            met counts where the column itself is missing.

    Raises:
        PiqaError: the file can't be read, or a required column is missing.
    """
    called = called or f"manifest {file}"
    known = frozenset((*required, *optional))
    others = {name for names in (also or {}).values() for name in names}
    found = read_spreadsheet(
        file,
        called=called,
        not_a_folder=not_a_folder,
        wanted=lambda heading: heading.strip().lower() in known or plain_heading(heading) in others,
    )
    headings = _known_by_other_names(found.headings, also or {})
    _check_columns(called, headings, required=required, known=(*required, *optional))
    cells = {
        name: [cell.strip() for cell in column]
        for name, column in zip(headings, found.columns, strict=True)
        if name in known
    }
    return Sheet(cells, found.places, found.decimal_comma, found.warnings)


def _known_by_other_names(
    headings: Sequence[str], also: Mapping[str, Sequence[str]]
) -> tuple[str, ...]:
    """Headings in small letters, those of another name under the known one."""
    plain = [heading.strip().lower() for heading in headings]
    spoken = [plain_heading(heading) for heading in headings]
    for name, others in also.items():
        meant = next((other for other in others if other in spoken), None)
        if name not in plain and meant is not None:
            plain[spoken.index(meant)] = name
    return tuple(plain)


def _check_columns(
    called: str, headings: Iterable[str], *, required: Sequence[str], known: Sequence[str]
) -> None:
    """Refuses a missing required column, a known one twice, and a misspelt optional one."""
    met = list(headings)
    for name in known:
        if met.count(name) > 1:
            raise PiqaError(f"{called}: column {name!r} stands there twice; keep one")
    for name in required:
        if name not in met:
            unknown = [heading for heading in met if heading not in known]
            nearest = get_close_matches(name, unknown, n=1, cutoff=0.5)
            hint = f"; rename {nearest[0]!r} to {name!r}?" if nearest else ""
            raise PiqaError(
                f"{called}: column {name!r} is missing, it has "
                f"{', '.join(met[:12]) or 'no heading line'}{hint}"
            )
    absent = [name for name in known if name not in met]
    for heading in met:
        meant = get_close_matches(heading, absent, n=1, cutoff=_MISSPELT)
        if heading not in known and meant:
            raise PiqaError(
                f"{called}: column {heading!r} is not known; did you mean {meant[0]!r}?"
            )
