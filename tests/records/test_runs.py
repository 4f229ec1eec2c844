"""Failures and notes take a pass over all outcomes: each is made once for a record."""

from dataclasses import replace

from piqa_cli.records import Findings
from tests.runs.samples import MODEL, failed, recipe, scored


class Counted(list):
    passes = 0

    def __iter__(self):
        self.passes += 1
        return super().__iter__()


def test_failures_and_notes_are_looked_for_once():
    odd = replace(scored("Bar", "Aster", 1.0), warning="dark; blurred")
    results = Counted([odd, failed("Bar", "Birch"), replace(scored("Bar", "Cedar", 2.0))])
    findings = Findings(results, MODEL, recipe())
    for _ in range(2):
        assert findings.failed == (results[1],)
        assert findings.paths_by_note == {
            "dark": (odd.capture.path,),
            "blurred": (odd.capture.path,),
        }
    assert results.passes == 2
    assert replace(findings, results=results[:1]).failed == ()
