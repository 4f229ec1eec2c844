"""Verdicts on literal figures."""

import pytest

from piqa_cli.gates.judge import judge
from piqa_cli.gates.readings import Measured, Reading
from piqa_cli.records.gates import GateRule


def worse(device, value, low=None, high=None, **where):
    return Reading(device, value=value, low=low, high=high, **where)


def measured(*, regressions=(), preferences=(), takes=(), failed=(), **more):
    readings = {
        "max_regression_jod": regressions,
        "min_preference": preferences,
        "min_takes": takes,
        "max_failed_captures": failed,
    }
    return Measured(readings, **more)


def verdicts(rules, command="rank", **found):
    """(level, where, passed) of every result."""
    found = judge(rules, measured(**found), command=command)
    return [(gate.level, gate.where, gate.passed) for gate in found]


def regression(value, low, high, *, limit=0.3, judge="clear"):
    readings = (worse("A", value, low, high),)
    rule = GateRule("max_regression_jod", limit, judge=judge)
    ((_, _, passed),) = verdicts([rule], regressions=readings)
    return passed


@pytest.mark.parametrize(
    ("value", "low", "high", "clear", "estimate"),
    [
        (0.2, 0.1, 0.3, True, True),  # clearly worse, but within the limit
        (0.3, 0.1, 0.5, True, True),  # the limit itself is allowed
        (0.5, 0.1, 0.9, False, False),  # beyond it, and the interval excludes 0
        (0.5, -0.1, 1.1, True, False),  # beyond it, but it may be chance
        (0.5, None, None, None, False),  # beyond it, and nothing says how sure that is
        (0.1, None, None, True, True),
        (-0.5, -0.9, -0.1, True, True),  # better
    ],
)
def test_a_regression_fails_when_the_interval_confirms_it(value, low, high, clear, estimate):
    assert regression(value, low, high) is clear
    assert regression(value, low, high, judge="estimate") is estimate


def preferred(value, low, high, limit):
    rule = GateRule("min_preference", limit)
    ((_, _, passed),) = verdicts([rule], preferences=(worse("A", value, low, high),))
    return passed


@pytest.mark.parametrize(
    ("value", "low", "high", "limit", "passed"),
    [
        (0.45, 0.40, 0.49, 0.45, True),
        (0.40, 0.30, 0.49, 0.45, False),
        (0.40, 0.30, 0.51, 0.45, True),  # may be no difference at all
        (0.55, 0.51, 0.59, 0.60, False),  # better, but clearly by too little
        (0.55, 0.45, 0.65, 0.60, True),
    ],
)
def test_a_preference_fails_when_it_is_surely_too_small(value, low, high, limit, passed):
    assert preferred(value, low, high, limit) is passed


def test_failures_come_first_the_worst_before_the_others():
    readings = (worse("A", 0.4, 0.2, 0.6), worse("B", 0.1, 0, 0.2), worse("C", 0.9, 0.7, 1.1))
    found = judge(
        [GateRule("max_regression_jod", 0.3)],
        measured(regressions=readings, against={"max_regression_jod": "R"}),
        command="rank",
    )
    assert [(gate.where, gate.value, gate.passed) for gate in found] == [
        ("C", 0.9, False), ("A", 0.4, False), ("B", 0.1, True),
    ]  # fmt: skip
    assert found[0].text == "C is 0.90 JOD worse than R (95 % interval 0.70 .. 1.10), limit 0.3 JOD"


def test_the_last_rule_of_a_level_that_matches_judges():
    cells = tuple(Reading(d, scene=s, value=1.0) for d in "AB" for s in ("Bar", "Park"))
    rules = [
        GateRule("min_takes", 2),
        GateRule("min_takes", 1, device="a"),
        GateRule("min_takes", 3, level="warn", scene="P*"),
    ]
    assert verdicts(rules, takes=cells) == [
        ("error", "B in Bar", False),
        ("error", "B in Park", False),
        ("error", "A in Bar and A in Park", True),
        ("warn", "A in Park", False),
        ("warn", "B in Park", False),
    ]


def test_patterns_choose_what_figures_are_judged():
    figures = (
        worse("A", 1.0, 0.5, 1.5),
        worse("A", 0.0, 0.0, 0.0, condition="Night"),
        worse("A", 2.0, 1.5, 2.5, scene="Bar", condition="Night"),
    )
    rules = [
        GateRule("max_regression_jod", 0.5),
        GateRule("max_regression_jod", 0.5, condition="night"),
        GateRule("max_regression_jod", 0.5, scene="*", condition="Night"),
    ]
    assert verdicts(rules, regressions=figures) == [
        ("error", "A", False),
        ("error", "A in Night scenes", True),
        ("error", "A in Bar", False),
    ]


def test_a_firmware_can_be_named():
    cells = (Reading("k2", "1.1", "Bar", None, 1.0), Reading("k2", "1.2", "Bar", None, 1.0))
    rules = [GateRule("min_takes", 2, device="k2@1.2")]
    assert verdicts(rules, takes=cells) == [("error", "k2 1.2 in Bar", False)]


def test_failed_captures_are_counted_by_the_rule_that_judges_them():
    failed = tuple(Reading(d, scene="Bar", value=1.0) for d in "AAB")
    takes = tuple(Reading(d, scene="Bar", value=2.0) for d in "ABC")
    rules = [
        GateRule("max_failed_captures", 0),
        GateRule("max_failed_captures", 2, device="A"),
        GateRule("max_failed_captures", 0, device="C"),
    ]
    found = judge(rules, measured(failed=failed, takes=takes), command="rank")
    assert [(gate.where, gate.value, gate.passed) for gate in found] == [
        ("all captures", 1.0, False), ("device A", 2.0, True), ("device C", 0.0, True),
    ]  # fmt: skip
    assert found[0].text == "1 capture failed, limit 0"


def test_a_pattern_with_firmware_needs_one_and_a_pattern_without_takes_any():
    cells = (Reading("k2", None, "Bar", value=1.0), Reading("k3", "1.2", "Bar", value=1.0))
    judged = {
        pattern: verdicts([GateRule("min_takes", 2, device=pattern)], takes=cells)
        for pattern in ("k2@*", "*@None", "k3", "k3@*", "k2")
    }
    assert judged == {
        "k2@*": [("error", "device k2@*", None)],
        "*@None": [("error", "device *@None", None)],
        "k3": [("error", "k3 1.2 in Bar", False)],
        "k3@*": [("error", "k3 1.2 in Bar", False)],
        "k2": [("error", "k2 in Bar", False)],
    }


def test_what_cannot_be_judged_fails_unless_it_is_said_not_to():
    rules = [
        GateRule("max_regression_jod", 0),
        GateRule("max_regression_jod", 0, unjudged="warn"),
        GateRule("max_regression_jod", 0, level="warn"),
    ]
    found = judge(rules, measured(missing={"max_regression_jod": "no"}), command="rank")
    assert [(gate.passed, gate.fails) for gate in found] == [
        (None, True), (None, False), (None, False),
    ]  # fmt: skip


def test_a_gate_without_any_figure_is_not_judged():
    (gate,) = judge([GateRule("max_regression_jod", 0)], measured(), command="rank")
    assert (gate.passed, gate.text) == (None, "there is nothing here that it could judge")


def test_the_reason_of_what_cannot_be_judged_is_said():
    missing = {"max_regression_jod": "no reference"}
    rules = [
        GateRule("max_regression_jod", 0),
        GateRule("min_takes", 2, device="kestrn*"),
        GateRule("max_failed_captures", 0, device="kestrn*"),
    ]
    here = measured(takes=(Reading("kestrin", scene="Bar", value=2.0),), missing=missing)
    found = judge(rules, here, command="rank")
    assert [(gate.passed, gate.text, gate.fails) for gate in found] == [
        (None, "no reference", True),
        (None, "nothing here matches device kestrn*", True),
        (None, "nothing here matches device kestrn*", True),
    ]


def test_figures_without_an_interval_are_told_once_with_their_number():
    readings = tuple(worse(d, 1.0) for d in "ABC")
    (gate,) = judge(
        [GateRule("max_regression_jod", 0.3)], measured(regressions=readings), command="rank"
    )
    assert (gate.where, gate.passed) == ("3 devices", None)
    assert gate.text.startswith("3 devices: beyond the limit, but there is no interval")


def test_a_rule_for_one_command_is_not_judged_by_the_other():
    rules = [GateRule("max_failed_captures", 0, command="compare")]
    assert verdicts(rules) == []
    assert verdicts(rules, command="compare") == [("error", "all captures", True)]


def test_only_errors_fail():
    failed = (Reading("A", scene="Bar", value=1.0),)
    rules = [GateRule("max_failed_captures", 0, level="warn")]
    (gate,) = judge(rules, measured(failed=failed), command="rank")
    assert (gate.passed, gate.fails) == (False, False)
