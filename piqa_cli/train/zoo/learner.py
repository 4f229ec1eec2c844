"""The parts that every step changes: network, average of its weights, optimiser; checkpoint."""

from __future__ import annotations

import copy
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from piqa_cli.train.checkpoint_file import read_checkpoint, write_checkpoint
from piqa_cli.train.progress import Progress
from piqa_cli.train.zoo.recipe import TrainRecipe


@dataclass(frozen=True, slots=True)
class Learner:
    """Objects that change with every step.

    Attributes:
        model: what learns.
        average: its averaged copy; None: the recipe wants none.
        optimiser: two groups of parameters, the backbone's and the head's.
        scaler: of the gradients in fp16; off otherwise.
    """

    model: nn.Module
    average: nn.Module | None
    optimiser: torch.optim.Optimizer
    scaler: torch.amp.GradScaler

    @property
    def judged(self) -> nn.Module:
        """The network that is scored and written."""
        return self.model if self.average is None else self.average

    @torch.no_grad()
    def follow(self, share: float) -> None:
        """Moves the average by one step: it keeps this share of itself."""
        if self.average is None:
            return
        now = self.model.state_dict()
        for name, mean in self.average.state_dict().items():
            if mean.is_floating_point():
                mean.lerp_(now[name], 1 - share)
            else:
                mean.copy_(now[name])


def new_learner(
    model: nn.Module, recipe: TrainRecipe, *, backbone: str, device: torch.device, half: Any
) -> Learner:
    """A learner before its first step.

    Args:
        model: on the device.
        recipe: optimiser, rates, average.
        backbone: beginning of the names of the backbone's tensors.
        device: processor.
        half: type that autocast computes in; None: float32.
    """
    slow: list[nn.Parameter] = []
    fast: list[nn.Parameter] = []
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            (slow if name.startswith(backbone) else fast).append(parameter)
    groups = [
        {"params": slow, "lr": recipe.backbone_rate},
        {"params": fast, "lr": recipe.head_rate},
    ]
    kind = torch.optim.Adam if recipe.optimiser == "adam" else torch.optim.AdamW
    optimiser = kind(groups, weight_decay=recipe.weight_decay)
    average = copy.deepcopy(model).requires_grad_(False) if recipe.average else None
    scaler = torch.amp.GradScaler(device.type, enabled=half == torch.float16)
    return Learner(model, average, optimiser, scaler)


def save_learner(out: Path, learner: Learner, progress: Progress, *, identity: str) -> None:
    """Writes the checkpoint whole; `identity` names the material and settings it belongs to.

    Raises:
        PiqaError: it can't be written.
    """
    content = {
        "model": learner.model.state_dict(),
        "average": None if learner.average is None else learner.average.state_dict(),
        "optimiser": learner.optimiser.state_dict(),
        "scaler": learner.scaler.state_dict(),
        "progress": asdict(progress),
    }
    write_checkpoint(out, content, identity=identity)


def load_learner(out: Path, learner: Learner, *, identity: str) -> Progress:
    """Puts the learner where an earlier run left it; a fresh start without a checkpoint.

    Raises:
        PiqaError: the checkpoint is damaged or belongs to other material or settings.
    """

    def take(content: dict[str, Any]) -> Progress:
        learner.model.load_state_dict(content["model"])
        if learner.average is not None:
            learner.average.load_state_dict(content["average"])
        learner.optimiser.load_state_dict(content["optimiser"])
        if content["scaler"]:
            learner.scaler.load_state_dict(content["scaler"])
        return Progress(**content["progress"])

    return read_checkpoint(out, take, identity=identity) or Progress()
