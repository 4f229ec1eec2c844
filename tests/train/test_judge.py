from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from piqa_cli.train.camera import label_jod
from piqa_cli.train.dataset import opinion_fold, opinion_rows
from piqa_cli.train.judge_faults import FAULTS, STEP_JOD, grades, judge_faults
from piqa_cli.train.judge_opinions import judge_opinions
from piqa_cli.train.measures import sharpest_blocks


@pytest.mark.parametrize("fault", FAULTS)
def test_grades_are_half_a_label_jod_apart(fault):
    labels = [label_jod(camera) for camera in grades(fault)]
    gaps = -np.diff(labels)
    assert len(labels) >= 2
    assert gaps.min() >= STEP_JOD
    assert gaps.max() < STEP_JOD + 0.15


def test_single_faults_are_judged_step_by_step(photos):
    faults, variety = judge_faults(None, photos, quiet=True)
    found = {row.fault: row.right for row in faults}
    assert set(found) == set(FAULTS)
    assert found["motion"] >= 0.7
    assert all(row.n_pairs == len(grades(row.fault)) - 1 for row in faults)  # one photograph
    assert [row.n_portraits for row in variety] == [0, 0, 0]  # nobody is on these pictures


def test_opinions_are_judged_on_one_fold(tmp_path):
    rng = np.random.default_rng(0)
    names = [f"{number}.png" for number in range(40)]
    for number, name in enumerate(names):
        pixels = rng.normal(128, 2 + 2 * number, (80, 80, 3)).clip(0, 255).astype(np.uint8)
        Image.fromarray(pixels).save(tmp_path / name)
    rated = "".join(f"{name},{90 - number},9\n" for number, name in enumerate(names))
    (tmp_path / "mos.csv").write_text("file,mos,mos_std\n" + rated)
    row = judge_opinions(None, tmp_path / "mos.csv", fold=1, cache=tmp_path / "views", quiet=True)
    assert row.n == sum(opinion_fold(name) == 1 for name in names)
    assert -1 <= row.srcc_low <= row.srcc <= row.srcc_high <= 1
    kept = opinion_rows(tmp_path / "mos.csv", held_out_fold=1)
    assert len(kept) == 40 - row.n


def test_the_sharpest_blocks_count_not_the_flat_ones():
    picture = np.full((256, 256, 3), 120, np.uint8)
    picture[:64, :64] = np.random.default_rng(0).integers(0, 256, (64, 64, 3))
    flat = np.full((256, 256, 3), 120, np.uint8)
    assert sharpest_blocks(picture) > sharpest_blocks(flat) + 5
