"""SAR (SECE-SYSU, NTIRE 2024 survey): scene-adaptive regressors on photo and face, and a gate.

Nobody published code or weights. Where the survey is silent, `FULL_SIZES` and comments say what was
chosen and why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from piqa_cli.models.blocks.bundles import from_bundle
from piqa_cli.models.blocks.clip_tower import CLIP_MEAN, CLIP_STD, ClipBlocks
from piqa_cli.models.blocks.crops import Pixels
from piqa_cli.models.blocks.mlp import mlp
from piqa_cli.models.blocks.scenes import scene_weights
from piqa_cli.models.normalize import Normalize
from piqa_cli.models.precision import full_precision
from piqa_cli.models.protocol import Output
from piqa_cli.models.sar.views import sar_views
from piqa_cli.models.view_types import Cut, FaceBox, Views

BUNDLE_FORMAT = "sar/1"

FULL_SIZES: dict[str, Any] = {
    # CLIP ViT-B; patches of 16 px, because B/32 would have 49 places for the convolutions to see
    "tower": {"image_size": 224, "patch_size": 16, "width": 768, "layers": 10, "heads": 12},
    "frozen_blocks": 6,
    "scene_blocks": [1, 2, 3, 4, 5, 6],
    "embedding_blocks": [8, 9, 10],
    "channels": 768,  # of the embeddings; not stated for the scene head, so the same
    "kernel": 3,  # not stated: 3 gives 135.6 M parameters, 1 gives 79 M; 135.02 M are published
    "gate": [128, 64],
    "scenes": 35,  # the scenes of PIQ23 that its scene split trains on
}


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of pairs of patches by each branch, (photos, pairs), and the scenes' logits.

    Attributes:
        whole: by the patches of the photo.
        face: by those of the face.
        joint: mixed by the gate.
        gate: weight of the face's score in `joint`, 0..1.
        scene_logits: (photos, pairs, scenes).
    """

    whole: Tensor
    face: Tensor
    joint: Tensor
    gate: Tensor
    scene_logits: Tensor


class Sar(nn.Module):
    """Rates pairs of patches, one of the photo and one of the face; see `QualityModel`.

    Args:
        sizes: as `FULL_SIZES`.
    """

    def __init__(self, sizes: Mapping[str, Any]) -> None:
        super().__init__()
        self.sizes = sizes
        # the survey names no normalisation: that of the pre-trained tower
        self.normalize = Normalize(CLIP_MEAN, CLIP_STD)
        self.tower = ClipBlocks(**sizes["tower"])
        self.scene_features = _convolution(sizes, taps=sizes["scene_blocks"])
        self.scene = nn.Linear(sizes["channels"], sizes["scenes"])
        self.whole_embedding = _convolution(sizes, taps=sizes["embedding_blocks"])
        self.face_embedding = _convolution(sizes, taps=sizes["embedding_blocks"])
        self.whole_regressors = nn.Linear(sizes["channels"], sizes["scenes"])  # a row a scene
        self.face_regressors = nn.Linear(sizes["channels"], sizes["scenes"])
        # the survey names no input of the gate: both embeddings
        self.gate = mlp((2 * sizes["channels"], *sizes["gate"], 1), nn.Sigmoid())

    def views(self, image: Pixels, face: FaceBox | None) -> Views:
        """See `sar_views`."""
        return sar_views(image, face)

    def cutter(self) -> Cut:
        """See `PortableModel`."""
        return sar_views

    def forward(self, views: dict[str, Tensor]) -> Output:
        """Scores photographs by the scenes' probabilities.

        Returns:
            scores (photos, 30); extra `scene_logits` (photos, scenes), the mean over patches.
        """
        scores = self._scores(views, scenes=None)
        return Output(scores.joint, {"scene_logits": scores.scene_logits.mean(dim=1)})

    def forward_training(self, views: dict[str, Tensor], scenes: Tensor) -> Scores:
        """Scores photographs of known scenes: each by its scene's own regressors.

        Args:
            views: `whole` and `face`, (photos, pairs, 224, 224, 3) uint8; any number of pairs.
            scenes: (photos,) int64 below `sizes["scenes"]`.
        """
        return self._scores(views, scenes=scenes)

    def freeze(self) -> None:
        """Stops the training of the tower's embeddings and first blocks, as the authors did."""
        self.tower.freeze(self.sizes["frozen_blocks"])

    def explain(self, output: Output, photo: int) -> dict[str, Any]:
        """Nothing: scenes are the training set's numbers, and mean nothing to a reader."""
        return {}

    def _scores(self, views: dict[str, Tensor], *, scenes: Tensor | None) -> Scores:
        whole_maps, face_maps = self._maps(views["whole"]), self._maps(views["face"])
        # the photo's own patch tells the scene, for both branches: a face shows no scene
        seen = self._pooled(self.scene_features, whole_maps, self.sizes["scene_blocks"])
        taps = self.sizes["embedding_blocks"]
        whole = self._pooled(self.whole_embedding, whole_maps, taps)
        face = self._pooled(self.face_embedding, face_maps, taps)
        with full_precision(seen):
            logits = self.scene(seen)
            pairs = views["whole"].shape[1]
            known = None if scenes is None else scenes.repeat_interleave(pairs)
            weights = scene_weights(logits, known)
            whole_score = (self.whole_regressors(whole) * weights).sum(dim=-1)
            face_score = (self.face_regressors(face) * weights).sum(dim=-1)
            gate = self.gate(torch.cat([whole, face], dim=-1)).squeeze(-1)
            joint = gate * face_score + (1 - gate) * whole_score
        photos = views["whole"].shape[:2]
        return Scores(
            whole=whole_score.reshape(photos),
            face=face_score.reshape(photos),
            joint=joint.reshape(photos),
            gate=gate.reshape(photos),
            scene_logits=logits.reshape(*photos, -1),
        )

    def _maps(self, patches: Tensor) -> list[Tensor]:
        maps: list[Tensor] = self.tower(self.normalize(patches.flatten(0, 1)))
        return maps

    def _pooled(self, layers: nn.Module, maps: list[Tensor], taps: Sequence[int]) -> Tensor:
        """(patches, channels): the maps of some blocks, counted from 1, as one vector."""
        mixed: Tensor = layers(torch.cat([maps[tap - 1] for tap in taps], dim=1))
        return mixed.float().mean(dim=(2, 3))


def _convolution(sizes: Mapping[str, Any], *, taps: Sequence[int]) -> nn.Module:
    """Maps of several blocks, concatenated, to one map; its mean over places is taken afterwards.

    ReLU is a choice: without it a convolution and the mean were one linear layer.
    """
    width, kernel = sizes["tower"]["width"] * len(taps), sizes["kernel"]
    return nn.Sequential(
        nn.Conv2d(width, sizes["channels"], kernel, padding=kernel // 2), nn.ReLU()
    )


def build(state: dict[str, Tensor], metadata: dict[str, str]) -> Sar:
    """The network with trained weights; see `from_bundle`."""
    again = "piqa-cli train model sar"
    return from_bundle(Sar, state, metadata, wanted=BUNDLE_FORMAT, again=again)


def full_size() -> Sar:
    """The published network without weights."""
    return Sar(FULL_SIZES)
