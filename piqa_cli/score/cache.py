"""The score cache: what was scored once is never scored again (SQLite, no torch here)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any

from piqa_cli.errors import PiqaError
from piqa_cli.records import Box, Capture, Exif, Face, PhotoFacts, Prediction, Scored

_TABLE = "scores_1"
_BUSY_S = 30.0
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
            found.update((key, _decode(row)) for key, row in rows)
        return found

    def put(self, fingerprint: str, scored: Scored) -> None:
        """Keeps one score, at once."""
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
            f"score cache {self._file} can't be used ({error}): delete it, "
            "name another folder with PIQA_CACHE, or run with --fresh"
        )


_NOBODY = Capture(path="", file=Path(), scene="", device="")


def _encode(scored: Scored) -> str:
    parts = {
        "facts": asdict(scored.facts),
        "face": asdict(scored.face),
        "prediction": asdict(scored.prediction),
    }
    return json.dumps(parts, sort_keys=True)


def _decode(row: str) -> Scored:
    parts: dict[str, Any] = json.loads(row)
    facts, face, prediction = parts["facts"], parts["face"], parts["prediction"]
    box = face.pop("box")
    return Scored(
        capture=_NOBODY,
        facts=PhotoFacts(**{**facts, "exif": Exif(**facts["exif"])}),
        face=Face(box=None if box is None else Box(**box), **face),
        prediction=Prediction(**{**prediction, "view_scores": tuple(prediction["view_scores"])}),
    )
