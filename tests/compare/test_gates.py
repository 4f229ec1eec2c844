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
        ("all captures", 1.0, False),  # C is missing
    ]


def test_a_device_that_has_gone_is_missing_and_nothing_else(compared):
    base, new = [photo("Bar", "A", 3.0), photo("Bar", "B", 3.0)], [photo("Bar", "A", 3.0)]
    rules = GateRule("min_takes", 1), GateRule("max_regression_jod", 0.0)
    passed = [("A in Bar", 1.0, True), ("A", 0.0, True)]
    assert judged(compared, base, new, *rules) == [*passed, ("all captures", 1.0, False)]
    one = GateRule("max_missing_devices", 1)
    assert judged(compared, base, new, *rules, one) == [*passed, ("all captures", 1.0, True)]
    assert judged(compared, base, new) == []  # without gates it is a warning alone


def test_the_gate_on_missing_devices_is_as_strict_as_the_others(compared):
    base, new = [photo("Bar", "A", 3.0), photo("Bar", "B", 3.0)], [photo("Bar", "A", 3.0)]
    rules = [GateRule("min_takes", 1, level="warn"), GateRule("min_takes", 1, command="rank")]
    (*_, gate) = judge_comparison(rules, compared(base, new))
    assert (gate.level, gate.text) == ("warn", "1 device missing (B), limit 0")


def test_missing_cells_and_takes_are_those_of_base(compared):
    base = [photo(s, "A", 3.0, f"{n}.jpg") for s in ("Bar", "Hall") for n in "12"]
    new = [photo("Bar", "A", 3.0, "1.jpg")]
    cells, takes = GateRule("max_missing_cells", 1), GateRule("max_missing_takes", 2)
    hall = GateRule("max_missing_cells", 0, scene="Hall", level="warn")
    gates = judge_comparison([cells, takes, hall], compared(base, new))
    assert [(gate.value, gate.passed) for gate in gates] == [(1, True), (3, False), (1, False)]
    assert gates[2].text == "1 cell missing (A in Hall) of scene Hall, limit 0"
