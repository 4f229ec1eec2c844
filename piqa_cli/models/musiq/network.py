"""MUSIQ (Ke et al. 2021): patches at three scales through one transformer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import max_pool2d, pad, relu

from piqa_cli.models.blocks.attention import Block
from piqa_cli.models.blocks.bundles import from_bundle
from piqa_cli.models.blocks.standard_conv import GROUPS, Bottleneck, StandardConv, same
from piqa_cli.models.musiq.views import CAPACITIES, GRID, PATCH_SIDE_PX, musiq_views
from piqa_cli.models.precision import full_precision
from piqa_cli.models.protocol import Output
from piqa_cli.models.view_types import Cut, CutWithoutFace, FaceBox, Views

BUNDLE_FORMAT = "musiq/1"
FULL_SIZE: Mapping[str, Any] = {
    "stem": 64,
    "width": 384,
    "heads": 6,
    "layers": 14,
    "mlp": 1152,
    "outputs": 1,
}

_CELLS = (PATCH_SIDE_PX // 4) ** 2  # places that the stem leaves of a patch


class Musiq(nn.Module):
    """One score a photograph; with ten outputs the mean of the opinions 1..10 that they weigh.

    Args:
        sizes: see `FULL_SIZE`; `outputs` 1 or 10.
    """

    def __init__(self, sizes: Mapping[str, Any]) -> None:
        super().__init__()
        stem, width = sizes["stem"], sizes["width"]
        self.conv_root = StandardConv(3, stem, 7, stride=2, bias=False)
        self.gn_root = nn.GroupNorm(GROUPS, stem, eps=1e-6)
        self.block1 = Bottleneck(stem)
        self.embedding = nn.Linear(4 * stem * _CELLS, width)
        self.cls = nn.Parameter(torch.zeros(1, 1, width))
        self.position_emb = nn.Parameter(torch.zeros(1, GRID**2, width))
        self.scale_emb = nn.Parameter(torch.zeros(len(CAPACITIES), width))
        layers = range(sizes["layers"])
        self.blocks = nn.ModuleList(Block(width, sizes["heads"], sizes["mlp"]) for _ in layers)
        self.encoder_norm = nn.LayerNorm(width, eps=1e-6)
        self.head = nn.Linear(width, sizes["outputs"])

    def views(self, image: NDArray[np.uint8], face: FaceBox | None) -> Views:
        """See `musiq_views`; the face changes nothing."""
        return musiq_views(image)

    def cutter(self) -> Cut:
        """See `PortableModel`."""
        return CutWithoutFace(musiq_views)

    def forward(self, views: dict[str, Tensor]) -> Output:
        """Scores (photos, 1) of `patches`, `positions`, `scales` and `mask`, see `musiq_views`."""
        patches, positions, scales, mask = (
            views[name] for name in ("patches", "positions", "scales", "mask")
        )
        if len(mask) == 1 and not mask.is_meta:  # alone, a photograph needs no padding
            kept = mask[0]
            patches, positions, scales, mask = (
                x[:, kept] for x in (patches, positions, scales, mask)
            )
        x = self._embedded(patches) + self.position_emb[0][positions] + self.scale_emb[scales]
        x = torch.cat([self.cls.expand(len(x), -1, -1), x], dim=1)
        mask = pad(mask, (1, 0), value=True)
        for block in self.blocks:
            x = block(x, mask)
        x = self.encoder_norm(x[:, 0]).float()
        with full_precision(x):
            return Output(_opinion(self.head(x)))

    def _embedded(self, patches: Tensor) -> Tensor:
        """(n, patches, 32, 32, 3) to (n, patches, width)."""
        x = patches.flatten(0, 1).permute(0, 3, 1, 2).contiguous()
        x = relu(self.gn_root(self.conv_root(x)))
        x = self.block1(max_pool2d(same(x, 3, 2), 3, 2))  # zeros never win: nothing is below 0
        x = x.permute(0, 2, 3, 1).flatten(1)  # TensorFlow's order: channels last
        found: Tensor = self.embedding(x)
        return found.reshape(*patches.shape[:2], -1)

    def explain(self, output: Output, photo: int) -> dict[str, Any]:
        """Nothing: there is only the score."""
        return {}


def _opinion(outputs: Tensor) -> Tensor:
    """(n, 1) as it is; (n, 10) to the mean opinion (n, 1)."""
    if outputs.shape[1] == 1:
        return outputs
    opinions = torch.arange(1.0, outputs.shape[1] + 1, device=outputs.device)
    return (outputs.softmax(dim=1) * opinions).sum(dim=1, keepdim=True)


def full_size() -> Musiq:
    """The published network, without weights."""
    return Musiq(FULL_SIZE).eval()


def build(state: dict[str, Tensor], metadata: dict[str, str]) -> Musiq:
    """The network with imported weights; see `from_bundle`."""
    again = "piqa-cli weights import musiq"
    return from_bundle(Musiq, state, metadata, wanted=BUNDLE_FORMAT, again=again)
