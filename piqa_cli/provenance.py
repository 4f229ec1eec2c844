"""Origin of numbers: versions, machine, time. The only place that reads clock and host."""

from __future__ import annotations

import os
import platform
import re
import sys
import time
from datetime import UTC, datetime
from importlib import metadata
from typing import Any

from piqa_cli import __version__
from piqa_cli.processors import available_processors

LIBRARIES = (
    "torch torchvision timm open_clip_torch facenet-pytorch pillow pillow-heif exifread "
    "numpy scipy pyarrow"
).split()


def utc_now() -> str:
    """The time now, ISO 8601 in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def unix_time_s() -> int:
    """Seconds since 1970, as the cache notes when a score was used."""
    return int(time.time())


def this_process() -> str:
    """This process and its start, for another one that has to wait."""
    return f"process {os.getpid()} on {platform.node()} since {utc_now()}"


def local_now() -> datetime:
    """The time now in the time zone of this machine (or of the variable TZ)."""
    return datetime.now().astimezone()


def library_versions() -> dict[str, str | None]:
    """Installed versions of the libraries that numbers depend on, read without importing them."""
    return {name: _version(name) for name in LIBRARIES}


def extras() -> dict[str, bool]:
    """The optional parts of piqa-cli, and whether all that they need is installed."""
    found: dict[str, bool] = {}
    for requirement in metadata.requires("piqa-cli") or ():
        match = re.match(r"([\w.-]+).*extra == ['\"]([\w-]+)", requirement)
        if match:
            name, extra = match.groups()
            found[extra] = found.get(extra, True) and _version(name) is not None
    return found


def machine() -> dict[str, Any]:
    """Facts about this computer."""
    return {
        "host": platform.node(),
        "system": platform.platform(),
        "processor": _processor(),
        "cpus": available_processors(),
    }


def provenance(
    *, command: tuple[str, ...], started_at: str, duration_s: float, scored_on: dict[str, Any]
) -> dict[str, Any]:
    """Facts about the run's origin, for run.json."""
    return {
        "tool": {"name": "piqa-cli", "version": __version__},
        "command": list(command),
        "started_at": started_at,
        "duration_s": round(duration_s, 3),
        "python": sys.version.split()[0],
        "libraries": library_versions(),
        "machine": machine(),
        "scored_on": scored_on,
    }


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _processor() -> str:
    """The processor's name; /proc/cpuinfo knows it where `platform` doesn't."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:  # noqa: PTH123 - not a user's file
            for line in lines:
                if line.startswith("model name"):
                    return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
