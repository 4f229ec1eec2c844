from __future__ import annotations

import pytest
import torch

from piqa_cli.train.fidelity import fidelity, pairs_within, preference


@pytest.mark.parametrize(
    ("first", "second", "jod_first", "jod_second", "expected"),
    [  # measured with the loss that the authors of DN-PIQA published
        ([0.0], [0.0], [0.0], [0.0], 0.0),
        ([1.0], [0.0], [1.0], [0.0], 0.0),
        ([0.0], [1.0], [1.0], [0.0], 0.2692912817001343),
        ([3.0], [-3.0], [-4.0], [4.0], 0.9998000264167786),
        ([0.2, -0.5, 1.3], [0.1, 0.7, -0.4], [-1.2, 0.3, 2.5], [0.4, 0.3, -3.1], 0.09529531002),
    ],
)
def test_the_loss_equals_the_published_one(first, second, jod_first, jod_second, expected):
    first, second, jod_first, jod_second = map(torch.tensor, (first, second, jod_first, jod_second))
    loss = fidelity(preference(first - second), preference(jod_first - jod_second))
    assert float(loss) == pytest.approx(expected, abs=2e-6)


def test_one_jod_is_three_observers_in_four():
    assert float(preference(torch.tensor(0.6745))) == pytest.approx(0.75, abs=1e-5)


def test_the_gradient_stays_finite_where_both_are_certain():
    gap = torch.tensor([40.0, -40.0], requires_grad=True)
    fidelity(preference(gap), torch.tensor([0.0, 0.0])).backward()
    assert torch.isfinite(gap.grad).all()


def test_pairs_stay_in_their_group():
    first, second = pairs_within(torch.tensor([0, 0, 1, 0, 1]))
    assert list(zip(first.tolist(), second.tolist(), strict=True)) == [
        (0, 1),
        (0, 3),
        (1, 3),
        (2, 4),
    ]
