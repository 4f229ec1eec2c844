"""Draws groups of captures of one scene, and batches of groups, from the seed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from piqa_cli.train.zoo.recipe import TrainRecipe

Group = tuple[int, ...]
"""Rows of captures of one scene."""


def draw_batches(
    scenes: Sequence[str], recipe: TrainRecipe, *, seed: int, epoch: int
) -> list[list[Group]]:
    """The batches of an epoch: every capture is in `repeats` groups.

    A scene's captures are shuffled and dealt into groups; a last group of one joins the group
    before it where the loss compares captures, and is left out where the scene has no other.
    Groups are shuffled over all scenes.

    Args:
        scenes: of every capture.
        recipe: sizes of groups and batches.
        seed: of the order.
        epoch: counted from 1; each has its own order.
    """
    rng = np.random.default_rng((seed, 11, epoch))
    members: dict[str, list[int]] = {}
    for row, scene in enumerate(scenes):
        members.setdefault(scene, []).append(row)
    groups = [
        group
        for _ in range(recipe.repeats)
        for rows in members.values()
        for group in _dealt([rows[place] for place in rng.permutation(len(rows))], recipe)
    ]
    order = [groups[place] for place in rng.permutation(len(groups))]
    return [order[at : at + recipe.scenes] for at in range(0, len(order), recipe.scenes)]


def _dealt(rows: Sequence[int], recipe: TrainRecipe) -> list[Group]:
    size = recipe.captures
    groups = [tuple(rows[at : at + size]) for at in range(0, len(rows), size)]
    if recipe.compares and len(groups[-1]) == 1:
        alone = groups.pop()
        if groups:
            groups[-1] += alone
    return groups
