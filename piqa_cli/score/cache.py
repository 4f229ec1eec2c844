"""The score cache: what was scored once is never scored again (SQLite, no torch here)."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable
from dataclasses import asdict, fields
from pathlib import Path
from types import TracebackType
from typing import Any

from piqa_cli.errors import PiqaError
from piqa_cli.records import Box, Capture, Exif, Face, PhotoFacts, Prediction, Scored

_BUSY_S = 30.0
_ADVICE = ", delete the file (it is damaged)"
_CHUNK = 500


class ScoreCache:
    """Scores by fingerprint, shared between runs; every score is committed as it comes.

    Raises:
        PiqaError: the file can't be opened or is no score cache.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(file, timeout=_BUSY_S, isolation_level=None)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.execute(
                f"CREATE TABLE IF NOT EXISTS {_TABLE} (fingerprint TEXT PRIMARY KEY, row TEXT)"
            )
        except (OSError, sqlite3.Error) as error:
            raise self._unusable(error) from None

    def get(self, fingerprints: Iterable[str]) -> dict[str, Scored]:
        """The scores that are there, each with a blank capture (see `adopt`)."""
        wanted = sorted(set(fingerprints))
        found: dict[str, Scored] = {}
        for start in range(0, len(wanted), _CHUNK):
            chunk = wanted[start : start + _CHUNK]
            marks = ",".join("?" * len(chunk))
            query = f"SELECT fingerprint, row FROM {_TABLE} WHERE fingerprint IN ({marks})"
            try:
                rows = self._db.execute(query, chunk).fetchall()
            except sqlite3.Error as error:
                raise self._unusable(error) from None
            decoded = ((key, _decode(row)) for key, row in rows)
            found.update((key, scored) for key, scored in decoded if scored is not None)
        return found

    def put(self, fingerprint: str, scored: Scored) -> None:
        """Keeps one score, at once.

        Raises:
            PiqaError: it can't be written.
        """
        try:
            self._db.execute(
                f"INSERT OR REPLACE INTO {_TABLE} VALUES (?, ?)", (fingerprint, _encode(scored))
            )
        except sqlite3.Error as error:
            raise self._unusable(error) from None

    def close(self) -> None:
        """Closes the file; what was put is kept."""
        self._db.close()

    def __enter__(self) -> ScoreCache:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _unusable(self, error: Exception) -> PiqaError:
        return PiqaError(
            f"score cache {self._file} can't be used ({error}): name another folder with "
            f"PIQA_CACHE{_ADVICE if type(error) is sqlite3.DatabaseError else ''}, or run with "
            "--fresh"
        )


def _table_name() -> str:
    """A table for each shape of the records: rows of another version are never misread."""
    shapes = (tuple(field.name for field in fields(record)) for record in (PhotoFacts, Exif, Face))
    return f"scores_{hashlib.sha256(repr(tuple(shapes)).encode()).hexdigest()[:12]}"


_TABLE = _table_name()
_NOBODY = Capture(path="", file=Path(), scene="", device="")


def _encode(scored: Scored) -> str:
    parts = {
        "facts": asdict(scored.facts),
        "face": asdict(scored.face),
        "prediction": asdict(scored.prediction),
    }
    return json.dumps(parts, sort_keys=True)


def _decode(row: str) -> Scored | None:
    """A kept score; None where the row is damaged, so that it is made again."""
    try:
        return _scored(json.loads(row))
    except (ValueError, KeyError, TypeError):
        return None


def _scored(parts: dict[str, Any]) -> Scored:
    facts, face, prediction = parts["facts"], parts["face"], parts["prediction"]
    box = face.pop("box")
    return Scored(
        capture=_NOBODY,
        facts=PhotoFacts(**{**facts, "exif": Exif(**facts["exif"])}),
        face=Face(box=None if box is None else Box(**box), **face),
        prediction=Prediction(**{**prediction, "view_scores": tuple(prediction["view_scores"])}),
    )
