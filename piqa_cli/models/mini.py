"""The small dual-branch model that ships: whole picture and face, by statistics and visual words.

After the idea of DN-PIQA (Sun et al. 2024): where that has two Swin branches and the features of
LIQE, this one has hand-made statistics and a learnt vocabulary of patches, each of the whole
picture and of the face, all at the picture's own pixels.
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
from piqa_cli.models.words import PATCH_PX, POOLS, WORDS, Vocabulary

FAULTS = (
    *("blur", "dark", "bright", "noise", "smear", "halo"),
    *("cast", "haze", "harsh", "colour", "blocking"),
)
"""What costs a capture its quality; `piqa_cli.train.severity` says how much."""

HEADS = 4  # networks that are averaged: four trainings in one
_ON_STATISTICS = 2  # heads that don't hear the words: better on faults, the others on real pictures
_UNHEARD = 0.1  # of its figures, that a head with words does without in training
_HIDDEN = 192
_SPOKEN = 1 + len(FAULTS)  # of every head: a free term, and the cost of each fault
_CLAMP = 4.0  # standard deviations beyond which a figure says no more


class Head(nn.Module):
    """(n, N) normalised figures to (n, 12): a free term and what each fault costs, in JOD.

    Args:
        width: of the figures that it looks at, the first of all.
        unheard: part of them that it does without in training.
    """

    def __init__(self, width: int, *, unheard: float) -> None:
        super().__init__()
        self.width = width
        self.layers = nn.Sequential(
            nn.Dropout(unheard),
            nn.Linear(width, _HIDDEN),
            nn.GELU(),
            nn.Dropout(0.2),
            nn.Linear(_HIDDEN, _HIDDEN),
            nn.GELU(),
            nn.Dropout(0.2),
            nn.Linear(_HIDDEN, _SPOKEN),
        )

    def forward(self, figures: Tensor) -> Tensor:
        """One row a row."""
        return self.layers(figures[:, : self.width])


class DnPiqaMini(nn.Module):
    """The small model; see `QualityModel`. One score a photograph, 1 unit is 1 label-JOD.

    Buffers: the vocabulary (`centre`, `whitening`, `words`), and `mean` and `deviation` of the
    figures over the training set.
    """

    centre: Tensor
    whitening: Tensor
    words: Tensor
    mean: Tensor
    deviation: Tensor

    def __init__(self) -> None:
        super().__init__()
        width = len(branch_of_figures())
        patch = PATCH_PX * PATCH_PX
        self.register_buffer("centre", torch.zeros(patch))
        self.register_buffer("whitening", torch.eye(patch))
        self.register_buffer("words", torch.zeros(WORDS, patch))
        self.register_buffer("mean", torch.zeros(width))
        self.register_buffer("deviation", torch.ones(width))
        few = len(statistics_names())
        heads = [Head(few, unheard=0.0) for _ in range(_ON_STATISTICS)]
        heads += [Head(width, unheard=_UNHEARD) for _ in range(HEADS - _ON_STATISTICS)]
        self.heads = nn.ModuleList(heads)

    def views(self, image: NDArray[np.uint8], face: FaceBox | None) -> Views:
        """See `mini_views`."""
        return mini_views(image, face, self.vocabulary())

    def vocabulary(self) -> Vocabulary:
        """What the visual words are told apart by; on the CPU."""
        buffers = (self.centre, self.whitening, self.words)
        return Vocabulary(*(buffer.detach().cpu().numpy() for buffer in buffers))

    def forward(self, views: dict[str, Tensor]) -> Output:
        """Scores (photos, 1); extra `faults` (photos, 11): what each of `FAULTS` costs, in JOD."""
        figures = torch.cat([views["statistics"][:, 0], views["words"][:, 0]], dim=1)
        spoken = self.heads_say(figures.float()).mean(dim=1)
        return Output(score_of(spoken)[:, None], {"faults": spoken[:, 1:]})

    def heads_say(self, figures: Tensor) -> Tensor:
        """(photos, N) statistics and words to (photos, 4, 12)."""
        normalised = ((figures - self.mean) / self.deviation).clamp(-_CLAMP, _CLAMP)
        return torch.stack([head(normalised) for head in self.heads], dim=1)

    def explain(self, output: Output, photo: int) -> dict[str, Any]:
        """`fault_costs`: what each of `FAULTS` costs, in JOD, comparable within one scene only."""
        return {"fault_costs": output.extras["faults"][photo].tolist()}


def branch_of_figures() -> tuple[str, ...]:
    """Which branch each of the model's figures belongs to: `whole`, `face` or `words`.

    The words of the face belong to the face.
    """
    statistics = ["face" if name.startswith("face_") else "whole" for name in statistics_names()]
    words = ["face" if pool == "face" else "words" for pool in POOLS for _ in range(WORDS)]
    return (*statistics, *words)


def score_of(spoken: Tensor) -> Tensor:
    """(..., 12) a free term and the faults' costs to (...) scores: the term minus the costs."""
    return spoken[..., 0] - spoken[..., 1:].sum(dim=-1)


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
