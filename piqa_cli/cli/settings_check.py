"""Checks that every key of piqa.toml is known, and every value is one that its option takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import typer

from piqa_cli.cli.named_file import named_file
from piqa_cli.cli.option_keys import Kind, Option, Place, commands_of, options_of
from piqa_cli.errors import PiqaError
from piqa_cli.settings_file import SettingsFile, shown

DEVICES = "devices"
GATES = "gates"
EXPECT = "expect"
ACKNOWLEDGE = "acknowledge"
_WARNINGS = "warnings"
_ACCEPTED: dict[Kind, tuple[tuple[type, ...], str]] = {
    "bool": ((bool,), "true or false"),
    "int": ((int,), "a whole number"),
    "float": ((int, float), "a number"),
    "path": ((str,), "a path in quotes"),
    "text": ((str, int), "a text in quotes"),
}


def check(file: SettingsFile, context: typer.Context) -> None:
    """Refuses keys that no command knows and values that no command takes.

    Args:
        file: as it was read.
        context: of the top command.

    Raises:
        PiqaError: names the file, the key and the nearest known one, or what is expected.
    """
    options = {place: options_of(command) for place, command in commands_of(context.command)}
    shared: dict[str, Option] = {}
    for own in options.values():
        for key, option in own.items():
            if option.shared and not (key in shared and shared[key].is_list):
                shared[key] = option
    for key, value in file.values.items():
        if key in shared:
            _check_value(file, key, shared[key], value, context)
        elif key == GATES:
            from piqa_cli.gates.rules import parse_gates

            parse_gates(value, file)
        elif key == DEVICES:
            from piqa_cli.discover.aliases import parse_devices

            parse_devices(value, file)
        elif key == EXPECT:
            from piqa_cli.expect.rules import parse_expect

            parse_expect(value, file)
        elif key == ACKNOWLEDGE:
            parse_acknowledge(value, file)
        elif any(place[0] == key for place in options):
            _check_table(file, (key,), value, options, context)
        else:
            raise _misplaced(file, key, options) or file.unknown(
                key,
                {*shared, ACKNOWLEDGE, DEVICES, EXPECT, GATES, *(place[0] for place in options)},
            )


def parse_acknowledge(table: Any, file: SettingsFile) -> tuple[str, ...]:
    """The patterns of `[acknowledge]`: warnings that the lab knows.

    Args:
        table: what the file has there; None: nothing.
        file: for messages.

    Raises:
        PiqaError: another key, or something else than patterns.
    """
    if table is None:
        return ()
    if not isinstance(table, dict):
        raise file.error(f'{ACKNOWLEDGE!r} must be a table: [acknowledge] warnings = ["*text*"]')
    for key in table:
        if key != _WARNINGS:
            raise file.unknown(key, [_WARNINGS], where=f"[{ACKNOWLEDGE}]")
    patterns = table.get(_WARNINGS, [])
    if not isinstance(patterns, list) or not all(isinstance(p, str) and p for p in patterns):
        raise file.error("'acknowledge.warnings' must be a list of patterns such as [\"*text*\"]")
    return tuple(patterns)


def _check_table(
    file: SettingsFile,
    place: Place,
    table: Any,
    options: Mapping[Place, Mapping[str, Option]],
    context: typer.Context,
) -> None:
    where = f"[{'.'.join(place)}]"
    if not isinstance(table, dict):
        raise file.error(f"{place[-1]!r} is a command: write its settings under {where}")
    own = options.get(place, {})
    below = {words[len(place)] for words in options if words[: len(place)] == place != words}
    for key, value in table.items():
        if key in below:
            _check_table(file, (*place, key), value, options, context)
        elif key in own:
            _check_value(file, f"{'.'.join(place)}.{key}", own[key], value, context)
        else:
            raise file.unknown(key, {*own, *below}, where=where)


def _misplaced(
    file: SettingsFile, key: str, options: Mapping[Place, Mapping[str, Option]]
) -> PiqaError | None:
    """The error of an option that belongs to the tables of its commands."""
    tables = [f"[{'.'.join(place)}]" for place, own in options.items() if key in own]
    if not tables:
        return None
    return file.error(f"{key!r} is no shared setting: move it under {' or '.join(tables)}")


def _check_value(
    file: SettingsFile, key: str, option: Option, value: Any, context: typer.Context
) -> None:
    """Refuses a value that the option wouldn't take on the command line."""
    if not option.takes_one and not isinstance(value, list):
        raise file.error(f"{key!r} must be a list such as [{_example(option)}]")
    types_, words = _ACCEPTED[option.kind]
    for item in value if option.is_list and isinstance(value, list) else [value]:
        if not isinstance(item, types_) or (isinstance(item, bool) and option.kind != "bool"):
            raise file.error(f"{key!r} must be {words}, not {shown(item)}")
        least = getattr(option.param, "min", None)
        if least is not None and isinstance(item, int | float) and not item >= least:
            raise file.error(f"{key!r} must be {least:g} or more, not {shown(item)}")
    try:
        taken = option.param.process_value(context, as_given(file, option, value))
        for means in _meaning(option.key):
            for one in taken if isinstance(taken, list | tuple) else [taken]:
                means(one)
    except (typer.BadParameter, PiqaError) as error:
        reason = (
            error.message.removeprefix("Value error, ")
            if isinstance(error, typer.BadParameter)
            else str(error)
        )
        flag = f"--{option.key.replace('_', '-')} "
        problem = f" is {reason.removeprefix(flag)}" if reason.startswith(flag) else f": {reason}"
        raise file.error(f"{key!r}{problem}") from None


def _example(option: Option) -> str:
    """An example value of a list."""
    return '"..."' if option.kind in ("text", "path") else "1"


def as_given(file: SettingsFile, option: Option, value: Any) -> Any:
    """A value of the file as the command line would give it; paths are relative to the file."""
    if option.is_first_of_list:
        return _first_as_given(file, option, value if isinstance(value, list) else [value])
    if isinstance(value, list):
        return [_one_as_given(file, option, item) for item in value]
    one = _one_as_given(file, option, value)
    return [one] if option.is_list else one


def _first_as_given(file: SettingsFile, option: Option, values: list[Any]) -> Any:
    """Of what other commands take whole, the part for a command with one model; None: none."""
    given = [_one_as_given(file, option, item) for item in values]
    if option.key != "weights_file":
        return given[0] if given else None
    models = file.values.get("model")
    model = models[0] if isinstance(models, list) and models else models
    named = dict(_named(Path(text)) for text in given)
    own = named.get(str(model)) or named.get("")
    return None if own is None else str(own)


def _named(text: Path) -> tuple[str, Path]:
    """Model and file of `NAME=FILE`; without a model of that name all of it is the file."""
    from piqa_cli.models.catalogue import model_names

    name, own = named_file(text)
    return (name, own) if name in model_names() else ("", text)


def _one_as_given(file: SettingsFile, option: Option, value: Any) -> Any:
    if isinstance(value, bool):
        return value
    if option.kind != "path":
        return str(value)
    if option.key == "weights_file":
        name, own = _named(Path(str(value)))
        return f"{name}={file.beside(str(own))}" if name else file.beside(str(own))
    return file.beside(str(value))


def _meaning(key: str) -> tuple[Callable[[Any], object], ...]:
    """Checks of what only a command's work would find out."""
    match key:
        case "model":
            from piqa_cli.models.catalogue import spec_of

            return (spec_of,)
        case "layout":
            from piqa_cli.discover.layout import parse_layout

            return (parse_layout,)
        case "working_size":
            from piqa_cli.cli.options import working_side

            return (working_side,)
        case "weights_url":
            from piqa_cli.weights.mirror import Mirror

            return (Mirror,)
    return ()
