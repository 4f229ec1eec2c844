"""LIQE (Zhang et al. 2023) by itself: the grade that its prompts expect."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from piqa_cli.models.blocks.bundles import from_bundle
from piqa_cli.models.blocks.clip_tower import VIT_B_32
from piqa_cli.models.blocks.crops import Pixels
from piqa_cli.models.blocks.liqe.network import Liqe, verdict
from piqa_cli.models.blocks.liqe.prompts import LABELS
from piqa_cli.models.blocks.liqe.windows import liqe_views
from piqa_cli.models.precision import full_precision
from piqa_cli.models.protocol import Output
from piqa_cli.models.view_types import Cut, CutWithoutFace, FaceBox, Views

BUNDLE_FORMAT = "liqe/1"

FULL_SIZES: dict[str, Any] = {
    "visual": VIT_B_32,
    "prompts": 495,
}


class LiqeAlone(nn.Module):
    """One score of a photo, 1 (bad) to 5 (perfect); see `QualityModel`.

    Args:
        sizes: as `FULL_SIZES`.
        labels: words of the prompts, see `verdict`.
    """

    def __init__(self, sizes: Mapping[str, Any], labels: Mapping[str, Sequence[str]]) -> None:
        super().__init__()
        self.labels = labels
        self.liqe = Liqe(prompts=sizes["prompts"], visual=sizes["visual"])

    def views(self, image: Pixels, face: FaceBox | None) -> Views:
        """`patches` (15, 224, 224, 3) uint8 of the whole photo; the face plays no part."""
        return liqe_views(image)

    def cutter(self) -> Cut:
        """See `PortableModel`."""
        return CutWithoutFace(liqe_views)

    def forward(self, views: dict[str, Tensor]) -> Output:
        """Scores (photos, 1): the grade is of the patches' mean logits, not a mean of grades.

        Returns:
            scores; extra `liqe_logits` (photos, prompts).
        """
        logits = self.liqe(views["patches"])
        with full_precision(logits):
            grades = logits.softmax(dim=1).unflatten(1, (len(self.labels["quality"]), -1)).sum(2)
            steps = torch.arange(1, grades.shape[1] + 1, device=grades.device)
            scores = (grades * steps).sum(dim=1, keepdim=True)
        return Output(scores, {"liqe_logits": logits})

    def explain(self, output: Output, photo: int) -> dict[str, Any]:
        """`liqe_quality`, `liqe_scene` and `liqe_distortion` of one photograph."""
        return verdict(output.extras["liqe_logits"][photo], self.labels)


def build(state: dict[str, Tensor], metadata: dict[str, str]) -> LiqeAlone:
    """The network with imported weights; see `from_bundle`. Metadata has `labels` (JSON), too."""

    def network(sizes: dict[str, Any]) -> LiqeAlone:
        return LiqeAlone(sizes, json.loads(metadata["labels"]))

    again = "piqa-cli weights import liqe"
    return from_bundle(network, state, metadata, wanted=BUNDLE_FORMAT, again=again)


def full_size() -> LiqeAlone:
    """The published network without weights."""
    return LiqeAlone(FULL_SIZES, LABELS)
