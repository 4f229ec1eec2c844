"""DSL-FIQA gives the scores of a plain calculation with the weights of the authors' files."""

import math

import numpy as np
import pytest
import torch
from torch.nn.functional import interpolate
from torch.utils.flop_counter import FlopCounterMode

from piqa_cli.errors import MissingPartError
from piqa_cli.models.catalogue import model_of
from piqa_cli.models.dsl_fiqa.convert import convert
from piqa_cli.models.dsl_fiqa.network import build, full_size
from piqa_cli.models.spec import Checkpoint
from piqa_cli.score.scorer import Scorer
from piqa_cli.weights.importing import import_weights
from piqa_cli.weights.load import load_network
from tests.models.reference.dsl_fiqa import score
from tests.models.reference.dsl_fiqa_files import Sizes, body_shapes, encoder_shapes, states

FACE = np.random.default_rng(2).integers(0, 256, (120, 100, 3), np.uint8)
LANDMARKS = np.random.default_rng(3).uniform(20, 90, (68, 2))


@pytest.fixture(scope="module")
def bundle(tiny_states, tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    return convert([Checkpoint(folder / "x", state) for state in tiny_states])


def stacked(views):
    return {name: torch.from_numpy(view)[None] for name, view in views.items()}


def test_scores_are_those_of_a_plain_calculation(bundle, tiny_states):
    model = build(*bundle)
    views = stacked(model.views_with_landmarks(FACE, (30, 30, 70, 80), LANDMARKS))
    with torch.inference_mode():
        scores = model.forward(views).scores
    assert scores.shape == (1, 20)
    for crop in (0, 7, 19):
        vector = views["landmarks"][0, crop]
        expected = score(*tiny_states, views["crops"][0, crop], vector, heads=1)
        assert expected > 0
        assert float(scores[0, crop]) == pytest.approx(expected, rel=1e-5)


def test_landmarks_move_the_score(bundle):
    model = build(*bundle)
    views = [model.views_with_landmarks(FACE, None, LANDMARKS * part) for part in (1, 0.2)]
    # The eyes keep their direction, so that the crops are equal and the numbers alone differ.
    np.testing.assert_array_equal(views[0]["crops"], views[1]["crops"])
    with torch.inference_mode():
        one, other = (model.forward(stacked(v)).scores for v in views)
    assert not torch.equal(one, other)


def test_queries_are_spread_as_interpolation_to_the_nearest_spreads_them():
    for places in (64, 576):
        spread = interpolate(torch.arange(96.0)[None, None], size=places)[0, 0]
        assert torch.equal(spread.long(), torch.arange(places) * 96 // places)


def test_there_are_no_views_without_landmarks(bundle):
    with pytest.raises(ValueError, match="needs the landmarks"):
        build(*bundle).views(FACE, None)


def test_weights_are_loaded_strictly(bundle):
    state, metadata = bundle
    with pytest.raises(RuntimeError, match="Missing key"):
        build({n: t for n, t in state.items() if n != "iqa.conv1.bias"}, metadata)
    with pytest.raises(MissingPartError, match="weights import dsl-fiqa"):
        build(state, {**metadata, "format": "dsl-fiqa/0"})


def test_the_costs_are_the_published_ones_but_for_what_the_note_says():
    with torch.device("meta"):
        model = full_size().eval()
        one = {
            "crops": torch.empty(1, 1, 384, 384, 3, dtype=torch.uint8),
            "landmarks": torch.empty(1, 1, 500),
        }
        with FlopCounterMode(display=False) as counter:
            model.forward(one)
    published = model_of("dsl-fiqa").published
    parameters_m = sum(p.numel() for p in model.parameters()) / 1e6
    assert parameters_m + 21.85 == pytest.approx(published.parameters_m, rel=0.001)
    gmac = 20 * (counter.get_total_flops() / 2e9 + 8.2 - 5.1)
    assert gmac == pytest.approx(published.gmac, rel=0.001)


def test_the_files_have_the_published_names_and_sizes():
    encoder, body = encoder_shapes(Sizes()), body_shapes(Sizes())
    assert (len(encoder), len(body)) == (46, 377)
    tables = ("relative_position_index", "attn_mask", "running_mean", "running_var", "tracked")

    def millions(shapes):
        return sum(math.prod(s) for n, s in shapes.items() if not n.endswith(tables)) / 1e6

    assert millions(encoder) == pytest.approx(1.28, abs=0.005)
    assert millions(body) == pytest.approx(251.4, abs=0.05)


@pytest.mark.full_size
def test_full_size_files_are_imported_and_score_a_photo(save, tmp_path):
    imported = import_weights("dsl-fiqa", save(*states(Sizes())), folder=tmp_path)
    scorer = Scorer(load_network(imported), device=torch.device("cpu"))
    photo = FACE.repeat(8, axis=0).repeat(8, axis=1)
    views = scorer.views(photo, (200, 200, 600, 700), LANDMARKS * 8)
    (prediction,) = scorer.score([views])
    assert len(prediction.view_scores) == 20
    assert np.isfinite(prediction.score)
