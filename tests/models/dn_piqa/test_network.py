"""The small network against the plain reference of `reference/`, which knows no piqa_cli."""

import numpy as np
import pytest
import torch

from piqa_cli.errors import MissingPartError
from piqa_cli.models.catalogue import MODELS
from tests.models.reference.dn_piqa import score, text_vectors


def forward(model, *views):
    stacked = {n: torch.from_numpy(np.stack([view[n] for view in views])) for n in views[0]}
    with torch.inference_mode():
        return model(stacked)


@pytest.fixture(scope="session")
def text(published):
    return text_vectors(published.liqe)


@pytest.mark.parametrize(
    ("name", "face"),
    [("astronaut_tall", (5, 9, 320, 363)), ("coffee", None), ("chelsea_small", None)],
)
def test_scores_equal_the_plain_reference(name, face, *, small_dn_piqa, pictures, published, text):
    with torch.inference_mode():
        expected = score(pictures[name], face, piq=published.piq, liqe=published.liqe, text=text)
    output = forward(small_dn_piqa, small_dn_piqa.views(pictures[name], face))
    np.testing.assert_allclose(output.extras["liqe_logits"][0], expected.logits, rtol=0, atol=1e-4)
    np.testing.assert_allclose(output.scores[0], expected.crop_scores, rtol=0, atol=1e-4)
    assert np.std(expected.crop_scores) > 0.01  # the five crops differ, so their order is tested


def test_first_axis_is_photographs(small_dn_piqa, pictures):
    views = [
        small_dn_piqa.views(pictures["astronaut_tall"], (5, 9, 320, 363)),
        small_dn_piqa.views(pictures["coffee"], None),
    ]
    both = forward(small_dn_piqa, *views)
    assert both.scores.shape == (2, 5)
    for index, view in enumerate(views):
        alone = forward(small_dn_piqa, view)
        np.testing.assert_allclose(both.scores[index], alone.scores[0], rtol=0, atol=1e-5)


def test_half_precision_does_not_round_the_scores(small_dn_piqa, pictures):
    views = small_dn_piqa.views(pictures["coffee"], None)
    exact = forward(small_dn_piqa, views).scores
    with torch.autocast("cpu", dtype=torch.bfloat16):
        scores = forward(small_dn_piqa, views).scores
    assert scores.dtype == torch.float32
    assert not torch.equal(scores, scores.bfloat16().float())
    np.testing.assert_allclose(scores, exact, rtol=0.01)


def test_face_box_moves_the_score(small_dn_piqa, pictures):
    image = pictures["astronaut_tall"]
    near = forward(small_dn_piqa, small_dn_piqa.views(image, (5, 9, 320, 363)))
    whole = forward(small_dn_piqa, small_dn_piqa.views(image, None))
    assert float((near.scores - whole.scores).abs().max()) > 0.01


def test_attention_is_fused_everywhere(small_dn_piqa):
    found = [m.fused_attn for m in small_dn_piqa.modules() if hasattr(m, "fused_attn")]
    assert found == [True] * 16


def test_a_bundle_of_another_format_is_refused(small_dn_piqa):
    with pytest.raises(MissingPartError, match=r"in format 'dn-piqa/0'.*piqa-cli weights import"):
        MODELS["dn-piqa"].build(small_dn_piqa.state_dict(), {"format": "dn-piqa/0"})
