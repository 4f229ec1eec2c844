"""Main memory that is free for this program, and the parts of it that a run plans with.

Beside the networks a run holds one part for each front process, the views that wait for a network,
and the main process with the server that front processes are forked from.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from piqa_cli.control_groups import groups_of, text_of

WORKER_BYTES = 640 << 20
"""Most that a front process holds: 340 MB with a photograph of 12 MP, 590 MB with one of 50 MP."""

_MAIN_BYTES = 1 << 30
_WAITING_DIVISOR = 8  # views that wait may take an eighth of free memory
_LEAST_WAITING_BYTES = 128 << 20
_MOST_WAITING_BYTES = 1 << 30
_MOST_WAITING_PER_WORKER_BYTES = 128 << 20  # three photographs of 12 MP as pixels
_UNKNOWN_DIVISOR = 2  # half of all memory, where the system doesn't say how much is free
# Limit, use, and the line of `memory.stat` with what a group gives back at once, by version.
_FILES = {
    1: ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
    2: ("memory.max", "memory.current", "inactive_file"),
}


def free_memory_bytes(root: Path = Path("/")) -> int:
    """Bytes that this process may still take: the machine's, or less in a control group.

    Args:
        root: of the file system with `proc` and `sys`.
    """
    return min((_of_machine(root), *_of_groups(root)))


def waiting_bytes(workers: int, free_bytes: int) -> int:
    """Bytes of views and pixels that may wait for networks, or be on their way there.

    Args:
        workers: front processes.
        free_bytes: see `free_memory_bytes`.
    """
    most = max(_MOST_WAITING_BYTES, workers * _MOST_WAITING_PER_WORKER_BYTES)
    return max(_LEAST_WAITING_BYTES, min(free_bytes // _WAITING_DIVISOR, most))


def reserve_bytes(workers: int, free_bytes: int) -> int:
    """Bytes that a run needs beside its networks.

    >>> reserve_bytes(2, 24 << 30) / (1 << 30)
    3.25
    """
    return _MAIN_BYTES + workers * WORKER_BYTES + waiting_bytes(workers, free_bytes)


def workers_that_fit(free_bytes: int) -> int:
    """Front processes that memory has room for, at least 1."""
    room = free_bytes - reserve_bytes(0, free_bytes)
    return max(1, room // WORKER_BYTES)


def _of_machine(root: Path) -> int:
    for line in text_of(root / "proc/meminfo").splitlines():
        name, *number = line.split()
        if name == "MemAvailable:" and number and number[0].isdecimal():
            return int(number[0]) * 1024
    if not hasattr(os, "sysconf"):  # Windows
        return 1 << 62
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // _UNKNOWN_DIVISOR


def _of_groups(root: Path) -> Iterator[int]:
    """Bytes that each control group has left; pages of files that nobody uses count as free."""
    for version, folder in groups_of("memory", root, old_mounts=("memory",)):
        limit_file, use_file, idle = _FILES[version]
        limit, use = text_of(folder / limit_file).strip(), text_of(folder / use_file).strip()
        if not (limit.isdecimal() and use.isdecimal()):
            continue
        for line in text_of(folder / "memory.stat").splitlines():
            if line.startswith(f"{idle} "):
                use = str(int(use) - int(line.split()[1]))
        yield max(0, int(limit) - int(use))
