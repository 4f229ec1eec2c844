"""What must be equal for the scores of two runs to be of one kind, from run.json."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from piqa_cli.history.records import Recipe
from piqa_cli.report.score_source import given_by
from piqa_cli.report.site import unit_of

_SHORT = 8  # of a SHA-256


def recipe_of(info: Mapping[str, Any]) -> Recipe:
    """The recipe of a run."""
    model = info["model"]
    score = info.get("settings", {}).get("score") or {}
    protocol = info.get("protocol", {})
    parts = {
        "preprocessing": model["preprocessing"],
        "working size": score.get("working_side_px") or "native",
        "precision": "bf16" if score.get("precision") == "bf16" else "fp32",
        "reading": protocol.get("reading", ""),
    }
    if model["needs_face"]:
        parts |= {
            "face rule": protocol.get("face_rule", ""),
            "face detector": protocol.get("detector", ""),
        }
    return Recipe(
        model=model["name"],
        weights_sha256=info.get("weights_sha256") or "",
        unit=unit_of(info),
        parts=tuple((name, str(value)) for name, value in parts.items()),
    )


def differences(before: Recipe, after: Recipe) -> tuple[str, ...]:
    """What differs between two recipes, in words.

    >>> one = Recipe("mini", "aa", "JOD", (("precision", "fp32"),))
    >>> differences(one, Recipe("mini", "bb", "JOD", (("precision", "bf16"),)))
    ('weights aa, now bb', 'precision fp32, now bf16')
    >>> differences(one, Recipe("given", "", "JOD", ()))
    ('model mini, now given scores',)
    """
    if before.model != after.model:
        was = given_by(before.model) or f"model {before.model}"
        return (f"{was}, now {given_by(after.model) or after.model}",)
    old, new = dict(before.parts), dict(after.parts)
    old |= {"weights": before.weights_sha256[:_SHORT], "scores in": before.unit}
    new |= {"weights": after.weights_sha256[:_SHORT], "scores in": after.unit}
    names = dict.fromkeys(("weights", "scores in", *old, *new))
    return tuple(
        f"{name} {old.get(name) or 'unknown'}, now {new.get(name) or 'unknown'}"
        for name in names
        if old.get(name) != new.get(name)
    )


def title_of(recipe: Recipe) -> str:
    """A recipe as a heading: model and the beginning of its weights' hash."""
    weights = f", weights {recipe.weights_sha256[:_SHORT]}" if recipe.weights_sha256 else ""
    return f"{given_by(recipe.model) or recipe.model}{weights}"
