"""A comparison as gates see it, on literal runs."""

from piqa_cli.compare.gates import judge_comparison
from piqa_cli.records.gates import GateRule
from tests.compare.conftest import broken, photo

SCENES = ("Bar", "Hall", "Park")


def judged(compared, base, new, *rules):
    """(where, value, passed) of every result."""
    return [
        (gate.where, None if gate.value is None else round(gate.value, 6), gate.passed)
        for gate in judge_comparison(rules, compared(base, new))
    ]


def test_a_clear_regression_fails_and_the_same_files_pass(compared):
    base = [photo(s, d, 3.0 + n) for n, s in enumerate(SCENES) for d in "AB"]
    new = [photo(s, "A", 2.0 + 1.1 * n) for n, s in enumerate(SCENES)]
    new += [photo(s, "B", 3.0 + n) for n, s in enumerate(SCENES)]
    rule = GateRule("max_regression_jod", 0.5)
    assert judged(compared, base, new, rule) == [("A", 0.9, False), ("B", 0.0, True)]


def test_one_scene_without_an_interval_is_not_judged_unless_by_the_estimate(compared):
    base, new = [photo("Bar", "A", 3.0)], [photo("Bar", "A", 2.0)]
    clear = GateRule("max_regression_jod", 0.5, scene="Bar")
    estimate = GateRule("max_regression_jod", 0.5, judge="estimate", level="warn", scene="Bar")
    assert judged(compared, base, new, clear, estimate) == [
        ("A in Bar", None, None), ("A in Bar", 1.0, False),
    ]  # fmt: skip


def test_preference_is_for_new_over_base(compared):
    base = [photo(s, "A", 3.0 + n) for n, s in enumerate(SCENES)]
    new = [photo(s, "A", 2.0 + 1.1 * n) for n, s in enumerate(SCENES)]
    (gate,) = judge_comparison([GateRule("min_preference", 0.45)], compared(base, new))
    assert round(gate.value, 4) == 0.2719  # Phi(-0.6745 * 0.9)
    assert gate.text.startswith("A is preferred to BASE by 27 % (95 % interval")


def test_takes_and_failures_are_those_of_new(compared):
    base = [photo("Bar", d, 3.0) for d in "ABC"] + [photo("Hall", "A", 3.0)]
    new = [photo("Bar", "A", 3.0), broken("Bar", "B")]
    takes, failed = GateRule("min_takes", 1), GateRule("max_failed_captures", 0)
    assert judged(compared, base, new, takes, failed) == [
        ("B in Bar", 0.0, False),
        ("A in Hall", 0.0, False),
        ("B in Hall", 0.0, False),
        ("A in Bar", 1.0, True),
        ("all captures", 1.0, False),
    ]


def test_a_device_that_has_gone_is_not_judged(compared):
    base, new = [photo("Bar", "A", 3.0), photo("Bar", "B", 3.0)], [photo("Bar", "A", 3.0)]
    rules = GateRule("min_takes", 1), GateRule("max_regression_jod", 0.0)
    assert judged(compared, base, new, *rules) == [("A in Bar", 1.0, True), ("A", 0.0, True)]
