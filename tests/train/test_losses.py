from __future__ import annotations

import math

import pytest
import torch

from piqa_cli.train import losses


def of(*values):
    return torch.tensor(values)


def test_scale_shift_invariant_loss_by_hand():
    # scores: median 2, distances 1 0 4, mean 5/3 -> -0.6 0 2.4; JODs: median 0 -> -1.5 0 1.5
    assert float(losses.scale_shift_invariant(of(1.0, 2.0, 6.0), of(-1.0, 0.0, 1.0))) == (
        pytest.approx((0.9 + 0.0 + 0.9) / 3)
    )


def test_scale_and_shift_of_either_side_change_nothing():
    scores, jods = of(0.3, -1.0, 2.0, 0.7), of(1.0, 0.0, 3.0, -2.0)
    loss = losses.scale_shift_invariant(scores, jods)
    torch.testing.assert_close(losses.scale_shift_invariant(4 * scores - 9, jods), loss)
    torch.testing.assert_close(losses.scale_shift_invariant(scores, jods / 7 + 2), loss)


def test_equal_scores_have_a_loss_and_a_gradient_that_are_numbers():
    scores = torch.zeros(3, requires_grad=True)
    for loss in (losses.scale_shift_invariant, losses.plcc, losses.pairwise_fidelity):
        value = loss(scores, of(-1.0, 0.0, 2.0))
        (gradient,) = torch.autograd.grad(value, scores)
        assert bool(torch.isfinite(gradient).all())


def test_ranking_loss_by_hand():
    # pairs: (0, 1) gap -3, lead -1: short by 2; (1, 2) gap 3, lead 0: by 3; (0, 2) is no pair
    assert float(losses.ranking(of(0.0, 1.0, 1.0), of(0.0, 3.0, 0.0))) == 2.5
    assert float(losses.ranking(of(0.0, 5.0), of(0.0, 3.0))) == 0.0
    assert float(losses.ranking(of(1.0), of(2.0))) == 0.0


def test_plcc_loss_by_hand():
    scores, jods = of(1.0, 2.0, 3.0), of(2.0, 4.0, 3.0)  # correlation 0.5
    assert float(losses.plcc(scores, jods)) == pytest.approx(0.25, abs=1e-6)
    assert float(losses.plcc(scores, 2 * scores)) == pytest.approx(0.0, abs=1e-6)
    assert float(losses.plcc(scores, -scores)) == pytest.approx(1.0, abs=1e-6)


def test_huber_loss_by_hand():
    value = losses.huber(of(0.5, 3.0), of(0.0, 0.0), delta=1.0)
    assert float(value) == pytest.approx((0.125 + 2.5) / 2)
    assert float(losses.huber(of(0.5), of(0.0), delta=0.2)) == pytest.approx(0.2 * (0.5 - 0.1))


def test_l1_and_mse_by_hand():
    assert float(losses.l1(of(1.0, -3.0), of(0.0, 0.0))) == 2.0
    assert float(losses.mse(of(1.0, -3.0), of(0.0, 0.0))) == 5.0


def test_fidelity_of_all_pairs_by_hand():
    wanted = 0.5 * (1 + math.erf(2 / math.sqrt(2)))
    expected = 1 - math.sqrt(0.5 * wanted) - math.sqrt(0.5 * (1 - wanted))
    value = losses.pairwise_fidelity(of(0.0, 0.0), of(2.0, 0.0))
    assert float(value) == pytest.approx(expected, abs=1e-6)
    assert float(losses.pairwise_fidelity(of(4.0), of(2.0))) == 0.0
