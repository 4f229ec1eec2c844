from __future__ import annotations

import numpy as np
import pytest
import torch

from piqa_cli.models.mini import FAULTS, VIEWS, DnPiqaMini, branch_of_figures, build, costs_of
from piqa_cli.models.mini_views import ANALYSIS_SIDE_PX, analysis_picture
from piqa_cli.train.camera import Camera, severities
from piqa_cli.weights.catalogue import spec_of

SHAPES = {"statistics": (1, 261), "words": (1, 384), "light": (1, 219)}


def noise(height: int, width: int, seed: int = 0):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def batch(*views):
    return {name: torch.from_numpy(np.stack([one[name] for one in views])) for name in SHAPES}


@pytest.fixture(scope="module")
def model() -> DnPiqaMini:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        fresh = DnPiqaMini().eval()
        fresh.words.normal_()
        return fresh


@pytest.mark.parametrize(
    ("height", "width"), [(64, 64), (64, 512), (800, 100), (512, 512), (700, 1000), (65, 90)]
)
def test_views_have_fixed_shapes_for_any_picture(model, height, width):
    views = model.views(noise(height, width), (10, 10, 60, 60))
    assert {name: array.shape for name, array in views.items()} == SHAPES
    assert [array.dtype for array in views.values()] == [np.float32] * 3


@pytest.mark.parametrize("value", [0, 128, 255])
@pytest.mark.parametrize("size", [(64, 64), (64, 512)])
def test_flat_pictures_have_finite_scores(model, value, size):
    views = model.views(np.full((*size, 3), value, np.uint8), None)
    with torch.inference_mode():
        output = model(batch(views))
    assert output.scores.shape == (1, 1)
    assert torch.isfinite(output.scores).all()


def test_only_the_figures_of_the_face_change_with_the_box(model):
    image = noise(400, 400)
    image[100:200, 150:250] = 220
    first, other = (model.views(image, box) for box in ((150, 100, 250, 200), (10, 10, 90, 90)))
    figures = [np.concatenate([view[name][0] for name in VIEWS]) for view in (first, other)]
    changed = {
        branch for branch, one, two in zip(branch_of_figures(), *figures, strict=True) if one != two
    }
    assert changed == {"face"}


@pytest.mark.parametrize("box", [(-500, -500, -400, -400), (390, 390, 395, 395), (900, 0, 999, 99)])
def test_a_box_outside_or_tiny_is_no_face(model, box):
    image = noise(400, 400)
    outside, without = model.views(image, box), model.views(image, None)
    assert all(np.array_equal(outside[name], without[name]) for name in SHAPES)


def test_large_pictures_are_judged_at_512_px():
    assert analysis_picture(noise(1350, 1800)).shape == (512, 683, 3)
    assert analysis_picture(noise(400, 500)).shape == (400, 500, 3)
    stripes = np.zeros((1024, 1024, 3), np.uint8)
    stripes[:, ::2] = 255
    assert np.ptp(analysis_picture(stripes)) <= 40
    assert spec_of("dn-piqa-mini").sees_px == ANALYSIS_SIDE_PX


def test_a_score_does_not_depend_on_its_batch(model):
    views = [model.views(noise(200, 300, seed), None) for seed in range(3)]
    with torch.inference_mode():
        together = model(batch(*views)).scores[:, 0]
        alone = [model(batch(one)).scores[0, 0] for one in views]
    assert together.tolist() == pytest.approx([float(one) for one in alone], abs=1e-5)


def test_views_and_scores_repeat(model):
    first, again = (model.views(noise(300, 200), (20, 20, 120, 150)) for _ in range(2))
    assert all(first[name].tobytes() == again[name].tobytes() for name in SHAPES)
    with torch.inference_mode():
        assert torch.equal(model(batch(first)).scores, model(batch(again)).scores)


def test_build_is_strict_and_widens_half_precision(model):
    state = {
        name: value.half() if value.is_floating_point() else value
        for name, value in model.state_dict().items()
    }
    built = build(state, {})
    assert not built.training
    assert {value.dtype for value in built.parameters()} == {torch.float32}
    del state["mean"]
    with pytest.raises(RuntimeError, match="mean"):
        build(state, {})


def test_a_score_is_a_term_of_its_own_minus_what_the_faults_cost(model):
    views = batch(model.views(noise(200, 150), None))
    with torch.inference_mode():
        output = model(views)
        figures = torch.cat([views[name][:, 0] for name in VIEWS], dim=1)
        spoken = model.heads_say(figures)[0].mean(dim=0)
    costs = output.extras["faults"][0]
    assert output.extras["faults"].shape == (1, len(FAULTS))
    assert costs_of(spoken).tolist() == pytest.approx(costs.tolist(), abs=1e-6)
    assert float(output.scores) == pytest.approx(float(spoken[0] - costs.sum()), abs=1e-6)


def test_faults_are_those_of_the_simulator():
    assert tuple(severities(Camera())) == FAULTS


def test_it_says_what_each_fault_costs(model):
    with torch.inference_mode():
        output = model(batch(*(model.views(noise(100, 100, seed), None) for seed in (1, 2))))
    costs = model.explain(output, 1)["fault_costs"]
    assert costs == output.extras["faults"][1].tolist()
    assert len(costs) == len(FAULTS)
