"""Number of processors that this process may use: affinity and cgroup, not the whole machine."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

_V1_MOUNTS = ("cpu,cpuacct", "cpu")


def available_processors(root: Path = Path("/")) -> int:
    """Counts the processors that this process may use, at least 1.

    Fewest of: the machine's, those that the process is bound to (taskset, Slurm), and those that
    the quota of its control group is worth, rounded up (containers, systemd).

    Args:
        root: of the file system with `proc` and `sys`.
    """
    bound = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    quota = min(_quotas(root), default=math.inf)
    return max(1, math.ceil(min(bound or 1, quota)))


def _quotas(root: Path) -> Iterator[float]:
    """Processors that each control group above this process grants, versions 1 and 2.

    Inside a container the stated path may be the host's: then its top folder holds the quota.
    """
    for line in _text(root / "proc/self/cgroup").splitlines():
        number, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if number == "0":
            for folder in _upwards(root / "sys/fs/cgroup", path):
                quota, _, period = _text(folder / "cpu.max").partition(" ")
                yield from _worth(quota, period)
        elif "cpu" in controllers.split(","):
            for mount in _V1_MOUNTS:
                for folder in _upwards(root / "sys/fs/cgroup" / mount, path):
                    quota, period = (
                        _text(folder / f"cpu.cfs_{name}_us") for name in ("quota", "period")
                    )
                    yield from _worth(quota, period)


def _upwards(mount: Path, path: str) -> Iterator[Path]:
    """The folder of a control group, and those above it up to its mount."""
    inner = PurePosixPath(path.lstrip("/"))
    for part in (inner, *inner.parents):
        yield mount / part


def _worth(quota: str, period: str) -> Iterator[float]:
    """Processors by quota and period in microseconds; nothing where there is no quota."""
    if quota.strip().isdecimal() and period.strip().isdecimal() and int(period) > 0:
        yield int(quota) / int(period)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
