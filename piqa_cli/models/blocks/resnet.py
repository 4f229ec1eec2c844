"""ResNet (He et al. 2016) as feature maps; tensors are named as in torchvision's weights files."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn
from torch.nn import functional

_EXPANSION = 4  # channels after a block against channels inside it


class Bottleneck(nn.Module):
    """Three convolutions and a shortcut; the middle one has the stride, as in torchvision."""

    def __init__(self, inputs: int, width: int, *, stride: int) -> None:
        super().__init__()
        outputs = _EXPANSION * width
        self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, outputs, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(outputs)
        self.downsample: nn.Module | None = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)
            )

    def forward(self, maps: Tensor) -> Tensor:
        """(n, inputs, H, W) to (n, 4 width, H / stride, W / stride)."""
        found = functional.relu(self.bn1(self.conv1(maps)))
        found = functional.relu(self.bn2(self.conv2(found)))
        shortcut = maps if self.downsample is None else self.downsample(maps)
        return functional.relu(self.bn3(self.conv3(found)) + shortcut)


class ResNet(nn.Module):
    """The four stages of a ResNet without its classifier.

    Args:
        width: channels of the stem (ResNet-50: 64).
        depths: blocks per stage (ResNet-50: 3, 4, 6, 3).
    """

    def __init__(self, width: int, depths: Sequence[int]) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 7, 2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.channels = tuple(_EXPANSION * width * 2**stage for stage in range(len(depths)))
        inputs = width
        for stage, depth in enumerate(depths):
            inner = width * 2**stage
            strides = [1 if stage == 0 else 2] + [1] * (depth - 1)
            blocks = []
            for stride in strides:
                blocks.append(Bottleneck(inputs, inner, stride=stride))
                inputs = _EXPANSION * inner
            self.add_module(f"layer{stage + 1}", nn.Sequential(*blocks))

    def forward(self, pixels: Tensor) -> list[Tensor]:
        """Maps of the stages, coarser from one to the next.

        Args:
            pixels: (n, 3, H, W), normalised by the mean and deviation of ImageNet.

        Returns:
            One (n, channels, H / r, W / r) a stage, r = 4, 8, 16, 32.
        """
        maps = functional.relu(self.bn1(self.conv1(pixels)))
        maps = functional.max_pool2d(maps, 3, 2, padding=1)
        found = []
        for stage in range(len(self.channels)):
            maps = self.get_submodule(f"layer{stage + 1}")(maps)
            found.append(maps)
        return found
