"""The small dual-branch model that ships: one backbone on whole picture, face and detail.

After DN-PIQA (Sun et al. 2024): where that has a Swin transformer for the picture, one for the
face and the features of LIQE, this one looks at all three with one EfficientNet-Lite0. Squares of
full detail are seen by its first stages alone.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from piqa_cli.models.blocks.efficientnet_lite import Backbone, feature_count
from piqa_cli.models.dn_piqa_mini.faults import FAULTS
from piqa_cli.models.dn_piqa_mini.views import mini_views
from piqa_cli.models.precision import full_precision
from piqa_cli.models.protocol import Output
from piqa_cli.models.view_types import Cut, FaceBox, Views

FROZEN_STAGES = 3
"""Stages of the backbone that keep their ImageNet weights; they alone see the detail squares."""

WHOLE_FEATURES = feature_count()
DETAIL_FEATURES = feature_count(FROZEN_STAGES)

COST_SHARE = 0.4
COST_SHARES = {fault: 3.0 if fault == "halo" else COST_SHARE for fault in FAULTS}
"""JOD that a score loses for each label-JOD of what a fault costs.

With 0.4 real captures are ranked as well as with 0, single faults far better; with more, ratings of
single photographs agree less. People rated pictures of 512 px, where sharpening looks crisp, and
the linear term has learnt that: with less than 3 for halos, they raise a score.
"""

DETAIL_SHARE = 2.4
"""The same of what they cost in fine detail, which rated pictures are too small to teach."""

JOD_PER_UNIT = 1.21
"""Makes one unit of score one JOD: with it, stated preferences hold on staged scenes that weren't
learnt from (docs/model_card.md)."""

_SEEN_FROM = 0.5  # scale from which fine detail counts; smaller pictures show none

_COST_WIDTH = 128
_DETAIL_WIDTH = 64
_CLAMP = 6.0  # standard deviations beyond which a feature counts no more


class Standardise(nn.Module):
    """Features to standard deviations from their mean over the training material, clamped."""

    mean: Tensor
    deviation: Tensor

    def __init__(self, width: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(width))
        self.register_buffer("deviation", torch.ones(width))

    def forward(self, features: Tensor) -> Tensor:
        """(..., width) to (..., width), within -6..6."""
        return ((features - self.mean) / self.deviation).clamp(-_CLAMP, _CLAMP)

    def fit(self, features: Tensor) -> None:
        """Takes mean and deviation from (n, width) features."""
        self.mean.copy_(features.double().mean(dim=0))
        self.deviation.copy_(features.double().std(dim=0, correction=0).clamp(min=1e-3))


class Costs(nn.Sequential):
    """(..., width) standardised features to (..., 11): what each of `FAULTS` costs, above 0.

    Buffer `gain`, (11,): each cost is multiplied by its own, so that it is right in size on
    captures that weren't learnt from.
    """

    gain: Tensor

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__(
            nn.Linear(width, hidden),
            nn.ReLU(),
            nn.Dropout(0.2),
            nn.Linear(hidden, len(FAULTS)),
            nn.Softplus(),
        )
        self.register_buffer("gain", torch.ones(len(FAULTS)))

    def forward(self, features: Tensor) -> Tensor:
        """See the class."""
        costs: Tensor = super().forward(features)  # type: ignore[no-untyped-call]
        return costs * self.gain


class DnPiqaMini(nn.Module):
    """The small model; see `QualityModel`.

    The score is a linear term of the features of whole picture and face, which people's ratings
    teach, minus a share of what faults cost there, minus what they cost in fine detail; simulated
    captures teach these costs, which also explain the score.
    """

    shares: Tensor
    absent: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.backbone = Backbone()
        self.standardise = Standardise(2 * WHOLE_FEATURES)
        self.score = nn.Linear(2 * WHOLE_FEATURES, 1)
        self.costs = Costs(2 * WHOLE_FEATURES, _COST_WIDTH)
        self.standardise_detail = Standardise(DETAIL_FEATURES)
        self.detail_costs = Costs(DETAIL_FEATURES, _DETAIL_WIDTH)
        shares = torch.tensor([COST_SHARES[fault] for fault in FAULTS])
        self.register_buffer("shares", shares, persistent=False)
        absent = torch.tensor([1.0 if fault == "blur" else 0.0 for fault in FAULTS])
        self.register_buffer("absent", absent, persistent=False)

    def views(self, image: NDArray[np.uint8], face: FaceBox | None) -> Views:
        """See `mini_views`."""
        return mini_views(image, face)

    def cutter(self) -> Cut:
        """See `PortableModel`."""
        return mini_views

    def forward(self, views: dict[str, Tensor]) -> Output:
        """Scores (photos, 1); extra `faults` (photos, 11): what each of `FAULTS` costs, in JOD."""
        features, detail = self.features(views)
        with full_precision(features):
            return self.judge(features.float(), detail.float(), views["scale"][:, 0, 0].float())

    def features(self, views: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
        """Features of whole picture and face (photos, 3136), of detail squares (photos, 3, 160)."""
        whole, face = (self._pooled(views[name]).mean(dim=1) for name in ("whole", "face"))
        return torch.cat([whole, face], dim=1), self._pooled(views["detail"], FROZEN_STAGES)

    def judge(self, features: Tensor, detail: Tensor, scale: Tensor) -> Output:
        """The result of `forward`, from that of `features` and the scale (photos,)."""
        costs, fine = self.costs(self.standardise(features)), self._fine(detail, scale)
        lost = costs @ self.shares + DETAIL_SHARE * fine.sum(dim=1)
        scores = JOD_PER_UNIT * (self.score_features(features) - lost)
        return Output(scores[:, None], {"faults": costs + fine})

    def _fine(self, detail: Tensor, scale: Tensor) -> Tensor:
        """(photos, 11) costs of fine detail; in a picture too small for any, all is blurred."""
        fine = self.detail_costs(self.standardise_detail(detail)).mean(dim=1)
        seen = ((scale - _SEEN_FROM) / (1 - _SEEN_FROM)).clamp(0, 1)[:, None]
        return seen * fine + (1 - seen) * self.absent

    def score_features(self, features: Tensor) -> Tensor:
        """(n, 3136) features of whole picture and face to the linear terms (n,)."""
        scores: Tensor = self.score(self.standardise(features))[:, 0]
        return scores

    def trained_stages(self) -> nn.ModuleList:
        """The stages that training may change: all after the frozen ones."""
        return self.backbone.stages[FROZEN_STAGES:]

    def _pooled(self, squares: Tensor, stages: int | None = None) -> Tensor:
        """(photos, squares, side, side, 3) uint8 to (photos, squares, F) float32."""
        return self.backbone(squares.flatten(0, 1), stages).unflatten(0, squares.shape[:2])

    def explain(self, output: Output, photo: int) -> dict[str, Any]:
        """`fault_costs`: what each of `FAULTS` costs, in JOD, comparable within one scene only."""
        return {"fault_costs": output.extras["faults"][photo].tolist()}


def build(state: dict[str, Tensor], metadata: dict[str, str]) -> DnPiqaMini:
    """The model with the given weights, in evaluation mode and float32.

    Args:
        state: all parameters and buffers by name, any float type.
        metadata: of the weights file; nothing in it changes the network.

    Raises:
        RuntimeError: names or shapes don't fit.
    """
    model = DnPiqaMini()
    model.load_state_dict({name: value.float() for name, value in state.items()}, strict=True)
    return model.eval()
