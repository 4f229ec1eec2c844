"""Reads files in the decode pool of a run, one after the other, and watches memory (no torch)."""

from __future__ import annotations

import re
import resource
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from piqa_cli.errors import CaptureError
from piqa_cli.score.readers import Readers
from piqa_cli.score.worker import read_capture

LONGEST_S = 10.0
MOST_GROWTH_KB = 1 << 20
_HANG = "longer than"
_DEATH = "the reading process died"
_CLASS_NAME = re.compile(r"\w*(Error|Exception)\w*")


@dataclass(frozen=True, slots=True)
class Reading:
    """One outcome: pixels, or a refusal.

    Attributes:
        pixels: (height, width, 3) uint8; None: refused.
        reason: why it was refused; None: it was read.
        growth_kb: by how much the process's peak of memory rose.
    """

    pixels: NDArray[np.uint8] | None
    reason: str | None
    growth_kb: int = 0

    @property
    def is_refusal(self) -> bool:
        """True for a refusal by the reader itself, False where its process had to be given up."""
        return self.reason is not None and not self.process_lost

    @property
    def process_lost(self) -> bool:
        return self.reason is not None and self.reason.startswith(_DEATH)

    @property
    def broken_rule(self) -> str | None:
        """Names the rule that an outcome breaks, whatever was read; None: none."""
        if self.growth_kb > MOST_GROWTH_KB:
            return "memory"
        if self.reason is None:
            return None
        if _HANG in self.reason:
            return "hang"
        words = self.reason.split(": ", 1)[-1]
        if not words.strip() or "\n" in self.reason or _CLASS_NAME.fullmatch(words):
            return "no reason"
        return None


def read_watched(file: Path) -> Reading:
    """Runs in a decode process: `read_capture`, and what it costs in memory."""
    before = _peak_kb()
    try:
        pixels, reason = read_capture(file, None, None).photo.pixels, None
    except CaptureError as error:
        pixels, reason = None, error.reason
    return Reading(pixels, reason, _peak_kb() - before)


def _peak_kb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def pool() -> Readers:
    """The decode pool of a run with one process, which is killed where a mutant hangs it."""
    return Readers(workers=1, timeout_s=LONGEST_S)


def outcome(readers: Readers, file: Path) -> Reading:
    """Reads a file in the pool, as a run does; nothing is raised for a bad file."""
    try:
        return readers.result_of(readers.submit(read_watched, file))
    except CaptureError as error:
        return Reading(None, error.reason)
