"""Prints gates: failures on stderr, a count beside the other results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from piqa_cli.cli.ending import print_trouble
from piqa_cli.cli.terminal import plural
from piqa_cli.records.gates import GateResult

EXIT_GATE_FAILED = 6
_SHOWN = 10


def gates_fail(gates: Sequence[GateResult]) -> bool:
    """True where the command ends with `EXIT_GATE_FAILED`."""
    return any(gate.fails for gate in gates)


def print_gates(gates: Sequence[GateResult], *, quiet: bool) -> None:
    """One line on stderr for each failure and, unless quiet, for what else needs a look.

    An error that can't be judged is shown all the same, also where `unjudged = "warn"` keeps it
    from failing: a slip in its pattern would keep it silent for ever.
    """
    errors = [gate for gate in gates if gate.level == "error" and gate.passed is None]
    shown = [gate for gate in gates if gate.fails and gate.passed is False]
    shown += [gate for gate in errors if gate.fails]
    shown += [gate for gate in errors if not gate.fails]
    if not quiet:
        shown += [gate for gate in gates if gate.level == "warn" and gate.passed is False]
        shown += [gate for gate in gates if gate.level == "warn" and gate.passed is None]
    for gate in shown[:_SHOWN]:
        words = "not judged, so failed" if gate.fails and gate.passed is None else outcome(gate)
        print_trouble(f"gate {words}: {gate.name}: {gate.text}")
    if len(shown) > _SHOWN:
        print_trouble(f"... and {len(shown) - _SHOWN} more on the report's page")


def outcome(gate: GateResult) -> str:
    """A gate's result in words; a gate that isn't judged may fail the command, or not."""
    if gate.passed is None:
        return "not judged"
    if gate.passed:
        return "passed"
    return "failed" if gate.fails else "warning"


def gates_counted(gates: Sequence[GateResult]) -> str:
    """Counts gates by their outcome.

    >>> gates_counted([])
    ''
    """
    became = Counter(outcome(gate) for gate in gates)
    strict = sum(gate.fails for gate in gates if gate.passed is None)
    warnings = plural(became["warning"], "warning")
    words = (
        ("failed", f"{became['failed']} failed"),
        ("warning", warnings),
        ("not judged", f"{became['not judged']} not judged{_and_so_failed(strict, became)}"),
        ("passed", f"{became['passed']} passed"),
    )
    return ", ".join(text for kind, text in words if became[kind])


def _and_so_failed(strict: int, became: Counter[str]) -> str:
    """Says how many of the gates that couldn't be judged fail the command for it."""
    if not strict:
        return ""
    return " and so failed" if strict == became["not judged"] else f" ({strict} of them so failed)"
