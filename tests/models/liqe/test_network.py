"""LIQE by itself, imported from every layout of its files, against the plain reference."""

import numpy as np
import pytest
import torch
from skimage import data

from piqa_cli.errors import MissingPartError, PiqaError
from piqa_cli.models.catalogue import MODELS
from piqa_cli.schema import CAPTURES
from piqa_cli.weights.importing import import_weights
from piqa_cli.weights.load import load_network
from tests.models.reference.checkpoints import Sizes, liqe_state
from tests.models.reference.dn_piqa import DISTORTIONS, PROMPTS, SCENES, liqe_logits, text_vectors
from tests.models.reference.measured_costs import measured

STATE = liqe_state(Sizes(visual_width=128, text_width=64, layers=1, output=32))
WIDE = {name: tensor.float() for name, tensor in STATE.items()}
WRAPPED = {"params": {f"clip_model.{name}": tensor for name, tensor in WIDE.items()}}
QUALITY_PROMPTS = [f"a photo with {word} quality" for word in "bad poor fair good perfect".split()]
IMAGE = data.coffee()


@pytest.fixture(scope="module")
def imported(tmp_path_factory):
    """Imports a file of this name and content."""

    def import_file(content, name):
        folder = tmp_path_factory.mktemp("liqe")
        torch.save(content, folder / name)
        return load_network(import_weights("liqe", [folder / name], folder=folder))

    return import_file


@pytest.fixture(scope="module")
def model(imported):
    return imported(STATE, "LIQE.pt")


def output(model):
    views = model.views(IMAGE, None)
    with torch.inference_mode():
        return model({name: torch.from_numpy(view)[None] for name, view in views.items()})


@torch.inference_mode()
def expected_joint(prompts):
    """(qualities, other words) probabilities."""
    logits = liqe_logits(IMAGE, WIDE, text_vectors(WIDE, prompts))
    return logits.double().softmax(0).reshape(5, -1)


def grade(joint):
    return sum((index + 1) * float(row.sum()) for index, row in enumerate(joint))


def test_quality_scene_and_distortion_equal_the_plain_reference(model):
    found, joint = output(model), expected_joint(PROMPTS)
    assert found.scores.shape == (1, 1)
    assert float(found.scores) == pytest.approx(grade(joint), rel=1e-5)
    words = joint.reshape(5, len(SCENES), len(DISTORTIONS))
    assert model.explain(found, 0) == {
        "liqe_quality": pytest.approx(float(found.scores), rel=1e-6),
        "liqe_scene": SCENES[int(words.sum((0, 2)).argmax())],
        "liqe_distortion": DISTORTIONS[int(words.sum((0, 1)).argmax())],
    }


def test_the_wrapped_layout_holds_the_same_network(imported, model):
    assert torch.equal(output(imported(WRAPPED, "liqe_mix.pt")).scores, output(model).scores)


def test_koniq_s_prompts_name_a_quality_only(imported):
    model = imported(WRAPPED, "liqe_koniq.pt")
    found = output(model)
    assert float(found.scores) == pytest.approx(grade(expected_joint(QUALITY_PROMPTS)), rel=1e-5)
    explained = model.explain(found, 0)
    assert (explained["liqe_scene"], explained["liqe_distortion"]) == (None, None)


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (WRAPPED, "liqe.pt", "liqe.pt: either liqe_mix.pt or liqe_koniq.pt, which need different"),
        ({"quality.0.weight": torch.zeros(1)}, "LIQE.pt", "LIQE.pt: not LIQE's LIQE.pt, liqe_mix"),
        (STATE | {"head": torch.zeros(1)}, "LIQE.pt", "CLIP of LIQE: has the unknown head"),
    ],
)
def test_other_files_are_refused(content, name, message, *, imported):
    with pytest.raises(PiqaError, match=message):
        imported(content, name)


def test_columns_are_those_of_dn_piqa():
    pairs = zip(MODELS["liqe"].explanations, MODELS["dn-piqa"].explanations, strict=True)
    assert all(ours is theirs for ours, theirs in pairs)
    assert sum(column.name == "liqe_quality" for column in CAPTURES) == 1


def test_smallest_picture_has_fifteen_different_windows(model):
    side = MODELS["liqe"].spec.min_side_px
    image = np.random.default_rng(5).integers(0, 256, (side, side, 3), dtype=np.uint8)
    windows = model.views(image, None)["patches"]
    assert len({window.tobytes() for window in windows}) == 15


def test_costs_of_fifteen_windows():
    millions, gmac = measured(MODELS["liqe"])
    assert millions == pytest.approx(87.85 + 495 * 512 / 1e6, rel=1e-3)
    attention = 12 * 2 * 50**2 * 768 / 1e9  # per window; 4.36 GMAC are known without it
    assert gmac == pytest.approx(15 * (4.36 + attention), rel=2e-3)


def test_a_bundle_of_another_format_is_refused(model):
    with pytest.raises(MissingPartError, match=r"in format 'liqe/0'.*piqa-cli weights import"):
        MODELS["liqe"].build(model.state_dict(), {"format": "liqe/0"})
