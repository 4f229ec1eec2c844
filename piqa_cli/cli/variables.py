"""PIQA_* variables of the environment that nothing reads."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator
from typing import Any

from piqa_cli.cli.option_keys import commands_of

_PREFIX = "PIQA_"
_OF_NO_OPTION = ("PIQA_WEIGHTS", "PIQA_CACHE", "PIQA_CACHE_LIMIT", "PIQA_CHROMIUM")


def unknown_variables(root: Any) -> dict[str, str | None]:
    """Variables that are set and mean nothing, each with the nearest known one, if any is near.

    Args:
        root: the top command.
    """
    known = sorted({*_OF_NO_OPTION, *_of_options(root)})
    return {
        name: next(iter(difflib.get_close_matches(name.upper(), known, n=1, cutoff=0.75)), None)
        for name in sorted(os.environ)
        if name.upper().startswith(_PREFIX) and name not in known
    }


def variable_lines(unknown: dict[str, str | None]) -> Iterator[str]:
    """Lines that name them for people.

    >>> list(variable_lines({"PIQA_MODLE": "PIQA_MODEL", "PIQA_X": None}))
    ['PIQA_MODLE means nothing here; did you mean PIQA_MODEL?', 'PIQA_X means nothing here']
    """
    for name, near in unknown.items():
        hint = "" if near is None else f"; did you mean {near}?"
        yield f"{name} means nothing here{hint}"


def _of_options(root: Any) -> Iterator[str]:
    for command in (root, *(command for _, command in commands_of(root))):
        for param in command.params:
            named = param.envvar or ()
            yield from (named,) if isinstance(named, str) else named
