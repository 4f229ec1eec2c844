"""The ResNet is torchvision's, tensor by tensor and map by map."""

from __future__ import annotations

import torch
from torchvision.models.resnet import Bottleneck
from torchvision.models.resnet import ResNet as TorchvisionResNet

from piqa_cli.models.blocks.resnet import ResNet

DEPTHS = (1, 2, 1, 1)


def test_tensors_and_maps_are_those_of_torchvision():
    torch.manual_seed(0)
    theirs = TorchvisionResNet(Bottleneck, list(DEPTHS)).eval()
    ours = ResNet(64, DEPTHS).eval()
    state = {name: t for name, t in theirs.state_dict().items() if not name.startswith("fc.")}
    ours.load_state_dict(state, strict=True)
    pixels = torch.rand(2, 3, 64, 96)
    with torch.inference_mode():
        found = ours(pixels)
        expected = theirs.maxpool(theirs.relu(theirs.bn1(theirs.conv1(pixels))))
        for stage, maps in enumerate(found, 1):
            expected = getattr(theirs, f"layer{stage}")(expected)
            torch.testing.assert_close(maps, expected)
    assert [tuple(maps.shape[1:]) for maps in found] == [
        (256, 16, 24),
        (512, 8, 12),
        (1024, 4, 6),
        (2048, 2, 3),
    ]
