"""Spreads work over processes, in order; one worker means this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

from tqdm import tqdm

Item = TypeVar("Item")
Result = TypeVar("Result")


def spread(
    function: Callable[[Item], Result],
    items: Sequence[Item],
    *,
    workers: int,
    unit: str,
    quiet: bool,
) -> Iterator[Result]:
    """Results of `function` for every item, in the items' order, with a progress bar.

    Args:
        function: importable by name, as other processes need it.
        items: what to work on.
        workers: processes; they are started afresh (spawned), so that threads do no harm.
        unit: what the bar counts.
        quiet: no bar; without it there is one on a terminal only.
    """
    bar = tqdm(total=len(items), unit=unit, disable=True if quiet else None)
    with bar:
        if workers <= 1 or len(items) <= 1:
            for item in items:
                yield function(item)
                bar.update()
            return
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            for result in pool.map(function, items):
                yield result
                bar.update()
