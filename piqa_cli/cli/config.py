"""`piqa-cli config`: every setting, its value, and the value's source."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from piqa_cli.cli import options
from piqa_cli.cli.option_keys import Option, Place, commands_of, options_of
from piqa_cli.cli.settings_in_use import SettingsInUse
from piqa_cli.cli.terminal import print_json, print_table, say
from piqa_cli.cli.variables import unknown_variables, variable_lines
from piqa_cli.errors import UsageError
from piqa_cli.settings_file import name_of, nearest

app = typer.Typer(no_args_is_help=True, help="Show settings and where they come from.")


@dataclass(frozen=True, slots=True)
class Setting:
    """One line.

    Attributes:
        setting: its key; with its command's name where only that command has it.
        value: as the command gets it.
        source: flag, environment, file or default, by name.
    """

    setting: str
    value: Any
    source: str


@app.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
def show(
    context: typer.Context,
    command: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="COMMAND",
            help="Show them as this command sees them; its options may follow.",
        ),
    ] = None,
    as_json: options.AsJson = False,
) -> None:
    """Show every setting with its value and where it came from."""
    in_use: SettingsInUse = context.obj
    words = command or []
    if "--json" in words:  # after the command's name it belongs to `config`, too
        as_json, words = True, [word for word in words if word != "--json"]
    root = context.find_root()
    rows = list(_of_command(words, root, in_use) if words else _of_all(root, in_use))
    devices = {entry.name: list(entry.aliases) for entry in in_use.devices()}
    gates, unknown = _gates(in_use), unknown_variables(root.command)
    expected, acknowledged = _expected(in_use), in_use.acknowledged()
    file = None if in_use.path is None else name_of(in_use.path)
    if as_json:
        print_json(
            {
                "file": file,
                "settings": [{**asdict(row), "value": _plain(row.value)} for row in rows],
                "devices": devices,
                "gates": gates,
                "expect": expected,
                "acknowledge": list(acknowledged),
                "unknown_variables": unknown,
            }
        )
        return
    print_table(("setting", "value", "from"), [(r.setting, _text(r.value), r.source) for r in rows])
    say()
    for name, aliases in devices.items():
        also = f"is also {', '.join(map(repr, aliases))}" if aliases else "in every spelling"
        say(f"device  {name!r} {also}")
    for gate in gates:
        say(f"gate  {_gate_line(gate)}")
    for name, value in expected.items():
        say(f"expect  {name}: {_text(value)}")
    for pattern in acknowledged:
        say(f"acknowledge  {pattern!r}")
    say(f"file  {file or 'none: there is no ./piqa.toml here'}")
    for line in variable_lines(unknown):
        say(f"note  {line}")


def _of_all(root: Any, in_use: SettingsInUse) -> Iterator[Setting]:
    """Shared settings, then what the file sets for single commands, then folders."""
    commands = {place: (c, options_of(c)) for place, c in commands_of(root.command)}
    seen: dict[str, tuple[Place, Any, Option]] = {}
    for place, (command, known) in commands.items():
        for option in known.values():
            if option.shared:
                seen.setdefault(option.key, (place, command, option))
    for key in sorted(seen):
        place, command, option = seen[key]
        yield _setting(key, option, _context(root, command, ()), in_use, ())
    for place, (command, known) in commands.items():
        for option in known.values():
            if in_use.table_of(place, option) is not None and in_use.is_own(place, option):
                name = ".".join((*place, option.key))
                yield _setting(name, option, _context(root, command, place), in_use, place)
    yield from _of_environment()


def _of_command(words: list[str], root: Any, in_use: SettingsInUse) -> Iterator[Setting]:
    """The options of one command, called with these words."""
    command, rest = root.command, list(words)
    place: Place = ()
    while hasattr(command, "commands"):
        if not rest or rest[0] not in command.commands:
            problem = (
                f"no command {' '.join(words)!r}" if rest else f"{' '.join(words)} has commands"
            )
            raise UsageError(
                f"config show: {problem}; {nearest(rest[0] if rest else '', command.commands)}"
            )
        command, place = command.commands[rest[0]], (*place, rest.pop(0))
    context = _context(root, command, place)
    given, _, _ = command.make_parser(context).parse_args(args=rest)
    for option in options_of(command).values():
        yield _setting(option.key, option, context, in_use, place, given)


def _context(root: Any, command: Any, place: Place) -> typer.Context:
    """Context in which click would look up the command's values."""
    in_use: SettingsInUse = root.obj
    name = place[-1] if place else command.name
    defaults = in_use.defaults(place, command)
    return typer.Context(command, parent=root, info_name=name, default_map=defaults)


def _setting(
    name: str,
    option: Option,
    context: typer.Context,
    in_use: SettingsInUse,
    place: Place,
    given: dict[str, Any] | None = None,
) -> Setting:
    """A setting by the very rules by which click finds it."""
    raw, source = option.param.consume_value(context, given or {})
    value = option.param.process_value(context, raw)
    if option.is_list and option.takes_one and isinstance(value, list | tuple) and len(value) == 1:
        value = value[0]
    match source.name:
        case "COMMANDLINE":
            where = f"flag --{option.key.replace('_', '-')}"
        case "ENVIRONMENT":
            where = f"environment {option.param.envvar}"
        case "DEFAULT_MAP" if in_use.path is not None:
            table = f" [{'.'.join(place)}]" if in_use.is_own(place, option) else ""
            where = f"{name_of(in_use.path)}{table}"
        case _:
            where = "default"
    return Setting(name, value, where)


def _of_environment() -> Iterator[Setting]:
    """Settings that no option sets: folders, and how large the cache may grow."""
    from piqa_cli.resources import cache_file, weights_dir
    from piqa_cli.score.cache_size import DEFAULT_LIMIT

    values = {
        "weights": weights_dir(),
        "cache": cache_file().parent,
        "cache_limit": os.environ.get("PIQA_CACHE_LIMIT") or DEFAULT_LIMIT,
    }
    for name, value in values.items():
        variable = f"PIQA_{name.upper()}"
        is_named = bool(os.environ.get(variable))
        yield Setting(name, value, f"environment {variable}" if is_named else "default")


def _gates(in_use: SettingsInUse) -> list[dict[str, Any]]:
    return [{k: v for k, v in asdict(rule).items() if v is not None} for rule in in_use.gates()]


def _expected(in_use: SettingsInUse) -> dict[str, Any]:
    """Content of `[expect]` by its keys; empty: nothing is expected."""
    asked = in_use.expect()
    if asked is None:
        return {}
    if asked.base is not None:
        return {"from": str(asked.base)}
    lists = {"devices": asked.devices, "scenes": asked.scenes}
    return {name: list(names) for name, names in lists.items() if names} | {"takes": asked.takes}


def _gate_line(gate: dict[str, Any]) -> str:
    own = ("name", "limit", "level", "judge")
    default = ("unjudged", "error")
    facts = {k: v for k, v in gate.items() if k not in own and (k, v) != default}
    about = "".join(f", {key} {value}" for key, value in facts.items())
    judged = ", by the estimate" if gate["judge"] == "estimate" else ""
    return f"{gate['name']} {gate['limit']:g} ({gate['level']}{about}{judged})"


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, Path) else value


def _text(value: Any) -> str:
    match value:
        case None:
            return "-"
        case bool():
            return "true" if value else "false"
        case list() | tuple():
            return ", ".join(map(str, value)) or "-"
        case _:
            return str(value)
