"""`piqa-cli names`: proposes the table that joins several spellings of one device."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from piqa_cli.cli import options
from piqa_cli.cli.ending import print_trouble
from piqa_cli.cli.terminal import plural, print_json
from piqa_cli.settings import DEFAULT_LAYOUT, FindSettings

if TYPE_CHECKING:
    from piqa_cli.discover.near_names import Photographed, Proposal
    from piqa_cli.records.device_names import DeviceName


def names(
    context: typer.Context,
    places: Annotated[
        list[Path],
        typer.Argument(
            metavar="CAPTURES|LIST|RUN...",
            help="Folders of captures, CSV or Parquet lists with a column device, or runs.",
            readable=False,
        ),
    ],
    layout: options.Layout = DEFAULT_LAYOUT,
    as_json: options.AsJson = False,
) -> None:
    """Find devices written in several ways, and print the table that joins them."""
    from piqa_cli.discover.near_names import propose

    known = context.obj.devices()
    captures = [_captures(place, layout) for place in places]
    found = propose(captures, known)
    if as_json:
        print_json(_as_json(found))
    else:
        typer.echo("\n".join(_lines(found, has_table=bool(known))))


def _captures(place: Path, layout: str) -> Sequence[Photographed]:
    """The captures of a folder, a list or a run, under the names that stand there."""
    from piqa_cli.runs.table_set import is_run

    if place.is_file():
        from piqa_cli.discover.name_list import read_names

        taken, warnings = read_names(place)
        for warning in warnings:
            print_trouble(f"warning: {warning}")
        return taken
    if is_run(place):
        from piqa_cli.records.capture_row import TriedRow
        from piqa_cli.runs.table_set import load_run

        rows = load_run(place).tables.captures
        return [row for row in rows if isinstance(row, TriedRow)]
    from piqa_cli.discover.walk import discover

    return discover(FindSettings(place, layout=layout)).captures


def _as_json(found: Proposal) -> dict[str, Any]:
    tables = {"devices": found.devices, "joined": found.joined, "perhaps": found.perhaps}
    return {
        **{key: {e.name: list(e.aliases) for e in entries} for key, entries in tables.items()},
        "n_names": found.n_names,
        "n_leagues": found.n_leagues,
        "n_leagues_joined": found.n_leagues_joined,
    }


def _lines(found: Proposal, *, has_table: bool) -> list[str]:
    """The table as TOML; all else is a comment in it."""
    lines = []
    if not found.joined:
        count = plural(found.n_names, "name")
        lines.append(f"# nothing to join: {count} of devices, each written in one way")
    else:
        lines.append(f"# {plural(len(found.joined), 'device')} written in several ways")
        if found.n_leagues_joined < found.n_leagues:
            after = found.n_leagues_joined
            what = "one" if after == 1 else str(after)
            lines.append(
                f"# written in one way, {found.n_leagues} groups that share no scene "
                f"would be {what}"
            )
        if has_table:
            lines.append("# with all that piqa.toml has under [devices]: replace it there")
        lines += ["[devices]", *map(_line, found.devices)]
    if found.perhaps:
        lines.append("# + may stand for Plus: if these are one phone, make it one entry:")
        lines += [f"# {_line(entry)}" for entry in found.perhaps]
    return lines


def _line(entry: DeviceName) -> str:
    return f"{_quoted(entry.name)} = [{', '.join(map(_quoted, entry.aliases))}]"


def _quoted(text: str) -> str:
    r"""A TOML string; characters that nobody sees are escaped.

    >>> print(_quoted('Pixel\u00a08 "x"'))
    "Pixel\u00A08 \"x\""
    """
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    if char.isprintable():
        return char
    code = ord(char)
    return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"
