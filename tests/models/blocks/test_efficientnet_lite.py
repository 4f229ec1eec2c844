from __future__ import annotations

import pytest
import timm
import torch
from torch import Tensor, nn

from piqa_cli.models.blocks.efficientnet_lite import (
    STAGES,
    Backbone,
    Convolution,
    feature_count,
    normalised,
    pool,
)
from piqa_cli.train.mini.start import backbone_of

ROUNDING = 1e-4
"""Of a stage's spread. Weights are chosen so that half precision holds them exactly, so only
float32 differs: by 1e-6 here. A wrong epsilon of normalisation differs by 4e-3, the least that a
mistake in folding has shown.
"""


def random_pixels(side: int, count: int = 1) -> Tensor:
    source = torch.Generator().manual_seed(side)
    return torch.randint(0, 256, (count, side, side, 3), generator=source, dtype=torch.uint8)


@pytest.fixture(scope="module")
@torch.no_grad()
def published() -> nn.Module:
    """timm's network with random weights and random statistics of its normalisations.

    A normalisation's gain is 1/2 or 1 and its terms are sixty-fourths, so that what `backbone_of`
    folds needs no rounding.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(5)
        network = timm.create_model("tf_efficientnet_lite0", pretrained=False).eval()
        for layer in network.modules():
            if isinstance(layer, nn.BatchNorm2d):
                gain = 2.0 ** -torch.randint(0, 2, layer.weight.shape)
                layer.running_var.uniform_(0.3, 1.5)
                layer.running_mean.copy_(torch.randint(-32, 33, gain.shape) / 64)
                layer.weight.copy_(gain * torch.sqrt(layer.running_var + 1e-3))
                layer.bias.copy_(torch.randint(-32, 65, gain.shape) / 64)
            elif isinstance(layer, nn.Conv2d):
                layer.weight.copy_(layer.weight.half().float())
    return network


@pytest.fixture(scope="module")
def backbone(published) -> Backbone:
    return backbone_of(published.state_dict())


def pooled_by(published: nn.Module, pixels: Tensor) -> list[Tensor]:
    maps = published.bn1(published.conv_stem(normalised(pixels)))
    found = []
    for stage in published.blocks:
        maps = stage(maps)
        found.append(pool(maps))
    return found


@pytest.mark.parametrize("side", [384, 224])
@torch.inference_mode()
def test_it_equals_the_published_network_at_every_stage(published, backbone, side):
    pixels = random_pixels(side)
    wanted = pooled_by(published, pixels)
    found = torch.split(backbone(pixels), [2 * stage.width for stage in STAGES], dim=1)
    for stage, reference in zip(found, wanted, strict=True):
        assert float(reference.std()) > 0.1  # the comparison isn't one of nothing with nothing
        assert float((stage - reference).abs().max()) < ROUNDING * float(reference.std())


@torch.inference_mode()
def test_frozen_stages_and_the_others_give_together_what_all_give(backbone):
    pixels = random_pixels(64, 2)
    maps, lower = backbone.lower(pixels, 3)
    assert maps.shape == (2, 40, 8, 8)
    assert lower.shape == (2, feature_count(3)) == (2, 160)
    assert torch.equal(lower, backbone(pixels, 3))
    assert torch.equal(torch.cat([lower, backbone.upper(maps, 3)], dim=1), backbone(pixels))


def test_weights_are_rounded_to_half_precision_as_they_are_stored(backbone):
    assert all(torch.equal(value, value.half().float()) for value in backbone.parameters())


def test_a_pooled_channel_is_its_mean_and_its_deviation():
    maps = torch.tensor([[[[1.0, 3.0], [1.0, 3.0]], [[5.0, 5.0], [5.0, 5.0]]]])
    assert pool(maps).tolist() == [pytest.approx([2, 5, 1, 1e-5**0.5], abs=1e-4)]


def test_fused_convolutions_give_what_separate_steps_give(backbone):
    pixels = random_pixels(96, 2)
    with torch.inference_mode():
        fused = backbone(pixels)
    with torch.no_grad():  # as in training: ReLU6 is a step of its own
        separate = backbone(pixels)
    assert torch.allclose(fused, separate, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("kernel", [3, 5])
def test_a_convolution_of_stride_2_pads_more_behind_than_in_front(kernel):
    layer = Convolution(1, 1, kernel=kernel, stride=2, bounded=False)
    maps = torch.rand(1, 1, 8, 8)
    before, behind = kernel // 2 - 1, kernel // 2
    padded = nn.functional.pad(maps, (before, behind, before, behind))
    wanted = nn.functional.conv2d(padded, layer.weight, layer.bias, stride=2)
    assert torch.allclose(layer(maps), wanted, atol=1e-6)


def test_the_deviation_of_a_plain_bright_map_is_not_lost_in_rounding():
    assert pool(torch.full((1, 1, 64, 64), 5.7))[0, 1].item() == pytest.approx(1e-5**0.5, rel=1e-3)


@pytest.mark.skipif(not torch.backends.mkldnn.is_available(), reason="torch without oneDNN")
@torch.inference_mode()
def test_features_are_the_same_with_one_thread_and_with_two(backbone):
    pixels, threads, found = random_pixels(224), torch.get_num_threads(), []
    try:
        for count in (1, 2):
            torch.set_num_threads(count)
            found.append(backbone(pixels))
    finally:
        torch.set_num_threads(threads)
    assert torch.equal(*found)
