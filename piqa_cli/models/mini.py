"""The small dual-branch model that ships: whole picture and face, by statistics and visual words.

After the idea of DN-PIQA (Sun et al. 2024): where that has two Swin branches and the features of
LIQE, this one has hand-made statistics and a learnt vocabulary of patches, each of the whole
picture and of the face, and a reader of the light: its colour and its exposure.
"""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from piqa_cli.models.light import FIGURES as LIGHT_FIGURES
from piqa_cli.models.light import SKIN_FIGURES
from piqa_cli.models.mini_views import mini_views
from piqa_cli.models.protocol import FaceBox, Output, Views
from piqa_cli.models.statistics import statistics_names
from piqa_cli.models.words import PATCH_PX, POOLS, WORDS, Vocabulary

FAULTS = (
    *("blur", "dark", "bright", "noise", "smear", "halo"),
    *("cast", "haze", "harsh", "colour", "blocking"),
)
"""What costs a capture its quality; `piqa_cli.train.severity` says how much."""

VIEWS = ("statistics", "words", "light")  # in the order of the model's figures
HEADS = 4  # networks that are averaged: four trainings in one
_ON_STATISTICS = 2  # heads that don't hear the words: better on faults, the others on real pictures
_UNHEARD = 0.1  # of its figures, that a head with words does without in training
_HIDDEN = 192
_LIGHT_HIDDEN = 96
LIGHT = ("warmth", "tint", "exposure")  # read as the camera has them, exposure in stops
LIGHT_UNITS = np.array([1, 4, 1], np.float32)  # of the readings in one of each: so all vary as much
_READINGS = 2 * len(LIGHT)  # each as it is, and how far it is from neutral
_NEUTRAL = 0.1  # of a reading: nearer to zero than this, its distance is rounded off
_CLAMP = 4.0  # standard deviations beyond which a figure says no more


class LightReader(nn.Sequential):
    """(n, 219) normalised figures of the light to (n, 3): `LIGHT`, in `LIGHT_UNITS`."""

    def __init__(self) -> None:
        super().__init__(
            nn.Linear(LIGHT_FIGURES, _LIGHT_HIDDEN),
            nn.GELU(),
            nn.Dropout(0.4),
            nn.Linear(_LIGHT_HIDDEN, _LIGHT_HIDDEN),
            nn.GELU(),
            nn.Dropout(0.4),
            nn.Linear(_LIGHT_HIDDEN, len(LIGHT)),
        )


class Head(nn.Module):
    """(n, N) normalised figures to (n, 15): a free term, what each fault costs, and the light.

    Args:
        width: of the figures that it looks at beside the light's: the first of all.
        unheard: part of them that it does without in training.
    """

    def __init__(self, width: int, *, unheard: float) -> None:
        super().__init__()
        self.width = width
        self.light = LightReader()
        self.unheard = nn.Dropout(unheard)
        self.layers = nn.Sequential(
            nn.Linear(width + _READINGS, _HIDDEN),
            nn.GELU(),
            nn.Dropout(0.2),
            nn.Linear(_HIDDEN, _HIDDEN),
            nn.GELU(),
            nn.Dropout(0.2),
        )
        self.last = nn.Linear(_READINGS + _HIDDEN, 1 + len(FAULTS))

    def forward(self, figures: Tensor) -> Tensor:
        """One row a row; the light's figures come last."""
        light = self.light(figures[:, -LIGHT_FIGURES:])
        heard = self.unheard(figures[:, : self.width])
        off = torch.sqrt(light * light + _NEUTRAL**2)
        read = torch.cat([light, off], dim=1)
        hidden = self.layers(torch.cat([read, heard], dim=1))
        return torch.cat([self.last(torch.cat([read, hidden], dim=1)), light], dim=1)

    def weigh_costs(self, factors: Tensor) -> None:
        """Multiplies what each of `FAULTS` costs by its factor, (11,), in place."""
        costs = slice(1, 1 + len(FAULTS))
        with torch.no_grad():
            self.last.weight[costs] *= factors[:, None]
            self.last.bias[costs] *= factors


class DnPiqaMini(nn.Module):
    """The small model; see `QualityModel`. One score a photograph, 1 unit is about 1 label-JOD.

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
        few, all_but_light = len(statistics_names()), width - LIGHT_FIGURES
        heads = [Head(few, unheard=0.0) for _ in range(_ON_STATISTICS)]
        heads += [Head(all_but_light, unheard=_UNHEARD) for _ in range(HEADS - _ON_STATISTICS)]
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
        figures = torch.cat([views[name][:, 0] for name in VIEWS], dim=1)
        spoken = self.heads_say(figures.float()).mean(dim=1)
        return Output(score_of(spoken)[:, None], {"faults": costs_of(spoken)})

    def heads_say(self, figures: Tensor) -> Tensor:
        """(photos, N) statistics, words and light to (photos, 4, 15)."""
        normalised = ((figures - self.mean) / self.deviation).clamp(-_CLAMP, _CLAMP)
        return torch.stack([head(normalised) for head in self.heads], dim=1)

    def weigh_costs(self, factors: Tensor) -> None:
        """Multiplies what each of `FAULTS` costs by its factor, (11,), in place."""
        for head in self.heads:
            cast(Head, head).weigh_costs(factors)

    def explain(self, output: Output, photo: int) -> dict[str, Any]:
        """`fault_costs`: what each of `FAULTS` costs, in JOD, comparable within one scene only."""
        return {"fault_costs": output.extras["faults"][photo].tolist()}


def branch_of_figures() -> tuple[str, ...]:
    """Which branch each of the model's figures belongs to: `whole`, `face` or `words`.

    The words of the face, and the colour of its skin, belong to the face; what else tells the
    light belongs to the whole picture.
    """
    statistics = ["face" if name.startswith("face_") else "whole" for name in statistics_names()]
    words = ["face" if pool == "face" else "words" for pool in POOLS for _ in range(WORDS)]
    light = ["face" if number in SKIN_FIGURES else "whole" for number in range(LIGHT_FIGURES)]
    return (*statistics, *words, *light)


def score_of(spoken: Tensor) -> Tensor:
    """(..., 15) of heads to (...) scores: the free term minus the faults' costs."""
    return spoken[..., 0] - costs_of(spoken).sum(dim=-1)


def costs_of(spoken: Tensor) -> Tensor:
    """(..., 15) of heads to (..., 11): what each of `FAULTS` costs, in JOD."""
    return spoken[..., 1 : 1 + len(FAULTS)]


def light_of(spoken: Tensor) -> Tensor:
    """(..., 15) of heads to (..., 3): `LIGHT`, in `LIGHT_UNITS`."""
    return spoken[..., -len(LIGHT) :]


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
