from __future__ import annotations

import numpy as np
import pytest
import torch

from piqa_cli.models.mini import FAULTS, VIEWS, DnPiqaMini, branch_of_figures, costs_of
from piqa_cli.train.calibrate import calibrated
from piqa_cli.train.dataset import Dataset, Row
from piqa_cli.train.steps import say_all

SCENES, SHOTS = 4, 12
ROWS = list(range(SCENES * SHOTS))


@pytest.fixture(scope="module")
def model() -> DnPiqaMini:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        fresh = DnPiqaMini().eval()
    fresh.weigh_costs(torch.full((len(FAULTS),), 40.0))  # costs of some JOD, as trained ones are
    return fresh


@pytest.fixture(scope="module")
def figures() -> np.ndarray:
    size = (len(ROWS), len(branch_of_figures()))
    return np.random.default_rng(0).normal(size=size).astype(np.float32)


def costs(model: DnPiqaMini, figures: np.ndarray) -> np.ndarray:
    return costs_of(say_all(model, torch.from_numpy(figures))).numpy()


def data(tmp_path, figures: np.ndarray, true: np.ndarray) -> Dataset:
    rows = tuple(
        Row(tmp_path / f"{row}.jpg", f"scene{row % SCENES}", 0.0, costs=tuple(true[row].tolist()))
        for row in ROWS
    )
    empty = figures[:, None, :0]
    views = dict.fromkeys(VIEWS, empty) | {VIEWS[0]: figures[:, None]}
    return Dataset(rows, views)


def test_costs_take_the_scale_of_the_true_ones_whatever_the_scenes_levels(tmp_path, model, figures):
    before = costs(model, figures)
    factors = np.linspace(0.6, 2.2, len(FAULTS), dtype=np.float32)
    levels = np.arange(SCENES)[np.array(ROWS) % SCENES, None]
    fitted = calibrated(model, data(tmp_path, figures, factors * before + levels))
    assert costs(fitted, figures) == pytest.approx(factors * before, rel=0.02)
    assert np.array_equal(costs(model, figures), before)


def test_a_cost_that_is_not_read_is_not_blown_up(tmp_path, model, figures):
    before = costs(model, figures)
    fitted = calibrated(model, data(tmp_path, figures, 10 * before))
    assert costs(fitted, figures) == pytest.approx(2.5 * before, rel=1e-3)


def test_where_nobody_knows_the_costs_they_stay(tmp_path, model, figures):
    unknown = np.full((len(ROWS), len(FAULTS)), np.nan)
    fitted = calibrated(model, data(tmp_path, figures, unknown))
    assert np.array_equal(costs(fitted, figures), costs(model, figures))
    assert not fitted.training


def test_captures_with_an_unknown_cost_are_left_out(tmp_path, model, figures):
    before = costs(model, figures)
    true = 2 * before
    true[::2] = 0
    true[::2, 3] = np.nan
    fitted = calibrated(model, data(tmp_path, figures, true))
    assert costs(fitted, figures) == pytest.approx(2 * before, rel=0.03)


def test_a_fault_that_no_capture_has_keeps_its_cost(tmp_path, model, figures):
    before = costs(model, figures)
    true = 2 * before
    true[:, 4] = 0
    fitted = costs(calibrated(model, data(tmp_path, figures, true)), figures)
    assert fitted[:, 4] == pytest.approx(before[:, 4], rel=1e-4)
    assert fitted[:, 5] == pytest.approx(2 * before[:, 5], rel=0.03)


def test_few_captures_move_costs_but_little(tmp_path, model, figures):
    """Two captures of one scene, whose figures hardly differ either."""
    alike = figures.copy()
    alike[SCENES] = alike[0] + 0.03 * (alike[SCENES] - alike[0])
    before = costs(model, alike)
    true = np.full_like(before, np.nan)
    true[[0, SCENES]] = [[0.0] * len(FAULTS), [0.1] * len(FAULTS)]
    fitted = costs(calibrated(model, data(tmp_path, alike, true)), alike)
    assert fitted == pytest.approx(before, rel=0.1)
