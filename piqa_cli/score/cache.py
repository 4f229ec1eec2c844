"""The score cache: what was scored once is never scored again (no torch here)."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from piqa_cli.errors import PiqaError
from piqa_cli.provenance import unix_time_s
from piqa_cli.records import Scored
from piqa_cli.score.cache_file import (
    give_back,
    identity,
    is_damage,
    open_file,
    set_aside,
    used_bytes,
)
from piqa_cli.score.cache_rows import SHAPE, decode, encode, seal
from piqa_cli.score.cache_size import forget_to_fit

_CHUNK = 500
_LOOK_EVERY = 500  # new scores between two looks at the size
_ROOM = 0.9  # of the limit is left full, so that forgetting isn't needed at every look
_USE_STEP_S = 3600  # uses closer together than this are one: a warm run writes next to nothing
PREFERRED = ("cuda", "mps", "cpu")
"""Order of processors where a score was made on several and any will do."""

_PUT = (
    "INSERT OR REPLACE INTO scores "
    "(fingerprint, shape, processor, model, exif_version, row, seal, used_at) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)

_Result = TypeVar("_Result")
_Row = tuple[str, str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Origin:
    """Origin of a score, beside its fingerprint.

    Attributes:
        model: name in the catalogue.
        processor: `cpu`, `cuda` or `mps`.
        exif_version: of what read the EXIF that is kept with the score.
    """

    model: str
    processor: str
    exif_version: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A score from the cache, with a blank capture, and where it comes from."""

    scored: Scored
    origin: Origin


class ScoreCache:
    """Scores by fingerprint, shared between runs; every score is committed as it comes.

    A damaged file is set aside and a new one begun: that costs time, never a run.

    Attributes:
        warnings: what happened to the file, one line each.

    Raises:
        PiqaError: the file can't be used.
    """

    def __init__(
        self,
        file: Path,
        *,
        limit_bytes: int | None = None,
        clock: Callable[[], int] = unix_time_s,
    ) -> None:
        self._file = file
        self._limit_bytes = limit_bytes
        self._clock = clock
        self._unseen = 0  # scores that came since the size was last looked at
        self._seen = identity(file)
        self.warnings: list[str] = []
        self._db: sqlite3.Connection | None = None
        self._do(lambda db: None)

    def get(self, fingerprints: Iterable[str], *, processor: str | None = None) -> dict[str, Kept]:
        """The scores that are there.

        Args:
            fingerprints: of the captures.
            processor: `cpu`, `cuda` or `mps`: only scores made there; None: from anywhere.

        Raises:
            PiqaError: the file can't be read.
        """
        wanted = sorted(set(fingerprints))
        found: dict[str, Kept] = {}
        for start in range(0, len(wanted), _CHUNK):
            chunk = wanted[start : start + _CHUNK]
            rows = self._do(partial(self._fetch, chunk=chunk, processor=processor))
            for fingerprint, made_on, model, exif_version, row, row_seal in sorted(
                rows, key=_preference
            ):
                if row_seal == seal(fingerprint, row) and (scored := _decoded(row)):
                    origin = Origin(model, made_on, exif_version)
                    found.setdefault(fingerprint, Kept(scored, origin))
        return found

    def _fetch(
        self, db: sqlite3.Connection, *, chunk: Sequence[str], processor: str | None
    ) -> list[_Row]:
        where = f"shape = ? AND fingerprint IN ({','.join('?' * len(chunk))})"
        values = [SHAPE, *chunk]
        if processor is not None:
            where, values = f"{where} AND processor = ?", [*values, processor]
        columns = "fingerprint, processor, model, exif_version, row, seal"
        rows = db.execute(f"SELECT {columns} FROM scores WHERE {where}", values).fetchall()
        now = self._clock()
        with suppress(sqlite3.OperationalError):  # busy or read-only: the scores are what counts
            db.execute(
                f"UPDATE scores SET used_at = ? WHERE {where} AND used_at < ?",
                (now, *values, now - _USE_STEP_S),
            )
        return rows

    def put(self, fingerprint: str, scored: Scored, origin: Origin) -> None:
        """Keeps one score, at once.

        Raises:
            PiqaError: it can't be written.
        """
        row = encode(scored)
        whose = (fingerprint, SHAPE, origin.processor, origin.model, origin.exif_version)
        what = (row, seal(fingerprint, row), self._clock())
        self._do(lambda db: db.execute(_PUT, (*whose, *what)))
        self._unseen += 1
        if self._unseen >= _LOOK_EVERY:
            self._fit()

    def close(self) -> None:
        """Closes the file; what was put is kept, as far as the limit allows."""
        if self._db is None:
            return
        try:
            if self._unseen:
                self._fit()
        except PiqaError as error:
            self.warnings.append(str(error))
        finally:
            self._drop()

    def _fit(self) -> None:
        """Forgets what was used longest ago where the limit is passed."""
        self._unseen = 0
        if self._limit_bytes is not None:
            self._do(partial(_fit, limit_bytes=self._limit_bytes))

    def _do(self, work: Callable[[sqlite3.Connection], _Result]) -> _Result:
        """Works with the file; once more with a new one where it turns out to be damaged."""
        try:
            try:
                return work(self._opened())
            except sqlite3.Error as error:
                if not is_damage(error):
                    raise
                self._begin_anew()
            return work(self._opened())
        except (OSError, sqlite3.Error) as error:
            raise self._unusable(error) from None

    def _opened(self) -> sqlite3.Connection:
        if self._db is None:
            self._seen = identity(self._file)
            self._db = open_file(self._file)
        return self._db

    def _begin_anew(self) -> None:
        self._drop()
        aside = set_aside(self._file, seen=self._seen)
        self.warnings.append(
            f"the score cache was damaged: it was set aside as {aside.name}, a new one was begun"
        )

    def _drop(self) -> None:
        """Closes the file, whatever its state."""
        if self._db is not None:
            with suppress(sqlite3.Error):
                self._db.close()
            self._db = None

    def _unusable(self, error: Exception) -> PiqaError:
        damaged = ", delete the file (it is damaged)" if is_damage(error) else ""
        return PiqaError(
            f"score cache {self._file} can't be used ({error}): name another folder with "
            f"PIQA_CACHE{damaged}, or run with --fresh"
        )

    def __enter__(self) -> ScoreCache:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _fit(db: sqlite3.Connection, *, limit_bytes: int) -> None:
    if used_bytes(db) > limit_bytes:
        forget_to_fit(db, int(_ROOM * limit_bytes))
        give_back(db)


def _preference(row: _Row) -> int:
    return PREFERRED.index(row[1]) if row[1] in PREFERRED else len(PREFERRED)


def _decoded(row: str) -> Scored | None:
    """A kept score; None where the row is damaged, so that it is made again."""
    try:
        return decode(row)
    except (ValueError, KeyError, TypeError):
        return None
