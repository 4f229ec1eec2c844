"""Every gate has figures; one without is told to be unjudged, never taken for passed."""

from __future__ import annotations

import pytest

from piqa_cli.compare.gates import READINGS as COMPARED
from piqa_cli.gates.judge import judge
from piqa_cli.gates.kinds import KINDS, GateKind
from piqa_cli.gates.ranking import READINGS as RANKED
from piqa_cli.gates.ranking import measured_ranking
from piqa_cli.gates.wording import limit_text
from piqa_cli.records.gates import GateRule
from tests.runs.samples import MODEL


def test_both_commands_have_figures_for_every_gate():
    assert KINDS.keys() == RANKED.keys() == COMPARED.keys()


def test_a_name_says_on_which_side_a_limit_is():
    assert all(name.startswith(("max_", "min_")) for name in KINDS)


def test_a_gate_without_figures_is_not_judged(monkeypatch):
    monkeypatch.setitem(KINDS, "max_weight", GateKind("number", lambda *_: "is too heavy"))
    measured = measured_ranking((), (), (), source=MODEL)
    (result,) = judge([GateRule("max_weight", 1)], measured, command="rank")
    assert (result.passed, result.text) == (None, "`rank` has no figures for it")


@pytest.mark.parametrize(
    ("limit", "text"), [("share", "50 %"), ("jod", "0.5 JOD"), ("number", "0.5")]
)
def test_a_limit_is_written_by_its_kind(monkeypatch, limit, text):
    monkeypatch.setitem(KINDS, "max_weight", GateKind(limit, lambda *_: ""))
    assert limit_text(GateRule("max_weight", 0.5), "JOD") == text
