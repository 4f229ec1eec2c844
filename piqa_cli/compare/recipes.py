"""Check that two runs can be compared: everything but the captures must be the same."""

from __future__ import annotations

from collections.abc import Sequence

from piqa_cli.errors import PiqaError
from piqa_cli.records.capture_row import CaptureRow
from piqa_cli.records.recipe import PART_NAMES
from piqa_cli.runs.capture_rows import tally
from piqa_cli.runs.table_set import Run

_SHOWN_DIGITS = 12  # digits of a SHA-256 in messages


def check_recipes(base: Run, new: Run) -> None:
    """Refuses runs with different recipes; parts that one run doesn't record may differ.

    Raises:
        PiqaError: the first part that differs, with both values.
    """
    if base.recipe == new.recipe:
        return
    for part, name in PART_NAMES.items():
        one, other = getattr(base.recipe, part), getattr(new.recipe, part)
        if one != other and None not in (one, other):
            differ = "differ" if name == "weights" else "differs"
            raise PiqaError(
                f"{base.folder} and {new.folder} can't be compared: the {name} {differ} "
                f"({_short(one)} and {_short(other)}); rank both in the same way"
            )


def _short(text: str) -> str:
    is_hash = len(text) == 64 and all(letter in "0123456789abcdef" for letter in text)
    return text[:_SHOWN_DIGITS] if is_hash else text


def decoder_notes(base: Run, new: Run) -> list[str]:
    """Notes on decoders that differ: they may move a score a little, recipes stay equal."""
    ours, theirs = _decoders(base.tables.captures), _decoders(new.tables.captures)
    return [
        f"decoders differ ({', '.join(sorted(ours[kind]))} in BASE, "
        f"{', '.join(sorted(theirs[kind]))} in NEW, for {kind}): "
        "a part of a difference may be theirs"
        for kind in sorted(ours.keys() & theirs.keys())
        if ours[kind] != theirs[kind]
    ]


def _decoders(rows: Sequence[CaptureRow]) -> dict[str, set[str]]:
    known: dict[str, set[str]] = {}
    for status, kind, decoder in tally(rows, "status", "format", "decoder"):
        if status == "ok" and decoder is not None:
            known.setdefault(kind or "?", set()).add(decoder)
    return known
