"""What `--only` and `--exclude` leave of what was found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from piqa_cli.discover.choose import Chooser
from piqa_cli.errors import PiqaError
from piqa_cli.records import Discovery


def chosen(found: Discovery, chooser: Chooser, source: Path) -> Discovery:
    """Keeps what `--only` and `--exclude` let through.

    Raises:
        PiqaError: nothing is left.
    """
    captures = tuple(c for c in found.captures if chooser.takes(c.scene, c.device))
    if not captures:
        devices = dict.fromkeys(capture.device for capture in found.captures)
        raise PiqaError(
            f"--only and --exclude leave no capture of {source}; it has "
            f"scenes {_some(found.scenes)} and devices {_some(devices)}"
        )
    skipped = tuple(s for s in found.skipped if chooser.takes(s.scene, s.device))
    left = {capture.scene for capture in captures}
    scenes = {name: info for name, info in found.scenes.items() if name in left}
    idle = chooser.idle({(capture.scene, capture.device) for capture in found.captures})
    return replace(
        found,
        captures=captures,
        skipped=skipped,
        scenes=scenes,
        warnings=(*found.warnings, *idle),
    )


def _some(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join(listed[:5]) + (", ..." if len(listed) > 5 else "")
