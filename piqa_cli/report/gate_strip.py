"""Strip near the top of a page with the results of the gates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from piqa_cli.report.text import counted

State = Literal["failed", "warning", "unjudged", "passed"]
_WORDS: dict[State, str] = {
    "failed": "failed",
    "warning": "warning",
    "unjudged": "not judged",
    "passed": "passed",
}
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
    order = list(_WORDS)
    lines = sorted((_line(gate) for gate in gates), key=lambda line: order.index(line.state))
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
    state = _state(gate)
    return GateLine(state, _WORDS[state], gate["name"], gate["text"])


def _state(gate: Mapping[str, Any]) -> State:
    if gate["passed"] is None:
        return "unjudged"
    if gate["passed"]:
        return "passed"
    return "failed" if gate["level"] == "error" else "warning"


def _headline(lines: Sequence[GateLine]) -> str:
    states = [line.state for line in lines]
    if set(states) == {"passed"}:
        return "All gates passed"
    counts = ((states.count(state), state) for state in _WORDS)
    return "Gates: " + ", ".join(_counted(count, state) for count, state in counts if count)


def _counted(count: int, state: State) -> str:
    return counted(count, "warning") if state == "warning" else f"{count} {_WORDS[state]}"
