"""Scores of two runs can be compared only if everything but the captures was the same."""

from __future__ import annotations

from typing import Any

from piqa_cli.errors import PiqaError
from piqa_cli.runs.parquet import Row
from piqa_cli.runs.table_set import Run

_NAMES = {
    "model": "the model differs",
    "scale": "the scale of the scores differs",
    "weights_sha256": "the weights differ",
    "preprocessing": "the preprocessing differs",
    "working_size": "the working size differs",
    "precision": "the precision differs",
    "reading": "the reading differs",
    "detector": "the face detector differs",
    "face_rule": "the face rule differs",
}
_SHOWN_DIGITS = 12  # of a SHA-256


def check_protocol(base: Run, new: Run) -> None:
    """Refuses runs whose scores weren't made alike.

    Raises:
        PiqaError: the first part that differs, with both values.
    """
    ours, theirs = _protocol(base), _protocol(new)
    for part, differs in _NAMES.items():
        one, other = ours.get(part), theirs.get(part)
        if one != other and None not in (one, other):
            raise PiqaError(
                f"{base.folder} and {new.folder} can't be compared: {differs} "
                f"({_short(one)} and {_short(other)}); rank both in the same way"
            )


def _protocol(run: Run) -> dict[str, Any]:
    """All that the scores of a run share; parts that it doesn't know are missing."""
    shared: dict[str, Any] = {
        "model": run.info["model"]["name"],
        "scale": run.info["model"]["scale"],
        "weights_sha256": run.info["weights_sha256"],
        "preprocessing": run.info["model"]["preprocessing"],
    }
    scored = next((row for row in run.tables["captures"] if row["status"] != "skipped"), None)
    if scored is not None:
        shared |= {part: scored[part] for part in ("working_size", "precision")}
    return shared | run.info.get("protocol", {})


def _short(value: Any) -> str:
    text = str(value)
    is_hash = len(text) == 64 and all(letter in "0123456789abcdef" for letter in text)
    return text[:_SHOWN_DIGITS] if is_hash else text


def protocol_notes(base: Run, new: Run) -> list[str]:
    """What may move a score a little without making it another one: the decoders."""
    ours, theirs = _decoders(base.tables["captures"]), _decoders(new.tables["captures"])
    return [
        f"decoders differ ({', '.join(sorted(ours[kind]))} in BASE, "
        f"{', '.join(sorted(theirs[kind]))} in NEW, for {kind}): "
        "a part of a difference may be theirs"
        for kind in sorted(ours.keys() & theirs.keys())
        if ours[kind] != theirs[kind]
    ]


def _decoders(rows: list[Row]) -> dict[str, set[str]]:
    known: dict[str, set[str]] = {}
    for row in rows:
        if row["status"] == "ok" and row["decoder"] is not None:
            known.setdefault(row["format"] or "?", set()).add(row["decoder"])
    return known
