"""MUSIQ (Ke et al. 2021): patches at three scales through one transformer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import conv2d, max_pool2d, pad, relu, scaled_dot_product_attention

from piqa_cli.models.blocks.bundles import sizes_in
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

_GROUPS = 32
_CELLS = (PATCH_SIDE_PX // 4) ** 2  # places that the stem leaves of a patch


class StandardConv(nn.Conv2d):
    """Convolution by weights of mean 0 and deviation 1, padded as TensorFlow's `SAME`."""

    def forward(self, x: Tensor) -> Tensor:
        """(n, C, side, side) to (n, D, side / stride, side / stride)."""
        spread, mean = torch.std_mean(self.weight, dim=(1, 2, 3), keepdim=True)
        weight = (self.weight - mean) / (spread + 1e-5)
        return conv2d(_same(x, self.kernel_size[0], self.stride[0]), weight, stride=self.stride)


def _same(x: Tensor, kernel: int, stride: int) -> Tensor:
    """Adds zeros around squares, the odd one behind."""
    side = x.shape[-1]
    gap = max((-(-side // stride) - 1) * stride + kernel - side, 0)
    return pad(x, (gap // 2, gap - gap // 2) * 2)


class Bottleneck(nn.Module):
    """The one residual block of the stem: (n, C, side, side) to (n, 4 C, side, side)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.conv1 = StandardConv(width, width, 1, bias=False)
        self.gn1 = nn.GroupNorm(_GROUPS, width, eps=1e-4)
        self.conv2 = StandardConv(width, width, 3, bias=False)
        self.gn2 = nn.GroupNorm(_GROUPS, width, eps=1e-4)
        self.conv3 = StandardConv(width, 4 * width, 1, bias=False)
        self.gn3 = nn.GroupNorm(_GROUPS, 4 * width, eps=1e-4)
        self.conv_proj = StandardConv(width, 4 * width, 1, bias=False)
        self.gn_proj = nn.GroupNorm(_GROUPS, 4 * width, eps=1e-4)

    def forward(self, x: Tensor) -> Tensor:
        """See the class."""
        beside = self.gn_proj(self.conv_proj(x))
        x = relu(self.gn1(self.conv1(x)))
        x = relu(self.gn2(self.conv2(x)))
        return relu(self.gn3(self.conv3(x)) + beside)


class Attention(nn.Module):
    """Every token attends to those that the mask keeps."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value, self.out = (nn.Linear(width, width) for _ in range(4))

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """(n, tokens, width) and (n, tokens) bool to (n, tokens, width)."""
        q, k, v = (
            part(x).unflatten(2, (self.heads, -1)).transpose(1, 2)
            for part in (self.query, self.key, self.value)
        )
        found = scaled_dot_product_attention(q, k, v, attn_mask=mask[:, None, None])
        kept: Tensor = self.out(found.transpose(1, 2).flatten(2))
        return kept


class Block(nn.Module):
    """One layer of the transformer, norms first."""

    def __init__(self, width: int, heads: int, mlp: int) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(width, eps=1e-6)
        self.attention = Attention(width, heads)
        self.norm2 = nn.LayerNorm(width, eps=1e-6)
        # The authors' library takes the tanh form where nothing else is asked for.
        activation = nn.GELU(approximate="tanh")
        self.mlp = nn.Sequential(nn.Linear(width, mlp), activation, nn.Linear(mlp, width))

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """(n, tokens, width) and (n, tokens) bool to (n, tokens, width)."""
        x = x + self.attention(self.norm1(x), mask)
        added: Tensor = self.mlp(self.norm2(x))
        return x + added


class Musiq(nn.Module):
    """One score a photograph; with ten outputs the mean of the opinions 1..10 that they weigh.

    Args:
        sizes: see `FULL_SIZE`; `outputs` 1 or 10.
    """

    def __init__(self, sizes: Mapping[str, Any]) -> None:
        super().__init__()
        stem, width = sizes["stem"], sizes["width"]
        self.conv_root = StandardConv(3, stem, 7, stride=2, bias=False)
        self.gn_root = nn.GroupNorm(_GROUPS, stem, eps=1e-6)
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
        x = self.block1(max_pool2d(_same(x, 3, 2), 3, 2))  # zeros never win: nothing is below 0
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
    """The network with the weights of an imported bundle, in evaluation mode.

    Args:
        state: every tensor of the bundle, float32.
        metadata: `format`, and `sizes` as JSON.

    Raises:
        MissingPartError: the bundle is of another format.
        RuntimeError: tensors are missing, unknown or of another shape.
    """
    sizes = sizes_in(metadata, wanted=BUNDLE_FORMAT, again="piqa-cli weights import musiq")
    model = Musiq(sizes)
    model.load_state_dict(state, strict=True, assign=True)
    return model.eval()
