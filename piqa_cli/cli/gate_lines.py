"""Prints gates: failures on stderr, a count beside the other results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import typer

from piqa_cli.cli.terminal import plural
from piqa_cli.gates.wording import NOTHING_MATCHES
from piqa_cli.records.gates import GateResult

EXIT_GATE_FAILED = 6
_SHOWN = 10


def gates_fail(gates: Sequence[GateResult]) -> bool:
    """True where the command ends with `EXIT_GATE_FAILED`."""
    return any(gate.fails for gate in gates)


def print_gates(gates: Sequence[GateResult], *, quiet: bool) -> None:
    """One line on stderr for each failure and, unless quiet, for what else needs a look.

    An error that matches nothing is shown all the same: its pattern may be a slip, and then it
    would never fail again.
    """
    shown = [gate for gate in gates if gate.fails]
    if quiet:
        shown += [gate for gate in gates if gate.level == "error" and _matches_nothing(gate)]
    else:
        shown += [gate for gate in gates if gate.passed is False and not gate.fails]
        shown += [gate for gate in gates if gate.passed is None]
    for gate in shown[:_SHOWN]:
        typer.echo(f"piqa-cli: gate {_became(gate)}: {gate.name}: {gate.text}", err=True)
    if len(shown) > _SHOWN:
        typer.echo(f"piqa-cli: ... and {len(shown) - _SHOWN} more on the report's page", err=True)


def _matches_nothing(gate: GateResult) -> bool:
    return gate.passed is None and gate.text.startswith(NOTHING_MATCHES)


def _became(gate: GateResult) -> str:
    if gate.passed is None:
        return "not judged"
    return "failed" if gate.fails else "warning"


def gates_counted(gates: Sequence[GateResult]) -> str:
    """Counts gates by their outcome.

    >>> gates_counted([])
    ''
    """
    became = Counter("passed" if gate.passed else _became(gate) for gate in gates)
    warnings = plural(became["warning"], "warning")
    words = (
        ("failed", f"{became['failed']} failed"),
        ("warning", warnings),
        ("not judged", f"{became['not judged']} not judged"),
        ("passed", f"{became['passed']} passed"),
    )
    return ", ".join(text for kind, text in words if became[kind])
