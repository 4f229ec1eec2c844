"""One step of training of the small model: pairs within a scene, fidelity loss."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from piqa_cli.models.dn_piqa_mini.network import FROZEN_STAGES, DnPiqaMini
from piqa_cli.train.fidelity import JOD_TO_SIGMA, fidelity, pairs_within, preference
from piqa_cli.train.mini.features import Maps
from piqa_cli.train.mini.material import Indices, Material

GROUP = 8  # captures of one scene, or single photographs of one set, that are compared in a step
_LARGEST_GRADIENT = 5.0


def draw_groups(material: Material, rng: np.random.Generator) -> list[Indices]:
    """One group of every set: `GROUP` captures of a scene drawn by its size."""
    drawn = []
    for scenes in material.groups:
        sizes = np.array([len(scene) for scene in scenes], float)
        scene = scenes[int(rng.choice(len(scenes), p=sizes / sizes.sum()))]
        drawn.append(rng.choice(scene, min(GROUP, len(scene)), replace=False))
    return drawn


def step_loss(model: DnPiqaMini, material: Material, rng: np.random.Generator) -> Tensor:
    """The fidelity loss on all pairs of one group of every set, summed over the sets."""
    drawn = draw_groups(material, rng)
    rows = torch.from_numpy(np.concatenate(drawn))
    scores = model.score_features(features_of(model, material.maps, rows)).cpu()
    loss, at = scores.new_zeros(()), 0
    for group, weight in zip(drawn, material.weights, strict=True):
        part = slice(at, at + len(group))
        loss = loss + weight * pair_loss(scores[part], material.jod[rows[part]])
        at += len(group)
    return loss


def pair_loss(scores: Tensor, jod: Tensor) -> Tensor:
    """Fidelity of (n,) scores with (n,) ratings of one scene, over all its pairs."""
    first, second = pairs_within(torch.zeros(len(scores), dtype=torch.int64))
    predicted = preference(JOD_TO_SIGMA * (scores[first] - scores[second]))
    wanted = preference(JOD_TO_SIGMA * (jod[first] - jod[second]))
    return fidelity(predicted, wanted)


def features_of(model: DnPiqaMini, maps: Maps, rows: Tensor) -> Tensor:
    """(n, 3136) features of whole picture and face, as `DnPiqaMini.forward` computes them.

    On the model's processor, whichever holds the maps.

    Args:
        model: its trained stages run here.
        maps: what the frozen stages find.
        rows: (n,) int64, which of them.
    """
    found, device = [], model.score.weight.device
    for branch, part in enumerate((maps.whole[rows], maps.face[rows])):
        float_maps = part.to(device).float().contiguous(memory_format=torch.channels_last)
        upper = model.backbone.upper(float_maps, FROZEN_STAGES)
        found += [maps.early[rows, branch].to(device), upper]
    return torch.cat(found, dim=1)


def all_features(model: DnPiqaMini, maps: Maps, rows: Tensor) -> Tensor:
    """(n, 3136) features of many rows, in evaluation mode and without gradients."""
    model.eval()
    with torch.inference_mode():
        parts = [features_of(model, maps, part) for part in torch.split(rows, 2 * GROUP)]
    return torch.cat(parts).clone()  # outside of inference mode: training may use it


def take_step(
    trained: list[torch.nn.Parameter], optimiser: torch.optim.Optimizer, loss: Tensor
) -> float:
    """Follows the gradient of a loss; returns the loss."""
    optimiser.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(trained, _LARGEST_GRADIENT)
    optimiser.step()
    return float(loss.detach())
