"""Learns what each fault costs from simulated captures, on features that no longer change."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from piqa_cli.models.dn_piqa_mini.network import Costs

_PASSES = 60
_BATCH_SCENES = 24
_RATE = 1e-3
_WEIGHT_DECAY = 1e-2
_HELD_OUT = 8  # every eighth scene isn't trained on, and decides the gains
_GAINS = (0.5, 2.0)  # least and largest gain
_LEVEL_WEIGHT = 0.2  # weight of the cost itself; its difference from the scene's mean has weight 1


def fit_costs(costs: Costs, features: Tensor, wanted: Tensor, scenes: Tensor, *, seed: int) -> None:
    """Trains a cost network in place, by the smooth L1 error within scenes; then sets its gains.

    Costs that can hardly be read come out too small. A gain is the slope of the true cost over the
    predicted one, within scenes that weren't learnt from.

    Args:
        costs: the network.
        features: (n, width) float32, standardised.
        wanted: (n, 11) float32 costs of `FAULTS`, in label-JOD.
        scenes: (n,) int64; only captures with the same number are compared.
        seed: of order and dropout.
    """
    every = [torch.nonzero(scenes == scene)[:, 0] for scene in torch.unique(scenes)]
    members = [rows for number, rows in enumerate(every) if number % _HELD_OUT]
    costs.gain.fill_(1.0)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        optimiser = torch.optim.AdamW(costs.parameters(), _RATE, weight_decay=_WEIGHT_DECAY)
        steps = _PASSES * -(-len(members) // _BATCH_SCENES)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, _RATE, total_steps=steps)
        costs.train()
        for _ in range(_PASSES):
            for chosen in torch.split(torch.randperm(len(members)), _BATCH_SCENES):
                rows = torch.cat([members[int(scene)] for scene in chosen])
                loss = _loss(costs(features[rows]), wanted[rows], scenes[rows])
                optimiser.zero_grad()
                loss.backward()  # type: ignore[no-untyped-call]
                optimiser.step()
                schedule.step()
    costs.eval()
    held_out = torch.cat(every[::_HELD_OUT])
    with torch.no_grad():
        found = costs(features[held_out])
    costs.gain.copy_(_slopes(found, wanted[held_out], scenes[held_out]).clamp(*_GAINS))


def _slopes(found: Tensor, wanted: Tensor, scenes: Tensor) -> Tensor:
    """(11,) slopes through zero of the true costs over the predicted ones, within scenes."""
    predicted, true = centred(found, scenes), centred(wanted, scenes)
    power = (predicted * predicted).sum(dim=0)
    return (predicted * true).sum(dim=0) / power.clamp(min=1e-6)


def _loss(found: Tensor, wanted: Tensor, scenes: Tensor) -> Tensor:
    within = functional.smooth_l1_loss(centred(found, scenes), centred(wanted, scenes), beta=0.3)
    return within + _LEVEL_WEIGHT * functional.smooth_l1_loss(found, wanted, beta=0.3)


def centred(values: Tensor, scenes: Tensor) -> Tensor:
    """(n, ...) values minus the mean over the rows of the same scene."""
    numbers: Tensor = torch.unique(scenes, return_inverse=True)[1]
    counts = torch.bincount(numbers).to(values.dtype)
    sums = values.new_zeros((len(counts), *values.shape[1:])).index_add(0, numbers, values)
    means = sums / counts.reshape(-1, *[1] * (values.ndim - 1))
    return values - means[numbers]
