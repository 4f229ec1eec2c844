"""Control groups of this process (containers, systemd, Slurm): folders with their limits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

_MOUNT = "sys/fs/cgroup"


def groups_of(
    controller: str, root: Path, *, old_mounts: tuple[str, ...]
) -> Iterator[tuple[int, Path]]:
    """Version (1 or 2) and folder of each control group that holds this process, and those above.

    Inside a container the stated path may be the host's: then its top folder holds the limits.

    Args:
        controller: of version 1, e.g. `cpu`.
        root: of the file system with `proc` and `sys`.
        old_mounts: names under which version 1 mounts the controller.
    """
    for line in text_of(root / "proc/self/cgroup").splitlines():
        number, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if number == "0":
            yield from ((2, folder) for folder in _upwards(root / _MOUNT, path))
        elif controller in controllers.split(","):
            for mount in old_mounts:
                yield from ((1, folder) for folder in _upwards(root / _MOUNT / mount, path))


def text_of(file: Path) -> str:
    """Text of a small file of the system; empty where there is none."""
    try:
        return file.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""


def _upwards(mount: Path, path: str) -> Iterator[Path]:
    """The folder of a control group, and those above it up to its mount."""
    inner = PurePosixPath(path.lstrip("/"))
    for part in (inner, *inner.parents):
        yield mount / part
