from __future__ import annotations

import numpy as np
import pytest
import torch

from piqa_cli.models.mini import FAULTS, DnPiqaMini, build
from piqa_cli.models.mini_views import mini_views
from piqa_cli.train.camera import Camera, severities

SHAPES = {
    "full": (1, 128, 128, 3),
    "face": (1, 96, 96, 3),
    "patches": (4, 64, 64, 3),
    "statistics": (1, 245),
}


def noise(height: int, width: int, seed: int = 0):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def batch(*views):
    return {name: torch.from_numpy(np.stack([one[name] for one in views])) for name in SHAPES}


@pytest.fixture(scope="module")
def model() -> DnPiqaMini:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return DnPiqaMini().eval()


@pytest.mark.parametrize(
    ("height", "width"), [(64, 64), (64, 512), (800, 100), (512, 512), (700, 1000), (65, 90)]
)
def test_views_have_fixed_shapes_for_any_picture(height, width):
    views = mini_views(noise(height, width), (10, 10, 60, 60))
    assert {name: array.shape for name, array in views.items()} == SHAPES
    assert [views[name].dtype for name in SHAPES] == [np.uint8] * 3 + [np.float32]


@pytest.mark.parametrize("value", [0, 128, 255])
@pytest.mark.parametrize("size", [(64, 64), (64, 512)])
def test_flat_pictures_have_finite_scores(model, value, size):
    views = mini_views(np.full((*size, 3), value, np.uint8), None)
    with torch.inference_mode():
        output = model(batch(views))
    assert output.scores.shape == (1, 1)
    assert torch.isfinite(output.scores).all()


def test_the_face_view_is_the_grown_box():
    image = np.zeros((400, 400, 3), np.uint8)
    image[100:200, 150:250] = 255
    views = mini_views(image, (150, 100, 250, 200))  # grown by 30 px all around
    assert (views["face"][0] > 127).mean() == pytest.approx((100 / 160) ** 2, abs=0.01)
    assert (mini_views(image, None)["face"][0] > 127).mean() == pytest.approx(1 / 16, abs=0.01)


@pytest.mark.parametrize("box", [(-500, -500, -400, -400), (390, 390, 395, 395), (900, 0, 999, 99)])
def test_a_box_outside_or_tiny_is_no_face(box):
    image = noise(400, 400)
    outside, without = mini_views(image, box), mini_views(image, None)
    assert all(np.array_equal(outside[name], without[name]) for name in SHAPES)


def test_large_pictures_are_judged_at_512_px():
    views = mini_views(np.full((1350, 1800, 3), 77, np.uint8).repeat(1, 0), None)
    assert views["patches"].min() == views["patches"].max() == 77
    stripes = np.zeros((1024, 1024, 3), np.uint8)
    stripes[:, ::2] = 255
    assert np.ptp(mini_views(stripes, None)["patches"]) <= 40


def test_patches_show_the_face_and_the_most_detail():
    image = np.full((512, 512, 3), 90, np.uint8)
    image[64:128, 320:384] = noise(64, 64)
    image[300:400, 100:200] = 200
    patches = mini_views(image, (110, 310, 190, 390))["patches"]
    assert patches[0].min() == 200
    assert np.array_equal(patches[1], image[64:128, 320:384])
    assert np.ptp(patches[3]) == 0


def test_a_score_does_not_depend_on_its_batch(model):
    views = [mini_views(noise(200, 300, seed), None) for seed in range(3)]
    with torch.inference_mode():
        together = model(batch(*views)).scores[:, 0]
        alone = [model(batch(one)).scores[0, 0] for one in views]
    assert together.tolist() == pytest.approx([float(one) for one in alone], abs=1e-5)


def test_views_and_scores_repeat(model):
    first, again = (mini_views(noise(300, 200), (20, 20, 120, 150)) for _ in range(2))
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
    views = batch(mini_views(noise(200, 150), None))
    with torch.inference_mode():
        output = model(views)
        heads, pictures = model.parts(views)
    assert output.extras["faults"].shape == (1, len(FAULTS))
    spoken = heads[0].mean(dim=0) + pictures[0]
    assert spoken[1:].tolist() == pytest.approx(output.extras["faults"][0].tolist(), abs=1e-6)
    assert float(output.scores) == pytest.approx(float(spoken[0] - spoken[1:].sum()), abs=1e-6)


def test_faults_are_those_of_the_simulator():
    assert tuple(severities(Camera())) == FAULTS


def test_it_has_no_explanation_beyond_the_score(model):
    with torch.inference_mode():
        output = model(batch(mini_views(noise(100, 100), None)))
    assert model.explain(output, 0) == {}
