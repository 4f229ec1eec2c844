"""Progress of scoring, for whoever follows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, Protocol, TypeVar

Step = Literal["hash", "score", "crops"]
Item = TypeVar("Item")


class Progress(Protocol):
    """Wraps the work of a step, for a progress bar."""

    def __call__(self, items: Iterator[Item], total: int, step: Step) -> Iterator[Item]:
        """Passes the items on, one a file, a score or a capture; `total` is their number."""


def no_progress(items: Iterator[Item], total: int, step: Step) -> Iterator[Item]:
    """Passes the items on and shows nothing."""
    return items
