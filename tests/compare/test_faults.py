"""A change of a fault's cost is said where it is clear over scenes."""

from __future__ import annotations

import pytest

from piqa_cli.compare.cells import Cell
from piqa_cli.compare.faults import fault_change, faults_in_words, mean_fault_change
from piqa_cli.compare.records import Subject
from piqa_cli.faults import FAULTS
from piqa_cli.records.capture_row import ScoredRow

NAMES = [fault.name for fault in FAULTS]


def costs(**known):
    return tuple(known.get(name, 0.0) for name in NAMES)


def row(**known):
    more = {"fault_costs": list(costs(**known))} if known else {}
    return ScoredRow(path="a", status="ok", scene="s", device="d", score=1.0, more=more)


def cell(base, new):
    return Cell("s", None, Subject("d", None, "d", None, "d"), base, new, base, new)


def test_a_cell_compares_the_means_of_its_captures():
    change = fault_change(cell([row(halo=0.2), row(halo=0.4)], [row(halo=0.8)]))
    assert change[NAMES.index("halo")] == pytest.approx(0.5)
    assert change[NAMES.index("blur")] == 0.0


def test_runs_without_costs_have_no_change():
    assert fault_change(cell([row()], [row(halo=0.8)])) is None
    assert mean_fault_change([None, None]) is None
    assert faults_in_words([None]) == ""


def test_clear_changes_are_named_by_size():
    scenes = [costs(halo=0.3 + d, blur=-0.5 - d, noise=d) for d in (-0.02, 0.0, 0.02)]
    assert faults_in_words(scenes) == "blur −0.50, halos +0.30"


def test_one_scene_and_wide_scatter_prove_nothing():
    assert faults_in_words([costs(halo=2.0)]) == ""
    assert faults_in_words([costs(halo=2.0), costs(halo=-1.0)]) == ""
