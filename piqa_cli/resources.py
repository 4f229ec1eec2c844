"""Where the package's own files lie: templates, sample sets, shipped weights; and user folders."""

from __future__ import annotations

import os
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def resource_dir(name: str) -> Path:
    """Finds `templates` or `sample_sets`: inside the package (wheel), else beside it (editable).

    Raises:
        FileNotFoundError: the installation is incomplete.
    """
    for place in (_PACKAGE / name, _PACKAGE.parent / name):
        if place.is_dir():
            return place
    raise FileNotFoundError(f"the folder {name!r} is missing from this installation of piqa-cli")


def shipped_weights_dir() -> Path:
    """The folder of weights that ship in the package."""
    return _PACKAGE / "weights" / "shipped"


def weights_dir() -> Path:
    """The folder of imported weights: `PIQA_WEIGHTS`, else the XDG data folder."""
    named = os.environ.get("PIQA_WEIGHTS")
    return Path(named).expanduser() if named else _xdg("XDG_DATA_HOME", ".local/share") / "weights"


def cache_file() -> Path:
    """The score cache: `PIQA_CACHE` (a folder), else the XDG cache folder."""
    named = os.environ.get("PIQA_CACHE")
    folder = Path(named).expanduser() if named else _xdg("XDG_CACHE_HOME", ".cache")
    return folder / "scores.sqlite"


def _xdg(variable: str, default: str) -> Path:
    base = os.environ.get(variable)
    return (Path(base) if base else Path.home() / default) / "piqa-cli"
