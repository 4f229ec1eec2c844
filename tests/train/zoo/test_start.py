"""Backbones start from files of the usual libraries, checked name by name."""

from __future__ import annotations

import pytest
import timm
import torch
from safetensors.torch import save_file

from piqa_cli.errors import PiqaError
from piqa_cli.models.blocks.clip_tower import build_visual
from piqa_cli.models.blocks.resnet import ResNet
from piqa_cli.train.zoo.options import ZooSettings
from piqa_cli.train.zoo.recipes import RECIPES
from piqa_cli.train.zoo.start import start_network, teaching_of
from tests.train.zoo.conftest import HYPER, SIZES


def settings_of(name, tmp_path, backbone=None):
    return ZooSettings(name, tmp_path, RECIPES[name].recipe, backbone=backbone, sizes=SIZES[name])


def started(name, tmp_path, backbone=None):
    settings = settings_of(name, tmp_path, backbone)
    teaching = teaching_of(settings, scenes=3)
    model, sources = start_network(teaching, settings)
    return teaching, model.state_dict(), sources


def swin():
    sizes = SIZES["bdvqa"]["swin"]
    return timm.create_model("swin_base_patch4_window12_384", num_classes=5, **sizes).state_dict()


def vit():
    sizes = SIZES["monet"]["vit"]
    return timm.models.vision_transformer.VisionTransformer(
        img_size=sizes["side_px"], patch_size=sizes["patch_px"], embed_dim=sizes["width"],
        depth=sizes["depth"], num_heads=sizes["heads"], num_classes=5,
    ).state_dict()  # fmt: skip


def resnet():
    """As torchvision's first ResNet-50: a classifier, and no counters of batches."""
    state = ResNet(HYPER["width"], HYPER["depths"]).state_dict()
    kept = {name: tensor for name, tensor in state.items() if "num_batches" not in name}
    return {**kept, "fc.weight": torch.zeros(9, 128), "fc.bias": torch.zeros(9)}


def clip(sizes, layers):
    """A whole CLIP of open_clip, deeper than the network, with a text tower."""
    visual = build_visual(**{**sizes, "layers": layers, "output_dim": 16}).state_dict()
    text = {"transformer.resblocks.0.ln_1.weight": torch.zeros(8), "logit_scale": torch.zeros(())}
    return {f"visual.{name}": tensor for name, tensor in visual.items()} | text


FILES = {
    "rq-net": lambda: clip(SIZES["rq-net"]["visual"], layers=1),
    "hyperiqa": resnet,
    "sem-hyperiqa": resnet,
    "full-hyperiqa": resnet,
    "monet": vit,
    "sar": lambda: clip(SIZES["sar"]["tower"], layers=5),
    "bdvqa": swin,
}


@pytest.mark.parametrize("name", FILES)
def test_the_backbone_is_that_of_the_file_and_all_else_the_seeds(name, tmp_path):
    theirs = FILES[name]()
    torch.save({k: t + 1 if t.is_floating_point() else t for k, t in theirs.items()},
               tmp_path / "backbone.pth")  # fmt: skip
    teaching, state, sources = started(name, tmp_path, tmp_path / "backbone.pth")
    _, fresh, _ = started(name, tmp_path)
    floats = {n for n, tensor in state.items() if tensor.is_floating_point()}
    changed = {n for n in floats if not torch.equal(state[n], fresh[n])}
    backbone = {n for n in floats if n.startswith(teaching.backbone)}
    assert changed == backbone
    assert [source.name for source in sources] == ["backbone.pth"]


def test_fresh_weights_are_the_seeds(tmp_path):
    one, two = (started("full-hyperiqa", tmp_path)[1] for _ in range(2))
    assert all(torch.equal(one[name], two[name]) for name in one)


def test_scenes_of_the_network_are_those_of_the_training_set(tmp_path):
    teaching, state, _ = started("sem-hyperiqa", tmp_path)
    assert teaching.sizes["scenes"] == 3
    assert state["scenes.layers.4.bias"].shape == (3,)


def test_of_a_backbone_file_only_the_first_blocks_of_sar_stay_as_they_are(tmp_path):
    torch.save(FILES["sar"](), tmp_path / "clip.pth")
    for backbone, frozen in ((tmp_path / "clip.pth", True), (None, False)):
        settings = settings_of("sar", tmp_path, backbone)
        model, _ = start_network(teaching_of(settings, scenes=3), settings)
        first, second = (block.mlp.c_fc.weight for block in model.tower.transformer.resblocks[:2])
        assert first.requires_grad is not frozen
        assert second.requires_grad


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"conv1.weight": None}, "backbone of hyperiqa: lacks conv1.weight"),
        ({"extra.weight": torch.zeros(2)}, "backbone of hyperiqa: has the unknown extra.weight"),
        ({"conv1.weight": torch.zeros(9)}, "backbone of hyperiqa: has another shape for conv1"),
    ],
)
def test_a_file_of_another_network_is_named(change, message, tmp_path):
    state = {n: t for n, t in {**resnet(), **change}.items() if t is not None}
    save_file(state, tmp_path / "other.safetensors")
    with pytest.raises(PiqaError, match=rf"other\.safetensors: {message}"):
        started("hyperiqa", tmp_path, tmp_path / "other.safetensors")
