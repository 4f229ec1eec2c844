from __future__ import annotations

import numpy as np
import pytest
import torch

from piqa_cli.models.dn_piqa_mini.faults import FAULTS
from piqa_cli.models.dn_piqa_mini.network import Costs
from piqa_cli.train.mini.costs import centred, fit_costs
from piqa_cli.train.mini.ridge import ridge

SCENES, CAPTURES = 60, 8


@pytest.fixture(scope="module")
def toy():
    """Features of which the first eleven tell the costs, beside an offset of each scene's own."""
    source = torch.Generator().manual_seed(0)
    features = torch.randn(SCENES * CAPTURES, 16, generator=source)
    wanted = features[:, : len(FAULTS)].clamp(min=0)
    return features, wanted, torch.arange(SCENES * CAPTURES) // CAPTURES


def fitted(toy, seed):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(7)
        costs = Costs(16, 64)
    fit_costs(costs, *toy, seed=seed)
    return costs


def test_costs_are_learnt_within_scenes(toy):
    features, wanted, scenes = toy
    costs = fitted(toy, 0)
    assert not costs.training
    with torch.inference_mode():
        found = costs(features)
    assert float(found.min()) >= 0
    within, truth = (centred(values, scenes).flatten() for values in (found, wanted))
    assert float(np.corrcoef(within, truth)[0, 1]) > 0.8


def test_fitting_repeats_by_seed_and_leaves_the_global_seed_alone(toy):
    torch.manual_seed(3)
    before = torch.random.get_rng_state()
    first, again = fitted(toy, 0), fitted(toy, 0)
    assert torch.equal(torch.random.get_rng_state(), before)
    assert torch.equal(first[0].weight, again[0].weight)


def test_centred_takes_away_the_mean_of_each_scene():
    values = torch.tensor([[1.0, 10.0], [5.0, 0.0], [3.0, 20.0]])
    scenes = torch.tensor([7, 2, 7])
    assert centred(values, scenes).tolist() == [[-1, -5], [0, 0], [1, 5]]
    assert centred(torch.tensor([1.0, 4.0]), torch.tensor([0, 0])).tolist() == [-1.5, 1.5]


def test_a_ridge_without_a_penalty_finds_the_true_weights():
    source = torch.Generator().manual_seed(0)
    features = torch.randn(5, 5, generator=source)
    truth = torch.tensor([1.0, -2.0, 0.5, 0.0, 3.0])
    found = ridge(features, features @ truth, penalty=torch.full((5,), 1e-9))
    assert found.tolist() == pytest.approx(truth.tolist(), abs=1e-3)


@pytest.mark.parametrize("rows", [6, 30])
def test_a_ridge_equals_its_normal_equations_from_either_side(rows):
    source = torch.Generator().manual_seed(1)
    features, wanted = torch.randn(rows, 20, generator=source), torch.randn(rows, generator=source)
    penalty = torch.linspace(0.5, 9, 20)
    reference = torch.linalg.solve(features.T @ features + penalty.diag(), features.T @ wanted)
    found = ridge(features, wanted, penalty=penalty)
    assert found.tolist() == pytest.approx(reference.tolist(), abs=1e-4)
