"""Strip near the top of a page with the results of the gates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from piqa_cli.report.text import counted

State = Literal["failed", "warning", "unjudged", "passed"]
_STATES: dict[str, State] = {
    "failed": "failed",
    "not judged, so failed": "failed",
    "warning": "warning",
    "not judged": "unjudged",
    "passed": "passed",
}
"""State of every word, the worst first."""
_SHOWN = 8
_FOLDED = 200  # lines at most: more would only slow the page; the JSON file has them all


@dataclass(frozen=True, slots=True)
class GateLine:
    """One row of the gates: `word` is its state as people read it."""

    state: State
    word: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class GateStrip:
    """All gates of a run or a comparison.

    Attributes:
        state: the worst among them.
        headline: how many became what.
        lines: what needs a look, the worst first.
        more: those that don't fit, and those that passed.
        summary: what `more` is called; empty: there is nothing more.
    """

    state: State
    headline: str
    lines: tuple[GateLine, ...]
    more: tuple[GateLine, ...]
    summary: str


def gate_strip(gates: Sequence[Mapping[str, Any]]) -> GateStrip | None:
    """The strip of the gates of run.json or compare.json; None: no gate was set."""
    if not gates:
        return None
    order = list(_STATES)
    lines = sorted((_line(gate) for gate in gates), key=lambda line: order.index(line.word))
    amiss = [line for line in lines if line.state != "passed"]
    passed = lines[len(amiss) :]
    hidden = amiss[_SHOWN:]
    first = f" (the first {_FOLDED} here)" if len(hidden) > _FOLDED else ""
    parts = [f"{len(hidden):,} more{first}"] * bool(hidden)
    parts += [f"{len(passed)} passed"] * bool(passed)
    return GateStrip(
        state=lines[0].state,
        headline=_headline(lines),
        lines=tuple(amiss[:_SHOWN]),
        more=(*hidden[:_FOLDED], *passed),
        summary=", ".join(parts),
    )


def beside_failed_folders(strip: GateStrip | None, n_folders: int) -> GateStrip | None:
    """The strip of a run with failed folders: passed gates then are no all-clear.

    Args:
        strip: of the gates alone.
        n_folders: number of folders where captures are missing.
    """
    if strip is None or strip.state != "passed" or not n_folders:
        return strip
    where = f"in {counted(n_folders, 'folder')} captures are missing"
    return replace(strip, state="warning", headline=f"{strip.headline}, but {where}")


def _line(gate: Mapping[str, Any]) -> GateLine:
    word = _word(gate)
    return GateLine(_STATES[word], word, gate["name"], gate["text"])


def _word(gate: Mapping[str, Any]) -> str:
    is_error = gate["level"] == "error"
    if gate["passed"] is None:
        # Runs that don't say come from versions in which what wasn't judged failed nothing.
        fails = is_error and gate.get("unjudged", "warn") == "error"
        return "not judged, so failed" if fails else "not judged"
    if gate["passed"]:
        return "passed"
    return "failed" if is_error else "warning"


def _headline(lines: Sequence[GateLine]) -> str:
    words = [line.word for line in lines]
    if set(words) == {"passed"}:
        return "All gates passed"
    counts = ((words.count(word), word) for word in _STATES)
    return "Gates: " + ", ".join(_counted(count, word) for count, word in counts if count)


def _counted(count: int, word: str) -> str:
    return (
        counted(count, word) if word == "warning" else f"{count} {word.replace(', so', ' and so')}"
    )
