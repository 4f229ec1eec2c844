from __future__ import annotations

import numpy as np
import pytest

from piqa_cli.models.dn_piqa_mini.faults import FAULTS as COSTS
from piqa_cli.train.judges.faults import FAULTS, NAMES, STEP_JOD, grades, judge_faults
from piqa_cli.train.simulation.severity import label_jod


@pytest.mark.parametrize("fault", FAULTS)
def test_grades_are_half_a_label_jod_apart(fault):
    labels = [label_jod(camera) for camera in grades(fault)]
    gaps = -np.diff(labels)
    assert len(labels) >= 2
    assert gaps.min() >= STEP_JOD
    assert gaps.max() < STEP_JOD + 0.15


def test_every_fault_has_a_cost_that_names_it():
    assert set(NAMES) == set(FAULTS)
    assert set(NAMES.values()) <= set(COSTS)


def test_single_faults_and_natural_variety_are_judged(fresh, photos, tmp_path):
    for file in photos.glob("*.png"):
        (tmp_path / file.name).symlink_to(file)
    boxes = "".join(f"scene{n}.png,60 40 130 120\n" for n in range(6))
    (tmp_path / "manifest.csv").write_text("file,face_box\n" + boxes)
    chosen = ("green cast", "smear")
    faults, variety = judge_faults(fresh, tmp_path, faults=chosen, quiet=True)
    assert [row.fault for row in faults] == list(chosen)
    for row in faults:  # one of six photographs is held out for the test
        labels = [label_jod(camera) for camera in grades(row.fault)]
        assert row.n_pairs == len(labels) - 1
        assert row.n_named == sum(max(labels) - label >= 1 for label in labels)
        assert 0 <= row.right <= 1
    assert [(row.variety, row.n_portraits) for row in variety] == [
        ("bokeh", 1),
        ("low key", 1),
        ("studio", 1),
    ]
    assert all(row.mean_change == row.worst_change != 0 for row in variety)


def test_without_portraits_there_is_no_variety_to_judge(fresh, photos):
    _, variety = judge_faults(fresh, photos, faults=("green cast",), quiet=True)
    assert [row.n_portraits for row in variety] == [0, 0, 0]
    assert all(np.isnan(row.mean_change) for row in variety)
