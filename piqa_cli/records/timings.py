"""Timings in columns: a capture has four to six, which as objects take 0.5 kB."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Sequence
from typing import overload

from piqa_cli.records.results import Timing


class Timings(Sequence[Timing]):
    """Timings in the order in which they were added."""

    def __init__(self, timings: Iterable[Timing] = ()) -> None:
        self._paths: list[str] = []
        self._stages: list[str] = []
        self._seconds = array("d")
        self.extend(timings)

    def extend(self, timings: Iterable[Timing]) -> None:
        """Adds some."""
        for timing in timings:
            self._paths.append(timing.path)
            self._stages.append(sys.intern(timing.stage))
            self._seconds.append(timing.seconds)

    def __len__(self) -> int:
        return len(self._paths)

    @overload
    def __getitem__(self, index: int) -> Timing: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Timing]: ...

    def __getitem__(self, index: int | slice) -> Timing | Sequence[Timing]:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        return Timing(self._paths[index], self._stages[index], self._seconds[index])
