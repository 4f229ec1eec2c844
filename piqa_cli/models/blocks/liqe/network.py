"""LIQE (Zhang et al. 2023): CLIP similarities between image patches and quality prompts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from piqa_cli.models.blocks.clip_tower import CLIP_MEAN, CLIP_STD, build_visual
from piqa_cli.models.normalize import Normalize
from piqa_cli.models.precision import full_precision


class Liqe(nn.Module):
    """Mean logits of 15 patches against prompts, with text vectors computed at import.

    Args:
        prompts: number of prompts (495; 5 that name a quality only).
        visual: sizes of the image tower, see `build_visual`.
    """

    text: Tensor
    logit_scale: Tensor

    def __init__(self, *, prompts: int, visual: Mapping[str, Any]) -> None:
        super().__init__()
        self.normalize = Normalize(CLIP_MEAN, CLIP_STD)
        self.visual = build_visual(**visual)
        self.register_buffer("text", torch.zeros(prompts, visual["output_dim"]))
        self.register_buffer("logit_scale", torch.zeros(()))

    def forward(self, patches: Tensor) -> Tensor:
        """(B, P, 224, 224, 3) uint8 to (B, prompts): exp(scale) * cosine, mean over patches.

        All of it in float32 at any precision: logits are 100 times a cosine, and in bfloat16 they
        would move by .13, which costs .04 of a score (measured with generated weights).
        """
        photos, count = patches.shape[:2]
        with full_precision(patches):
            features = self.visual(self.normalize(patches.flatten(0, 1)))
            features = functional.normalize(features, dim=-1)
            logits = self.logit_scale.exp() * features @ self.text.T
            return logits.reshape(photos, count, -1).mean(dim=1)


def verdict(logits: Tensor, labels: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """LIQE's result for one photograph: marginals of the softmax over all prompts.

    Args:
        logits: (prompts,) mean logits, prompts ordered by quality, then scene, then distortion.
        labels: the words of `quality` (worst first), `scene` and `distortion`; the latter two
            are empty where prompts name neither.

    Returns:
        `liqe_quality`: expected grade, 1 (bad) to 5 (perfect); `liqe_scene` and
        `liqe_distortion`: the most probable words, None where there are none.
    """
    shape = [max(1, len(labels[name])) for name in ("quality", "scene", "distortion")]
    joint = logits.detach().cpu().double().softmax(dim=0).reshape(shape)
    grades = torch.arange(1, shape[0] + 1, dtype=joint.dtype)
    return {
        "liqe_quality": float(joint.sum(dim=(1, 2)) @ grades),
        "liqe_scene": _likeliest(labels["scene"], joint.sum(dim=(0, 2))),
        "liqe_distortion": _likeliest(labels["distortion"], joint.sum(dim=(0, 1))),
    }


def _likeliest(words: Sequence[str], probabilities: Tensor) -> str | None:
    return words[int(probabilities.argmax())] if words else None
