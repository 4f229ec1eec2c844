"""The options of all commands as piqa.toml knows them."""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

# Options that make sense for a single call only are no settings.
_OF_ONE_CALL = frozenset(
    "apply config fresh help json merge print_recipe quiet shard tables version".split()
)

# Lists that a single value may stand for; a command that takes one value takes the first.
_ONE_OR_MORE = frozenset({"model", "weights_file"})

Kind = Literal["bool", "int", "float", "path", "text"]
Place = tuple[str, ...]
"""The table of a key by its command, such as ("train", "run"); empty: top level."""


@dataclass(frozen=True, slots=True)
class Option:
    """An option of a command that piqa.toml can set.

    Attributes:
        key: what the file calls it: the long option's name with `_`.
        param: the option as typer has it.
        shared: whether it may stand at top level: it has its own PIQA_* variable.
        kind: of its value, or of each value in a list.
        is_list: whether the option may be given several times.
    """

    key: str
    param: Any
    shared: bool
    kind: Kind
    is_list: bool

    @property
    def takes_one(self) -> bool:
        """True if a value that is no list may stand for a list of one."""
        return not self.is_list or self.key in _ONE_OR_MORE

    @property
    def is_first_of_list(self) -> bool:
        """True if the option takes the first value of a list that other commands take whole."""
        return not self.is_list and self.key in _ONE_OR_MORE


def options_of(command: Any) -> dict[str, Option]:
    """The options of a command by their keys in piqa.toml."""
    hints = get_type_hints(command.callback, include_extras=False)
    found = {}
    for param in command.params:
        if param.param_type_name != "option":
            continue
        longest = max((opt for opt in param.opts if opt.startswith("--")), key=len)
        key = longest[2:].replace("-", "_")
        if key not in _OF_ONE_CALL:
            variables = (param.envvar,) if isinstance(param.envvar, str) else param.envvar or ()
            shared = f"PIQA_{key.upper()}" in variables
            found[key] = Option(key, param, shared, *_kind(hints.get(param.name)))
    return found


def _kind(hint: Any) -> tuple[Kind, bool]:
    """Type that an annotation asks for, and True where it is a list of that."""
    origin = get_origin(hint)
    if origin is Annotated:
        return _kind(get_args(hint)[0])
    if origin in (Union, types.UnionType):
        return _kind(next(part for part in get_args(hint) if part is not type(None)))
    if origin in (list, tuple):
        return _kind(get_args(hint)[0])[0], True
    known: dict[Any, Kind] = {bool: "bool", int: "int", float: "float", Path: "path"}
    return known.get(hint, "text"), False


def commands_of(root: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Every command that does something, by its words."""
    for name, command in root.commands.items():
        if hasattr(command, "commands"):
            yield from commands_of(command, (*place, name))
        else:
            yield (*place, name), command
