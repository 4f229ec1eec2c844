"""Learning rates by the recipe, as a function of how far the training is."""

from __future__ import annotations

import math

from piqa_cli.train.zoo.recipe import TrainRecipe


def rates_at(recipe: TrainRecipe, epochs: float) -> tuple[float, float]:
    """Rates of backbone and head after so many epochs, which need not be whole."""
    share = _share(recipe, epochs)
    boosted = not recipe.head_boost_epochs or epochs < recipe.head_boost_epochs
    head = recipe.head_rate if boosted else recipe.backbone_rate
    return recipe.backbone_rate * share, head * share


def _share(recipe: TrainRecipe, epochs: float) -> float:
    """Share of the full rates."""
    if epochs < recipe.warmup_epochs:
        rise = epochs / recipe.warmup_epochs
        return recipe.warmup_from + (1 - recipe.warmup_from) * rise
    match recipe.schedule:
        case "constant":
            return 1.0
        case "step":
            return float(recipe.decay ** (int(epochs) // recipe.decay_epochs))
        case "cosine":
            begun = epochs - recipe.warmup_epochs
            length = recipe.cycle_epochs or max(recipe.epochs - recipe.warmup_epochs, 1)
            place = begun % length / length
            return recipe.floor + (1 - recipe.floor) * (1 + math.cos(math.pi * place)) / 2
