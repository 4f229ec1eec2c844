"""The strip of gates on a page."""

from piqa_cli.report.gate_strip import gate_strip


def gate(passed, level="error", text="A"):
    return {"name": "min_takes", "level": level, "passed": passed, "text": text}


def test_no_gates_no_strip():
    assert gate_strip([]) is None


def test_all_passed():
    strip = gate_strip([gate(True), gate(True, "warn")])
    assert (strip.state, strip.headline, strip.lines) == ("passed", "All gates passed", ())
    assert strip.summary == "2 passed"


def test_what_fails_comes_first_and_what_passed_is_folded():
    strip = gate_strip([gate(True), gate(None), gate(False, "warn"), gate(False), gate(False)])
    assert strip.headline == "Gates: 2 failed, 1 warning, 1 not judged, 1 passed"
    assert [line.word for line in strip.lines] == ["failed", "failed", "warning", "not judged"]
    assert (strip.state, len(strip.more), strip.summary) == ("failed", 1, "1 passed")


def test_what_fails_because_it_is_not_judged_is_counted_apart():
    strict = gate(None) | {"unjudged": "error"}
    soft = gate(None) | {"unjudged": "warn"}
    strip = gate_strip([soft, strict, gate(None, "warn") | {"unjudged": "error"}])
    assert (strip.state, strip.headline) == (
        "failed", "Gates: 1 not judged and so failed, 2 not judged",
    )  # fmt: skip
    assert [line.state for line in strip.lines] == ["failed", "unjudged", "unjudged"]


def test_a_long_list_is_folded():
    strip = gate_strip([gate(False, text=str(n)) for n in range(11)] + [gate(True)])
    assert [line.text for line in strip.lines] == list("01234567")
    assert (len(strip.more), strip.summary) == (4, "3 more, 1 passed")


def test_a_very_long_list_is_cut_but_counted():
    strip = gate_strip([gate(False)] * 2008 + [gate(True, text="last")])
    assert strip.headline == "Gates: 2008 failed, 1 passed"
    assert strip.summary == "2,000 more (the first 200 here), 1 passed"
    assert (len(strip.more), strip.more[-1].text) == (201, "last")
