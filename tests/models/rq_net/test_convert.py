"""The import of the authors' two files, and what isn't them."""

import json

import pytest
import torch

from piqa_cli.errors import PiqaError
from piqa_cli.models.rq_net.convert import convert
from piqa_cli.models.spec import Checkpoint
from tests.models.reference.rq_net import state

FIRST, SECOND = state(), state(salt="portrait.")


def converted(first=FIRST, second=SECOND):
    return convert([Checkpoint("a.pth", first), Checkpoint("b.pth", second)])


def test_both_networks_are_kept_without_their_text_towers():
    tensors, metadata = converted()
    assert torch.equal(tensors["members.0.visual.proj"], FIRST["clip_model.visual.proj"])
    assert torch.equal(
        tensors["members.1.head.local_proj.4.bias"], SECOND["head.local_proj.4.bias"]
    )
    names = [name for name in FIRST if name.startswith(("clip_model.visual.", "head."))]
    assert len(tensors) == 2 * len(names)
    assert json.loads(metadata["sizes"])["regions"] == 49


def test_a_file_without_text_tower_does():
    slim = {n: t for n, t in FIRST.items() if n.startswith(("clip_model.visual.", "head."))}
    assert converted(slim)[0].keys() == converted()[0].keys()


@pytest.mark.parametrize(
    ("drop", "add", "message"),
    [
        ("head.", {}, "a.pth: RQ-Net: lacks head.local_proj.0.weight"),
        ("clip_model.", {}, "a.pth: RQ-Net: lacks visual.conv1.weight"),
        ("clip_model.visual.ln_post.bias", {}, "a.pth: RQ-Net: lacks visual.ln_post.bias"),
        ("-", {"clip_model.text.x": (1,)}, "a.pth: RQ-Net: has the unknown text.x"),
        ("-", {"head.scene.weight": (1,)}, "a.pth: RQ-Net: has the unknown head.scene.weight"),
        ("-", {"head.quality_predictor.0.weight": (1, 9)}, "has another shape for head.quality_"),
    ],
)
def test_files_are_checked_strictly(drop, add, message):
    changed = {name: tensor for name, tensor in FIRST.items() if not name.startswith(drop)}
    changed |= {name: torch.zeros(shape) for name, shape in add.items()}
    with pytest.raises(PiqaError, match=message):
        converted(changed)


def test_one_file_twice_is_no_ensemble():
    with pytest.raises(PiqaError, match=r"a.pth and b.pth hold the same network: give both"):
        converted(FIRST, FIRST)
