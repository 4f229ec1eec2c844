"""Folders of the package (templates, sample sets, shipped weights) and of the user."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path, user_data_path

_PACKAGE = Path(__file__).resolve().parent
_OURS: dict[str, Any] = {"appname": "piqa-cli", "appauthor": False}


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
    """The folder of imported weights: `PIQA_WEIGHTS`, else in the user's data folder."""
    named = os.environ.get("PIQA_WEIGHTS")
    return Path(named).expanduser() if named else user_data_path(**_OURS) / "weights"


def cache_file() -> Path:
    """The score cache: `PIQA_CACHE` (a folder), else in the user's cache folder."""
    named = os.environ.get("PIQA_CACHE")
    folder = Path(named).expanduser() if named else user_cache_path(**_OURS)
    return folder / "scores.sqlite"
