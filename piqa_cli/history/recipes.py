"""Recipes of runs in words: what differs between two, and a heading for each."""

from __future__ import annotations

from piqa_cli.records import Recipe
from piqa_cli.records.recipe import PART_NAMES
from piqa_cli.records.units import unit_word
from piqa_cli.report.source_wording import given_by

_SHORT = 8  # digits of a SHA-256 in texts
_APART = ("model", "scale", "weights_sha256")  # parts that have headings of their own


def other_parts(recipe: Recipe) -> dict[str, str]:
    """The parts beside model, weights and unit, by the names that people read."""
    parts = {part: getattr(recipe, part) for part in PART_NAMES if part not in _APART}
    faceless = recipe.detector is None and recipe.face_rule is None
    hidden = ("detector", "face_rule") if faceless else ()
    return {PART_NAMES[part]: value or "" for part, value in parts.items() if part not in hidden}


def differences(before: Recipe, after: Recipe) -> tuple[str, ...]:
    """Differences between two recipes, in words.

    >>> one = Recipe("mini", "jod", weights_sha256="aa", precision="fp32")
    >>> differences(one, Recipe("mini", "jod", weights_sha256="bb", precision="bf16"))
    ('weights aa, now bb', 'precision fp32, now bf16')
    >>> differences(one, Recipe("given", "jod"))
    ('model mini, now given scores',)
    """
    if before.model != after.model:
        was = given_by(before.model) or f"model {before.model}"
        return (f"{was}, now {given_by(after.model) or after.model}",)
    old, new = (
        {
            "weights": (recipe.weights_sha256 or "")[:_SHORT],
            "scores in": unit_word(recipe.scale),
            **other_parts(recipe),
        }
        for recipe in (before, after)
    )
    names = dict.fromkeys((*old, *new))
    return tuple(
        f"{name} {old.get(name) or 'unknown'}, now {new.get(name) or 'unknown'}"
        for name in names
        if old.get(name) != new.get(name)
    )


def title_of(recipe: Recipe) -> str:
    """A recipe as a heading: model and the beginning of its weights' hash."""
    weights = f", weights {recipe.weights_sha256[:_SHORT]}" if recipe.weights_sha256 else ""
    return f"{given_by(recipe.model) or recipe.model}{weights}"
