"""The settings file of one call, as the commands ask it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand

from piqa_cli.cli.option_keys import Option, Place, commands_of, options_of
from piqa_cli.cli.settings_check import (
    ACKNOWLEDGE,
    DEVICES,
    EXPECT,
    GATES,
    as_given,
    check,
    parse_acknowledge,
)
from piqa_cli.records.device_names import DeviceName
from piqa_cli.records.gates import GateRule
from piqa_cli.settings import ExpectSettings
from piqa_cli.settings_file import SettingsFile, find, read


class SettingsInUse:
    """The settings file of one call; opened and checked when the first setting is asked for."""

    def __init__(self, named: Path | None, root: typer.Context) -> None:
        """Only finds the file.

        Args:
            named: by `--config` or PIQA_CONFIG; None: ./piqa.toml, if there.
            root: context of the top command.

        Raises:
            PiqaError: the named file isn't there.
        """
        self.path = find(named)
        self._root = root

    @cached_property
    def file(self) -> SettingsFile | None:
        """The file, every key and value of it checked; None: there is none.

        Raises:
            PiqaError: it can't be read, or has a key or value that no command takes.
        """
        if self.path is None:
            return None
        file = read(self.path)
        check(file, self._root)
        return file

    def value(self, place: Place, option: Option) -> Any:
        """A setting as a command takes it, from its own table or else from top level.

        Returns:
            Text as on a command line, a list of it, or a bool; None: not set.
        """
        if self.file is None:
            return None
        table = self.table_of(place, option)
        return None if table is None else as_given(self.file, option, table[option.key])

    def table_of(self, place: Place, option: Option) -> Mapping[str, Any] | None:
        """The table that sets an option of a command: its own, else top level; None: neither."""
        if self.file is None:
            return None
        own, top = _table_at(self.file.values, place), self.file.values
        if option.key in own:
            return own
        return top if option.shared and option.key in top else None

    def is_own(self, place: Place, option: Option) -> bool:
        """True where the command's own table sets it."""
        return self.file is not None and option.key in _table_at(self.file.values, place)

    def of_command(self, command: str, key: str) -> Any:
        """A setting as another command would have it without flags: environment, then file."""
        callee = next(c for place, c in commands_of(self._root.command) if place == (command,))
        option = options_of(callee)[key]
        defaults = self.defaults((command,), callee)
        context = typer.Context(callee, parent=self._root, default_map=defaults)
        raw, _ = option.param.consume_value(context, {})
        return option.param.process_value(context, raw)

    def gates(self) -> tuple[GateRule, ...]:
        """The rules of `[gates]`."""
        from piqa_cli.gates.rules import parse_gates

        return () if self.file is None else parse_gates(self.file.values.get(GATES), self.file)

    def devices(self) -> tuple[DeviceName, ...]:
        """The other names of devices, of `[devices]`."""
        from piqa_cli.discover.aliases import parse_devices

        if self.file is None:
            return ()
        return parse_devices(self.file.values.get(DEVICES), self.file)

    def expect(self) -> ExpectSettings | None:
        """The content of `[expect]`; None: there is no such table."""
        from piqa_cli.expect.rules import parse_expect

        if self.file is None:
            return None
        return parse_expect(self.file.values.get(EXPECT), self.file)

    def acknowledged(self) -> tuple[str, ...]:
        """Patterns of the warnings that the lab knows."""
        if self.file is None:
            return ()
        return parse_acknowledge(self.file.values.get(ACKNOWLEDGE), self.file)

    def defaults(self, place: Place, command: Any) -> Defaults:
        """Values for click that neither flags nor environment give."""
        known = {option.param.name: option for option in options_of(command).values()}
        return Defaults(lambda name: self.value(place, known[name]) if name in known else None)

    def default_map(self, subcommand: str | None) -> dict[str, Any]:
        """The defaults of a command of the top level, or of all commands below it."""
        tree: dict[str, Any] = {}
        for place, command in commands_of(self._root.command):
            if place[0] == subcommand:
                branch = tree
                for word in place[:-1]:
                    branch = branch.setdefault(word, {})
                branch[place[-1]] = self.defaults(place, command)
        return tree


class Defaults(dict[str, Any]):
    """Looks a value up when it is asked for: the file isn't read for `--help`."""

    def __init__(self, look_up: Callable[[str], Any]) -> None:
        super().__init__()
        self._look_up = look_up

    def get(self, name: str, default: Any = None) -> Any:
        """The file's value; `default` where it has none."""
        value = self._look_up(name)
        return default if value is None else value


class SettingsCommand(TyperCommand):
    """A command whose help shows the built-in defaults, even where piqa.toml can't be read."""

    def get_help(self, ctx: Any) -> str:
        """The help text."""
        ctx.default_map = None
        return super().get_help(ctx)


def let_settings_reach(app: typer.Typer) -> None:
    """Lets piqa.toml set the defaults of every command of an app."""
    for command in app.registered_commands:
        command.cls = SettingsCommand
    for group in app.registered_groups:
        if group.typer_instance is not None:
            let_settings_reach(group.typer_instance)


def _table_at(values: Mapping[str, Any], place: Place) -> Mapping[str, Any]:
    """The table of a command; empty where there is none."""
    for word in place:
        values = values.get(word, {})
    return values if place else {}
