"""The table `[expect]` of piqa.toml."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from piqa_cli.errors import PiqaError
from piqa_cli.settings import ExpectSettings
from piqa_cli.settings_file import SettingsFile, shown

_WHERE = "[expect]"
_LISTS = ("devices", "scenes")
_KEYS = (*_LISTS, "takes", "from")


def parse_expect(table: Any, file: SettingsFile) -> ExpectSettings | None:
    """Returns what `[expect]` asks for; None: the file has no such table.

    Args:
        table: what the file has under `expect`; None: nothing.
        file: for messages and relative paths.

    Raises:
        PiqaError: a key or a value that isn't known, or nothing is asked for.
    """
    if table is None:
        return None
    if not isinstance(table, dict):
        raise file.error(f"'expect' must be a table: write it under {_WHERE}")
    for key, value in table.items():
        if key not in _KEYS:
            raise file.unknown(key, _KEYS, where=_WHERE)
        _check(key, value, file)
    if not table:
        raise file.error(f"{_WHERE} asks for nothing: give devices, scenes, takes or from")
    if "from" in table and len(table) > 1:
        others = ", ".join(repr(key) for key in table if key != "from")
        raise file.error(f"'from' in {_WHERE} stands alone: leave {others} out, or 'from'")
    base = table.get("from")
    return ExpectSettings(
        devices=_names(table, "devices"),
        scenes=_names(table, "scenes"),
        takes=table.get("takes", 1),
        base=None if base is None else Path(file.beside(base)),
        file=file.name,
    )


def _names(table: dict[str, Any], key: str) -> tuple[str, ...] | None:
    return tuple(name.strip() for name in table[key]) if key in table else None


def _check(key: str, value: Any, file: SettingsFile) -> None:
    def bad(expected: str) -> PiqaError:
        return file.error(f"{key!r} in {_WHERE} must be {expected}, not {shown(value)}")

    if key in _LISTS:
        if not isinstance(value, list) or not value:
            raise bad('a list such as ["..."]')
        for name in value:
            if not isinstance(name, str) or not name.strip():
                raise file.error(f"{key!r} in {_WHERE} must hold names, not {shown(name)}")
    elif key == "takes":
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise bad("a whole number from 1 on")
    elif not isinstance(value, str) or not value.strip():
        raise bad("the folder of a run, in quotes")
