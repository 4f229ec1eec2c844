"""EfficientNet-Lite0 without its classifier, batch normalisation folded into the convolutions.

Source: Tan and Le 2019 (EfficientNet, table 1), and the Lite variant of the TensorFlow authors:
no squeeze-and-excitation, ReLU6, a stem of 32 channels, first and last stage of one block. It
equals timm's `tf_efficientnet_lite0` in evaluation mode
(tests/models/blocks/test_efficientnet_lite.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

_STEM_WIDTH = 32


@dataclass(frozen=True, slots=True)
class Stage:
    """A row of blocks at one resolution.

    Attributes:
        kernel: side of the depthwise kernels, in pixels.
        stride: of the first block.
        expansion: channels inside a block against channels before it.
        width: channels after every block.
        depth: number of blocks.
    """

    kernel: int
    stride: int
    expansion: int
    width: int
    depth: int


STAGES = (
    Stage(3, 1, 1, 16, 1),
    Stage(3, 2, 6, 24, 2),
    Stage(5, 2, 6, 40, 2),
    Stage(3, 2, 6, 80, 3),
    Stage(5, 1, 6, 112, 3),
    Stage(5, 2, 6, 192, 4),
    Stage(3, 1, 6, 320, 1),
)


class Convolution(nn.Conv2d):
    """A convolution that pads as TensorFlow does ("same", even sides), with ReLU6 if `bounded`."""

    def __init__(
        self,
        inputs: int,
        outputs: int,
        *,
        kernel: int = 1,
        stride: int = 1,
        groups: int = 1,
        bounded: bool = True,
    ) -> None:
        super().__init__(inputs, outputs, kernel, stride, kernel // 2, groups=groups)
        self.bounded = bounded

    def forward(self, pixels: Tensor) -> Tensor:
        """(n, inputs, H, W) to (n, outputs, H / stride, W / stride)."""
        weight = self.weight
        if self.stride[0] == 2:
            # One row and column less of padding in front: zeros there in the kernel cost far less
            # than a padded copy of the maps.
            weight = functional.pad(weight, (1, 0, 1, 0))
        if _fuses(pixels):
            return self._fused(pixels, weight)
        found = self._conv_forward(pixels, weight, self.bias)
        return functional.relu6(found, inplace=True) if self.bounded else found

    def _fused(self, pixels: Tensor, weight: Tensor) -> Tensor:
        """Convolves and bounds in one pass over the result, by oneDNN.

        Results don't hang on the number of threads: torch would take another way with one thread.
        """
        found: Tensor = torch.ops.mkldnn._convolution_pointwise(
            pixels,
            weight,
            self.bias,
            self.padding,
            self.stride,
            self.dilation,
            self.groups,
            "hardtanh" if self.bounded else "none",
            [0.0, 6.0] if self.bounded else [],
            "",
        )
        return found


def _fuses(pixels: Tensor) -> bool:
    """True where torch's fused convolution can stand in: a CPU with oneDNN, float32, no training.

    The operator is the one that torch.compile uses; it has no public name.
    """
    return (
        pixels.device.type == "cpu"
        and pixels.dtype == torch.float32
        and torch.is_inference_mode_enabled()
        and not torch.is_autocast_enabled("cpu")
        and torch.backends.mkldnn.is_available()  # type: ignore[no-untyped-call]
        and hasattr(torch.ops.mkldnn, "_convolution_pointwise")
    )


class Block(nn.Module):
    """An inverted residual block: expand, filter every channel, project."""

    def __init__(self, inputs: int, stage: Stage, *, stride: int) -> None:
        super().__init__()
        inner = inputs * stage.expansion
        self.expand = Convolution(inputs, inner) if stage.expansion > 1 else None
        self.filter = Convolution(inner, inner, kernel=stage.kernel, stride=stride, groups=inner)
        self.project = Convolution(inner, stage.width, bounded=False)
        self.residual = stride == 1 and inputs == stage.width

    def forward(self, pixels: Tensor) -> Tensor:
        """(n, inputs, H, W) to (n, width, H / stride, W / stride)."""
        found = pixels if self.expand is None else self.expand(pixels)
        found = self.project(self.filter(found))
        return pixels + found if self.residual else found


class Backbone(nn.Module):
    """Pooled features of the seven stages."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = Convolution(3, _STEM_WIDTH, kernel=3, stride=2)
        self.stages = nn.ModuleList()
        inputs = _STEM_WIDTH
        for stage in STAGES:
            blocks = []
            for number in range(stage.depth):
                blocks.append(Block(inputs, stage, stride=1 if number else stage.stride))
                inputs = stage.width
            self.stages.append(nn.Sequential(*blocks))
        self.to(memory_format=torch.channels_last)

    def forward(self, pixels: Tensor, stages: int | None = None) -> Tensor:
        """Pools what the stages find.

        Args:
            pixels: (n, H, W, 3) uint8 sRGB, H and W multiples of 32.
            stages: how many of them, from the first; None: all seven.

        Returns:
            (n, 2 * widths) float32: the stages one after the other, each the means of its channels
            over the picture, then their standard deviations.
        """
        return self.lower(pixels, stages)[1]

    def lower(self, pixels: Tensor, stages: int | None) -> tuple[Tensor, Tensor]:
        """The same, with the maps (n, C, H / r, W / r) that the last of these stages gives."""
        return self._run(self.stem(normalised(pixels)), self.stages[:stages])

    def upper(self, maps: Tensor, stages: int) -> Tensor:
        """Pools the stages after the first `stages`, from the maps that those give."""
        return self._run(maps, self.stages[stages:])[1]

    def _run(self, maps: Tensor, stages: nn.ModuleList) -> tuple[Tensor, Tensor]:
        pooled = []
        for stage in stages:
            maps = stage(maps)
            pooled.append(pool(maps))
        return maps, torch.cat(pooled, dim=1)


def normalised(pixels: Tensor) -> Tensor:
    """(n, H, W, 3) uint8 to (n, 3, H, W) float32 in -1..1, channels last in memory."""
    return (pixels.permute(0, 3, 1, 2).float() - 127.5) / 127.5


def pool(found: Tensor) -> Tensor:
    """(n, C, H, W) to (n, 2 C): mean and standard deviation of every channel."""
    found = found.float()
    mean = found.mean(dim=(2, 3), keepdim=True)  # a fifth of the time of var_mean
    variance = (found - mean).square().mean(dim=(2, 3))
    return torch.cat([mean.flatten(1), torch.sqrt(variance + 1e-5)], dim=1)


def feature_count(stages: int = len(STAGES)) -> int:
    """Number of features that the first `stages` stages give.

    >>> feature_count()
    1568
    """
    return 2 * sum(stage.width for stage in STAGES[:stages])
