"""Finds and reads `piqa.toml`, and makes its error messages; the commands know its keys."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from piqa_cli.errors import PiqaError
from piqa_cli.text_file import unicode_text

FILE_NAME = "piqa.toml"


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """A settings file that was read.

    Attributes:
        path: as it was named, or relative to the working directory.
        values: its keys and tables, unchecked.
    """

    path: Path
    values: dict[str, Any]

    @property
    def name(self) -> str:
        """Name of the file in messages."""
        return name_of(self.path)

    def beside(self, text: str) -> str:
        """A path of the file, relative to the folder that holds the file.

        Raises:
            PiqaError: no path can have this name.
        """
        if "\0" in text:
            raise PiqaError(f"{text!r} is no path, it holds a NUL character")
        try:
            return str(self.path.parent / Path(text).expanduser())
        except RuntimeError:
            raise PiqaError(f"{text!r} begins with the home of a user who isn't there") from None

    def error(self, what: str) -> PiqaError:
        """An error that names the file."""
        return PiqaError(f"{self.name}: {what}")

    def unknown(self, key: str, known: Iterable[str], *, where: str = "") -> PiqaError:
        """The error of an unknown key, with the nearest known one.

        Args:
            key: as the file has it.
            known: keys that may stand there.
            where: its table, such as `[gates]`; empty: top level.
        """
        place = f" in {where}" if where else ""
        return self.error(f"unknown key {key!r}{place}; {nearest(key, known)}")


def name_of(path: Path) -> str:
    """`./piqa.toml` for the file of the working directory, else the path.

    >>> name_of(Path("piqa.toml")), name_of(Path("lab/night.toml"))
    ('./piqa.toml', 'lab/night.toml')
    """
    return f"./{path}" if path == Path(FILE_NAME) else str(path)


def find(named: Path | None) -> Path | None:
    """The settings file in use: the named one, else ./piqa.toml if it is there.

    Raises:
        PiqaError: the named file isn't there.
    """
    if named is None:
        here = Path(FILE_NAME)
        return here if here.is_file() else None
    if not named.exists() or named.is_dir():
        what = "is a folder" if named.is_dir() else "isn't there"
        raise PiqaError(f"the settings file {named} {what}: check --config and PIQA_CONFIG")
    return named


def read(path: Path) -> SettingsFile:
    """Reads a settings file.

    Raises:
        PiqaError: it can't be opened, or is no TOML.
    """
    import tomllib  # imported here because `--help` doesn't need it

    try:
        values = tomllib.loads(unicode_text(path.read_bytes()))
    except OSError as error:
        raise PiqaError(f"can't read {name_of(path)} ({error.strerror})") from None
    except UnicodeDecodeError:
        raise PiqaError(f"{name_of(path)} isn't UTF-8 text: save it as UTF-8") from None
    except (ValueError, RecursionError) as error:  # also of numbers and nests without end
        raise PiqaError(f"{name_of(path)} is no TOML: {error}") from None
    file = SettingsFile(path, values)
    _check_numbers(file)
    return file


def _check_numbers(file: SettingsFile) -> None:
    """Refuses whole numbers beyond TOML's 64 bits, which neither floats nor messages can hold."""
    waiting: list[Any] = [file.values]
    while waiting:
        match waiting.pop():
            case dict() as table:
                waiting += table.values()
            case list() as items:
                waiting += items
            case int() as number if not -(2**63) <= number < 2**63:
                raise file.error("a whole number has more than 64 bits: write a smaller one")


def nearest(key: str, known: Iterable[str]) -> str:
    """Proposal for an unknown key.

    >>> nearest("wokring_size", ["model", "working_size"])
    "did you mean 'working_size'?"
    >>> nearest("x", ["b", "a"])
    "known are 'a' and 'b'"
    """
    names = sorted(known)
    near = difflib.get_close_matches(key.lower().replace("-", "_"), names, n=1)
    if near:
        return f"did you mean {near[0]!r}?"
    quoted = [repr(name) for name in names]
    return f"known are {', '.join(quoted[:-1])} and {quoted[-1]}" if names else "none is known"


def shown(value: Any) -> str:
    """A TOML value in a message.

    >>> shown("a"), shown(True), shown([1]), shown({})
    ("the text 'a'", 'true', 'a list', 'a table')
    """
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return f"the text {value!r}"
        case list():
            return "a list"
        case dict():
            return "a table"
        case _:
            return str(value)
