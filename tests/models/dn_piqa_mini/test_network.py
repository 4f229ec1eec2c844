from __future__ import annotations

import numpy as np
import pytest
import torch

from piqa_cli.models.catalogue import MODELS
from piqa_cli.models.dn_piqa_mini.faults import FAULTS
from piqa_cli.models.dn_piqa_mini.network import Standardise, build
from piqa_cli.train.simulation.camera import Camera
from piqa_cli.train.simulation.severity import severities


def noise(height: int, width: int, seed: int = 0):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def batch(*views):
    return {name: torch.from_numpy(np.stack([one[name] for one in views])) for name in views[0]}


@pytest.fixture(scope="module")
def views(model):
    """Of three pictures: noise, the same with a face, and a flat one."""
    flat = np.full((64, 512, 3), 128, np.uint8)
    image = noise(200, 300)
    return [model.views(image, None), model.views(image, (9, 9, 90, 90)), model.views(flat, None)]


@pytest.fixture(scope="module")
def output(model, views):
    with torch.inference_mode():
        return model(batch(*views))


def test_every_picture_has_one_finite_score(output):
    assert output.scores.shape == (3, 1)
    assert torch.isfinite(output.scores).all()
    assert len(set(output.scores[:, 0].tolist())) == 3


@torch.inference_mode()
def test_a_score_does_not_depend_on_its_batch(model, views, output):
    alone = [float(model(batch(one)).scores) for one in views]
    assert output.scores[:, 0].tolist() == pytest.approx(alone, abs=1e-5)


@torch.inference_mode()
def test_scores_repeat_to_the_byte(model, views, output):
    again = model(batch(*views))
    assert torch.equal(again.scores, output.scores)
    assert torch.equal(again.extras["faults"], output.extras["faults"])


@torch.inference_mode()
def test_a_score_is_the_linear_term_minus_shares_of_what_faults_cost(model, views, output):
    features, detail = model.features(batch(*views))
    assert features.shape == (3, 3136)
    assert detail.shape == (3, 3, 160)
    costs = model.costs(model.standardise(features))
    blurred = torch.eye(len(FAULTS))[FAULTS.index("blur")]  # too small for any detail
    halos = costs[:, FAULTS.index("halo")]
    lost = 0.4 * costs.sum(dim=1) + 2.6 * halos + 2.4
    wanted = 1.21 * (model.score_features(features) - lost)
    assert output.scores[:, 0].tolist() == pytest.approx(wanted.tolist(), abs=1e-4)
    assert torch.allclose(output.extras["faults"], costs + blurred, atol=1e-6)


@torch.inference_mode()
def test_fine_detail_counts_by_the_scale_of_the_picture(model, views):
    features, detail = model.features(batch(*views))
    fine = model.detail_costs(model.standardise_detail(detail)).mean(dim=1).sum(dim=1)
    full, half, none = (
        model.judge(features, detail, torch.full((3,), scale)).scores[:, 0]
        for scale in (1.0, 0.75, 0.5)
    )
    assert (none - full).tolist() == pytest.approx((1.21 * 2.4 * (fine - 1)).tolist(), abs=1e-4)
    assert half.tolist() == pytest.approx(((full + none) / 2).tolist(), abs=1e-4)


def test_it_says_what_each_fault_costs(model, output):
    costs = model.explain(output, 1)["fault_costs"]
    assert costs == output.extras["faults"][1].tolist()
    assert len(costs) == len(FAULTS) == 11
    assert min(costs) >= 0


def test_faults_are_those_of_the_simulator():
    assert tuple(severities(Camera())) == FAULTS


def test_build_is_strict_and_widens_half_precision(model):
    state = {name: value.half() for name, value in model.state_dict().items()}
    built = MODELS["dn-piqa-mini"].build(state, {})
    assert not built.training
    tensors = built.state_dict()
    assert {value.dtype for value in tensors.values()} == {torch.float32}
    assert torch.equal(tensors["score.weight"], state["score.weight"].float())
    with pytest.raises(RuntimeError, match="extra"):
        build({**state, "extra": torch.zeros(1)}, {})
    del state["standardise.mean"]
    with pytest.raises(RuntimeError, match=r"standardise\.mean"):
        build(state, {})


def test_features_are_counted_in_deviations_and_clamped():
    layer = Standardise(2)
    layer.fit(torch.tensor([[0.0, 7.0], [2.0, 7.0], [4.0, 7.0], [2.0, 7.0]]))
    assert layer.mean.tolist() == [2, 7]
    assert layer.deviation.tolist() == pytest.approx([2**0.5, 1e-3])
    assert layer(torch.tensor([[4.0, 7.0], [99.0, 6.0]])).tolist() == [
        pytest.approx([2**0.5, 0]),
        [6, -6],
    ]


def test_the_first_stages_are_not_trained(model):
    trained = sum(value.numel() for value in model.trained_stages().parameters())
    assert trained == 2_885_072
    assert len(model.trained_stages()) == 4
