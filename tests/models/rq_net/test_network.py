"""The small networks, imported from files in the authors' layout, against the plain reference."""

import numpy as np
import pytest
import torch
from skimage import data

from piqa_cli.errors import MissingPartError
from piqa_cli.models.catalogue import MODELS
from piqa_cli.weights.importing import import_weights
from piqa_cli.weights.load import load_network
from tests.models.reference.measured_costs import measured
from tests.models.reference.rq_net import score, state

PICTURES = {"wide": data.coffee(), "tall": data.astronaut()[60:460, 174:474].copy()}


@pytest.fixture(scope="module")
def states():
    return state(), state(salt="portrait.")


@pytest.fixture(scope="module")
def model(states, tmp_path_factory):
    folder = tmp_path_factory.mktemp("rq-net")
    files = [folder / "general.pth", folder / "portrait.pth"]
    for file, tensors in zip(files, states, strict=True):
        torch.save(tensors, file)
    return load_network(import_weights("rq-net", files, folder=folder))


@pytest.mark.parametrize("name", PICTURES)
def test_views_and_scores_equal_the_plain_reference(name, *, model, states):
    views = model.views(PICTURES[name], None)
    with torch.inference_mode():
        expected = score(PICTURES[name], states)
        found = model({n: torch.from_numpy(view)[None] for n, view in views.items()}).scores
    np.testing.assert_array_equal(views["whole"], expected.whole)
    np.testing.assert_array_equal(views["mosaics"], expected.mosaics)
    np.testing.assert_allclose(found[0], expected.scores, rtol=1e-5, atol=1e-6)
    assert np.std(expected.scores) > 1e-3  # the nine pairs differ, so their order is tested


def test_a_face_moves_nothing(model):
    image = PICTURES["tall"]
    views, without = model.views(image, (5, 9, 200, 300)), model.views(image, None)
    assert all(np.array_equal(views[name], without[name]) for name in without)


def test_costs_stand_beside_the_published_ones():
    millions, gmac = measured(MODELS["rq-net"])
    assert millions == pytest.approx(2 * (86.19 + 0.404456), rel=1e-4)
    attention = 12 * 2 * 197**2 * 768 / 1e9  # per view; 16.85 GMAC are known without it
    assert gmac == pytest.approx(2 * 18 * (16.85 + attention), rel=1e-3)
    assert MODELS["rq-net"].published.parameters_m == 57.6
    assert "57.6 M can't be made" in MODELS["rq-net"].published.note


def test_a_bundle_of_another_format_is_refused(model):
    with pytest.raises(MissingPartError, match=r"in format 'rq-net/0'.*piqa-cli weights import"):
        MODELS["rq-net"].build(model.state_dict(), {"format": "rq-net/0"})
