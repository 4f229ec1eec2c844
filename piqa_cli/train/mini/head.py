"""The head of the small model: where it starts, and what it becomes after the backbone."""

from __future__ import annotations

import torch
from torch import Tensor

from piqa_cli.models.blocks.efficientnet_lite import STAGES
from piqa_cli.models.dn_piqa_mini.network import COST_SHARE, DnPiqaMini
from piqa_cli.train.mini.costs import centred, fit_costs
from piqa_cli.train.mini.material import SIMULATED_WEIGHT, Material
from piqa_cli.train.mini.ridge import ridge
from piqa_cli.train.mini.steps import all_features

_START_PENALTY = 3000.0
_SETTLE_WEIGHT = 0.3  # weight of simulated captures while the linear term settles beside the costs
_SETTLE_PENALTY = 10000.0
_ADAPT_PENALTY = 3000.0  # ridge penalty where trained weights move towards new ratings
_STAGE_PENALTIES = (1.0, 1.0, 1.0, 0.5, 1.0, 0.5, 4.0)
"""Penalties of the stages' features, in the ridge's: the last stage, which has 640 of 1,568 and
names things rather than faults, is held back."""

KEPT = 0.5
"""Part of the way from the start weights to the trained ones that is kept.

Weights in between agree better with people on captures that training didn't see than both ends
(Wortsman et al. 2022, "Robust fine-tuning of zero-shot models", equation 1).
"""


def begin(model: DnPiqaMini, material: Material) -> None:
    """The head's start: features standardised, and a ridge on the ratings of every set."""
    model.standardise.fit(material.maps.start)
    features = model.standardise(material.maps.start)
    weights = _ridge(
        material, features, material.jod, simulated=SIMULATED_WEIGHT, penalty=_START_PENALTY
    )
    with torch.no_grad():
        model.score.weight.copy_(weights[None])
        model.score.bias.zero_()


def keep_part(model: DnPiqaMini, start: dict[str, Tensor], part: float) -> None:
    """Moves the model's weights back: to `start`, plus a part of what was learnt since."""
    with torch.no_grad():
        for name, value in model.state_dict().items():
            value.copy_(start[name] + part * (value - start[name]))


def finish(model: DnPiqaMini, material: Material, *, seed: int) -> None:
    """Learns what each fault costs from simulated captures, then settles the linear term beside it.

    Halos count here as other faults do: with their full share, the linear term would undo it.
    """
    features = _features(model, material)
    simulated = material.is_simulated
    scenes, costs = material.scene_of_row[simulated], material.costs[simulated]
    fit_costs(model.costs, features[simulated], costs, scenes, seed=seed)
    shares = torch.full_like(model.shares, COST_SHARE)
    _settle(model, material, features, shares, simulated=_SETTLE_WEIGHT, penalty=_SETTLE_PENALTY)


def adapt(model: DnPiqaMini, material: Material) -> None:
    """Moves the linear term of trained weights towards new ratings; what faults cost stays."""
    features = _features(model, material)
    _settle(model, material, features, model.shares, simulated=1.0, penalty=_ADAPT_PENALTY)


def _features(model: DnPiqaMini, material: Material) -> Tensor:
    """(n, 3136) standardised features of every row."""
    every = torch.arange(len(material.jod))
    return model.standardise(all_features(model, material.maps, every))


def _settle(
    model: DnPiqaMini,
    material: Material,
    features: Tensor,
    shares: Tensor,
    *,
    simulated: float,
    penalty: float,
) -> None:
    """Moves the linear term by a ridge on what it leaves unexplained beside shares of the costs."""
    with torch.no_grad():
        lost = model.costs(features) @ shares
        left = material.jod + lost - model.score(features)[:, 0]
        move = _ridge(material, features, left, simulated=simulated, penalty=penalty)
        model.score.weight += move[None]


def _ridge(
    material: Material, features: Tensor, wanted: Tensor, *, simulated: float, penalty: float
) -> Tensor:
    """A ridge on all rows: rated ones around their set's mean, simulated ones within scenes.

    Args:
        material: its rows are those of the features.
        features: (n, 3136) standardised.
        wanted: (n,) JOD.
        simulated: weight of simulated rows.
        penalty: of most features; see `_STAGE_PENALTIES`.
    """
    made, rated = material.is_simulated, ~material.is_simulated
    scenes = material.scene_of_row[made]
    rows = [features[rated], simulated * centred(features[made], scenes)]
    jod = [centred(wanted[rated], material.set_of_row[rated])]
    jod.append(simulated * centred(wanted[made], scenes))
    widths = torch.tensor([2 * stage.width for stage in STAGES])
    penalties = penalty * torch.tensor(_STAGE_PENALTIES).repeat_interleave(widths).repeat(2)
    return ridge(torch.cat(rows), torch.cat(jod), penalty=penalties)
