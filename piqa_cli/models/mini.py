"""The small dual-branch model that ships: whole picture and face, with native-pixel statistics.

After the idea of DN-PIQA (Sun et al. 2024): where that has the features of LIQE beside its two
Swin branches, this one has hand-made statistics and small patches at their own pixels.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from piqa_cli.models.mini_views import mini_views
from piqa_cli.models.protocol import FaceBox, Output, Views
from piqa_cli.models.statistics import statistics_names

FAULTS = (
    *("blur", "dark", "bright", "noise", "smear", "halo"),
    *("cast", "haze", "harsh", "colour", "blocking"),
)
"""What costs a capture its quality; `piqa_cli.train.severity` says how much."""

HEADS = 4  # networks on the statistics, averaged: four trainings in one
_HIDDEN = 192
_SPOKEN = 1 + len(FAULTS)  # of every head: a free term, and the cost of each fault
_FEATURES = 32  # of every convolutional branch
_CLAMP = 4.0  # standard deviations beyond which a statistic says no more


class ConvBranch(nn.Module):
    """Four strided convolutions and a mean: (n, 3, s, s) in -1..1 to (n, 32)."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for wide_in, wide_out in ((3, 16), (16, 32), (32, 64), (64, 96)):
            layers += [
                nn.Conv2d(wide_in, wide_out, 3, stride=2, padding=1, bias=False),
                nn.BatchNorm2d(wide_out),
                nn.ReLU(),
            ]
        self.layers = nn.Sequential(*layers)
        self.project = nn.Linear(96, _FEATURES)

    def forward(self, pictures: Tensor) -> Tensor:
        """Features of a batch of pictures."""
        return self.project(self.layers(pictures).mean(dim=(2, 3)))


class StatisticsHead(nn.Module):
    """(n, N) normalised statistics to (n, 12): a free term and what each fault costs, in JOD."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(width, _HIDDEN),
            nn.GELU(),
            nn.Dropout(0.2),
            nn.Linear(_HIDDEN, _HIDDEN),
            nn.GELU(),
            nn.Dropout(0.2),
            nn.Linear(_HIDDEN, _SPOKEN),
        )

    def forward(self, statistics: Tensor) -> Tensor:
        """One row a row."""
        return self.layers(statistics)


class DnPiqaMini(nn.Module):
    """The small model; see `QualityModel`. One score a photograph, 1 unit is 1 label-JOD."""

    mean: Tensor
    deviation: Tensor

    def __init__(self) -> None:
        super().__init__()
        width = len(statistics_names())
        self.register_buffer("mean", torch.zeros(width))
        self.register_buffer("deviation", torch.ones(width))
        self.heads = nn.ModuleList(StatisticsHead(width) for _ in range(HEADS))
        self.full = ConvBranch()
        self.face = ConvBranch()
        self.patches = ConvBranch()
        self.fused = nn.Sequential(
            nn.Linear(4 * _FEATURES + width, _HIDDEN),
            nn.GELU(),
            nn.Dropout(0.2),
            nn.Linear(_HIDDEN, _SPOKEN),
        )

    def views(self, image: NDArray[np.uint8], face: FaceBox | None) -> Views:
        """See `mini_views`."""
        return mini_views(image, face)

    def forward(self, views: dict[str, Tensor]) -> Output:
        """Scores (photos, 1); extra `faults` (photos, 11): what each of `FAULTS` costs, in JOD."""
        heads, pictures = self.parts(views)
        spoken = heads.mean(dim=1) + pictures
        return Output(score_of(spoken)[:, None], {"faults": spoken[:, 1:]})

    def parts(self, views: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
        """What each head says, (photos, 4, 12), and what the pictures add, (photos, 12)."""
        statistics = self.normalised(views["statistics"][:, 0].float())
        full = self.full(_signed(views["full"][:, 0]))
        face = self.face(_signed(views["face"][:, 0]))
        count = views["patches"].shape[1]
        patches = self.patches(_signed(views["patches"].flatten(0, 1))).unflatten(0, (-1, count))
        features = [full, face, patches.mean(dim=1), patches.amax(dim=1), statistics]
        return self.heads_say(statistics), self.fused(torch.cat(features, dim=1))

    def heads_say(self, statistics: Tensor) -> Tensor:
        """(photos, N) normalised statistics to (photos, 4, 12)."""
        return torch.stack([head(statistics) for head in self.heads], dim=1)

    def normalised(self, statistics: Tensor) -> Tensor:
        """(n, N) statistics as standard deviations from the training set's mean, within +-4."""
        return ((statistics - self.mean) / self.deviation).clamp(-_CLAMP, _CLAMP)

    def explain(self, output: Output, photo: int) -> dict[str, Any]:
        """Nothing beyond the score."""
        return {}


def score_of(spoken: Tensor) -> Tensor:
    """(..., 12) a free term and the faults' costs to (...) scores: the term minus the costs."""
    return spoken[..., 0] - spoken[..., 1:].sum(dim=-1)


def build(state: dict[str, Tensor], metadata: dict[str, str]) -> DnPiqaMini:
    """The model with the given weights, in evaluation mode and float32.

    Args:
        state: all parameters and buffers by name, any float type.
        metadata: of the weights file; `preprocessing`, where given, has to be this module's.

    Raises:
        RuntimeError: names or shapes don't fit.
    """
    model = DnPiqaMini()
    model.load_state_dict({name: value.float() for name, value in state.items()}, strict=True)
    return model.eval()


def _signed(pictures: Tensor) -> Tensor:
    """(n, s, s, 3) uint8 to (n, 3, s, s) float32, -1..1."""
    return pictures.permute(0, 3, 1, 2).float() / 127.5 - 1
