"""Models of other packages: each entry point of the group `piqa_cli.models` is a `Model`.

An entry's name is the model's name. The package's own modules are imported only when its model is
asked for, or all models are; so a package that is broken costs its own model alone.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Container, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from piqa_cli.errors import PiqaError
from piqa_cli.models.spec import Model

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "piqa_cli.models"
COMBINED = "combined"
"""Name of the ensemble that `--combine` makes, which no model may have."""

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")  # part of names of folders and columns


@dataclass(frozen=True, slots=True)
class Entries:
    """The entry points of the group.

    Attributes:
        usable: by name.
        troubles: one line for each name that can't be used.
    """

    usable: Mapping[str, EntryPoint]
    troubles: Mapping[str, str]


def entries_beside(known: Container[str]) -> Entries:
    """The entry points of all installed packages; nothing of these packages is imported.

    Args:
        known: names of the models of piqa-cli, which stay.
    """
    usable: dict[str, EntryPoint] = {}
    troubles: dict[str, str] = {}
    for name, entries in _by_name(tuple(sys.path)).items():
        packages = " and ".join(dict.fromkeys(map(package_of, entries)))
        if name in known or name == COMBINED:
            troubles[name] = (
                f"the model {name!r} of {packages} isn't used: piqa-cli has one of that name; "
                "give it another name"
            )
        elif len(entries) > 1:
            troubles[name] = f"the model {name!r} is in {packages}: uninstall one of them"
        elif not _NAME.fullmatch(name):
            troubles[name] = (
                f"the model {name!r} of {packages} isn't used: a name has small letters, digits "
                "and hyphens"
            )
        else:
            usable[name] = entries[0]
    return Entries(usable, troubles)


@lru_cache(maxsize=4)
def _by_name(_path: tuple[str, ...]) -> dict[str, tuple[EntryPoint, ...]]:
    """Entry points by name; of one package found twice on the path the first counts."""
    from importlib.metadata import entry_points  # not needed for the models of piqa-cli

    found: dict[str, dict[str, EntryPoint]] = {}
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        found.setdefault(entry.name, {}).setdefault(package_of(entry), entry)
    return {name: tuple(entries.values()) for name, entries in found.items()}


def package_of(entry: EntryPoint) -> str:
    """Name of the package that brings an entry point."""
    return "a package without a name" if entry.dist is None else entry.dist.name


def load(entry: EntryPoint) -> Model:
    """Imports a package's model.

    Raises:
        PiqaError: it can't be imported, or is no model of that name.
    """
    package = package_of(entry)
    try:
        model = entry.load()
    except Exception as error:  # whatever a package's import can raise
        words = str(error).strip().splitlines() or ["no message"]
        raise PiqaError(
            f"the model {entry.name!r} of {package} can't be loaded ({type(error).__name__}: "
            f"{words[0]}): update {package} or uninstall it"
        ) from error
    if not isinstance(model, Model):
        raise PiqaError(
            f"the model {entry.name!r} of {package} is no piqa_cli.models.spec.Model but "
            f"{type(model).__name__}: {entry.value} must name one"
        )
    if model.spec.name != entry.name:
        raise PiqaError(
            f"the model {entry.name!r} of {package} calls itself {model.spec.name!r}: the entry "
            "point and ModelSpec.name must agree"
        )
    return model
