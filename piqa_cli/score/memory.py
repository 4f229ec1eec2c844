"""Memory that is free for networks: of the machine, of its container, of a GPU."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

_MEMINFO = Path("/proc/meminfo")
# Limit and use of the container, of cgroup version 2, then of version 1.
_CGROUPS = (
    ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
    (
        "/sys/fs/cgroup/memory/memory.limit_in_bytes",
        "/sys/fs/cgroup/memory/memory.usage_in_bytes",
    ),
)
_FREE_SHARE = 0.5  # of all memory, where the system doesn't say how much is free


def available_bytes(device: torch.device | None) -> int:
    """Bytes that networks on a processor may take: of a GPU its own, else the machine's."""
    if device is not None and device.type == "cuda":
        import torch

        return int(torch.cuda.mem_get_info(device)[0])
    rooms = [_of_machine(), *(_of_container(*map(Path, files)) for files in _CGROUPS)]
    return min(room for room in rooms if room is not None)


def _of_machine() -> int:
    try:
        for line in _MEMINFO.read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError):  # no Linux
        pass
    return int(_FREE_SHARE * os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))


def _of_container(limit: Path, use: Path) -> int | None:
    """Bytes left to the container; None: it has no limit."""
    try:
        return max(0, int(limit.read_text()) - int(use.read_text()))
    except (OSError, ValueError):  # no such file, or "max"
        return None
