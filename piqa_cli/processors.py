"""Number of processors that this process may use: affinity and cgroup, not the whole machine."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from pathlib import Path

from piqa_cli.control_groups import groups_of, text_of

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
    """Processors that each control group grants."""
    for version, folder in groups_of("cpu", root, old_mounts=_V1_MOUNTS):
        if version == 2:
            quota, _, period = text_of(folder / "cpu.max").partition(" ")
        else:
            quota, period = (text_of(folder / f"cpu.cfs_{name}_us") for name in ("quota", "period"))
        yield from _worth(quota, period)


def _worth(quota: str, period: str) -> Iterator[float]:
    """Processors by quota and period in microseconds; nothing where there is no quota."""
    if quota.strip().isdecimal() and period.strip().isdecimal() and int(period) > 0:
        yield int(quota) / int(period)
