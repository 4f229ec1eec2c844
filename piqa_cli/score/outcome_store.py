"""Scores of very large runs: on disk, in a file without a name, until the run has ended."""

from __future__ import annotations

import io
import pickle
import tempfile
import weakref
from array import array
from collections.abc import Callable, Hashable, Iterator, MutableMapping
from dataclasses import fields
from operator import attrgetter
from typing import IO, Any, TypeVar

from piqa_cli.records import (
    Box,
    Exif,
    Face,
    FaceCandidate,
    PhotoFacts,
    Prediction,
    Scored,
    on_demand,
)
from piqa_cli.resources import cache_file
from piqa_cli.score.cache_rows import NOBODY

Key = TypeVar("Key", bound=Hashable)


def room_for_scores(captures: int) -> MutableMapping[Any, Scored]:
    """An empty mapping for the scores of so many captures: of a large run it lies on disk."""
    return ScoresOnDisk() if captures > on_demand.IN_MEMORY else {}


class ScoresOnDisk(MutableMapping[Key, Scored]):
    """Scores by any key; what it gives back has a blank capture, as scores of the cache have."""

    def __init__(self) -> None:
        self._file = _PickleFile()
        self._numbers: dict[Key, int] = {}

    def __getitem__(self, key: Key) -> Scored:
        return Scored(NOBODY, *self._file.value(self._numbers[key]))

    def __setitem__(self, key: Key, scored: Scored) -> None:
        parts = scored.facts, scored.face, scored.prediction, scored.warning
        self._numbers[key] = self._file.add(parts)

    def __delitem__(self, key: Key) -> None:
        del self._numbers[key]

    def __contains__(self, key: object) -> bool:
        return key in self._numbers  # nothing is read for it

    def __iter__(self) -> Iterator[Key]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)


_Apart = tuple[Callable[..., Any], tuple[Any, ...]]


def _as_values(kind: type[Any]) -> Callable[[Any], _Apart]:
    """Takes records of a kind apart for pickle: half the time that dataclasses' own way needs."""
    values = attrgetter(*(field.name for field in fields(kind)))
    return lambda record: (kind, values(record))


_RECORDS = (PhotoFacts, Exif, Face, FaceCandidate, Box, Prediction)
_TAKEN_APART: dict[type, Callable[[Any], _Apart]] = {kind: _as_values(kind) for kind in _RECORDS}


def _pickled(value: Any) -> bytes:
    buffer = io.BytesIO()
    pickler = pickle.Pickler(buffer, pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = _TAKEN_APART
    pickler.dump(value)
    return buffer.getvalue()


class _PickleFile:
    """Values one after the other in a file that goes with this object or process."""

    def __init__(self) -> None:
        self._file = _nameless_file()
        self._ends = array("q", [0])
        self._unwritten: dict[int, Any] = {}
        weakref.finalize(self, self._file.close)

    def add(self, value: Any) -> int:
        """Adds a value; returns its number."""
        number, end = len(self._ends) - 1, self._ends[-1]
        data = _pickled(value)
        try:
            self._file.seek(end)
            is_written = self._file.write(data) == len(data)
        except OSError:
            is_written = False
        if not is_written:  # a full disk: the run goes on as far as memory reaches
            self._unwritten[number] = value
        self._ends.append(end + len(data) * is_written)
        return number

    def value(self, number: int) -> Any:
        """The value of a number."""
        if number in self._unwritten:
            return self._unwritten[number]
        start, end = self._ends[number], self._ends[number + 1]
        self._file.seek(start)
        return pickle.loads(self._file.read(end - start))


def _nameless_file() -> IO[bytes]:
    """A file beside the cache; where none can be written, the system's place, or memory."""
    for folder in (cache_file().parent, None):
        try:
            if folder is not None:
                folder.mkdir(parents=True, exist_ok=True)
            return tempfile.TemporaryFile(dir=folder, buffering=0)
        except OSError:
            continue
    return io.BytesIO()
