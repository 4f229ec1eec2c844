"""The small network against the plain reference; the full one against published costs."""

import numpy as np
import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from piqa_cli.models.catalogue import MODELS
from piqa_cli.models.db_cnn.network import full_size
from piqa_cli.weights.importing import import_weights
from piqa_cli.weights.load import load_network
from tests.models.reference import db_cnn as reference

pytestmark = pytest.mark.usefixtures("one_thread")


def imported(folder, state):
    torch.save({"params": state}, folder / "DBCNN_test.pth")
    return load_network(import_weights("db-cnn", [folder / "DBCNN_test.pth"], folder=folder))


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return imported(tmp_path_factory.mktemp("db-cnn"), reference.state())


def stacked(model, *images):
    views = [model.views(image, None) for image in images]
    return {name: torch.from_numpy(np.stack([v[name] for v in views])) for name in views[0]}


# The maps of both networks are equal in size at 96 x 64, and differ at 104 x 72 and 64 x 1400.
@pytest.mark.parametrize("size", [(96, 64), (104, 72), (64, 1400)])
def test_scores_equal_the_plain_reference_of_the_bare_picture(model, texture, size):
    image = texture(1, size=size)
    with torch.inference_mode():
        expected = reference.score(image, reference.state())
        scores = model(stacked(model, image)).scores
    np.testing.assert_allclose(scores, [[expected]], rtol=1e-5)


def test_padding_and_the_other_photographs_do_not_change_a_score(model, texture):
    images = [texture(1, size=(104, 72)), texture(2, size=(64, 128))]
    views = stacked(model, *images)
    with torch.inference_mode():
        alone = [model(stacked(model, image)).scores[0] for image in images]
        for photo, image in enumerate(images):
            height, width = image.shape[:2]
            views["canvas"][photo, 0, height:] = 255
            views["canvas"][photo, 0, :, width:] = 255
        assert torch.equal(model(views).scores, torch.stack(alone))
    assert abs(float(alone[0] - alone[1])) > 1e-4


def test_half_precision_does_not_round_the_score(model, texture):
    with torch.autocast("cpu", dtype=torch.bfloat16), torch.inference_mode():
        scores = model(stacked(model, texture(1))).scores
    assert scores.dtype == torch.float32
    assert not torch.equal(scores, scores.bfloat16().float())


def test_costs_of_the_full_network():
    published = MODELS["db-cnn"].published
    with torch.device("meta"), FlopCounterMode(display=False) as counter:
        model = full_size()
        model.score(torch.empty((384, 512, 3), dtype=torch.uint8))
    found = sum(parameter.numel() for parameter in model.parameters()) / 1e6
    assert found == pytest.approx(published.parameters_m, rel=0.01)
    assert counter.get_total_flops() / 2e9 == pytest.approx(published.gmac, rel=0.01)


def test_costs_are_counted_of_the_whole_canvas():
    with torch.device("meta"), FlopCounterMode(display=False) as counter:
        canvas = torch.empty((1, 1, 1200, 1200, 3), dtype=torch.uint8)
        scores = full_size()({"canvas": canvas, "size": torch.empty(1, 1, 2)}).scores
    assert scores.shape == (1, 1)
    assert counter.get_total_flops() / 2e9 == pytest.approx(473, rel=0.01)


@pytest.mark.full_size
def test_a_full_file_scores_a_photograph(tmp_path, texture):
    model = imported(tmp_path, reference.state(reference.FULL))
    with torch.inference_mode():
        scores = model(stacked(model, texture(4, size=(1200, 1600)))).scores
    assert bool(torch.isfinite(scores).all())
