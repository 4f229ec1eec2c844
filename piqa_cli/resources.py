"""Folders of the package (templates, sample sets, shipped weights) and of the user."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path, user_data_path

from piqa_cli.errors import PiqaError

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
    return _named("PIQA_WEIGHTS") or user_data_path(**_OURS) / "weights"


def cache_file() -> Path:
    """The score cache: `PIQA_CACHE` (a folder), else in the user's cache folder."""
    return (_named("PIQA_CACHE") or user_cache_path(**_OURS)) / "scores.sqlite"


def _named(variable: str) -> Path | None:
    """The folder that a variable of the environment names, if it is set.

    Raises:
        PiqaError: it begins with `~` and a user who isn't there.
    """
    named = os.environ.get(variable)
    try:
        return Path(named).expanduser() if named else None
    except RuntimeError:
        raise PiqaError(f"{variable}={named}: the home of a user who isn't there") from None
