"""An ensemble of a run's models by ranks: a model of its own, never mixed into others."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import astuple

from piqa_cli.models.installed import COMBINED
from piqa_cli.rank.combined import normal_scores
from piqa_cli.records import (
    Failed,
    Findings,
    ModelSpec,
    Prediction,
    Recipe,
    Scored,
)
from piqa_cli.records.models import ScoreSource
from piqa_cli.records.on_demand import each

_VERSION = "rank/1"  # changes with the formula


def combined(found: Sequence[Findings[Scored | Failed]]) -> Findings[Scored | Failed]:
    """Outcomes by the ensemble: the mean over models of the capture's normal score in its scene.

    See `rank.combined.rankits` for the formula. The ranks are among the captures of the scene that
    every model scored; another capture fails, with the model that couldn't score it.

    Args:
        found: the outcomes by each model, of the same captures in the same order.
    """
    found = tuple(found)  # as it is now: results may be made later
    first = found[0]
    scores = [
        {r.capture.path: r.score for r in one.results if isinstance(r, Scored)} for one in found
    ]
    normal = normal_scores(scores, {r.capture.path: r.capture.scene for r in first.results})

    def result(place: int) -> Scored | Failed:
        results = [one.results[place] for one in found]
        return _result(results, normal.get(results[0].capture.path), found)

    return Findings(
        results=each(range(len(first.results)), result),
        source=_spec([one.source for one in found]),
        recipe=_recipe([one.recipe for one in found], first.recipe),
        hardware=first.hardware,
    )


def _result(
    results: Sequence[Scored | Failed],
    normal: tuple[float, ...] | None,
    found: Sequence[Findings[Scored | Failed]],
) -> Scored | Failed:
    """The ensemble's outcome of one capture; file and face are as the first model has them."""
    for result, one in zip(results, found, strict=True):
        if isinstance(result, Failed):
            reason = f"{one.source.name} has no score: {result.reason}"
            return Failed(result.capture, result.stage, reason, result.facts)
    first = results[0]
    assert isinstance(first, Scored)
    assert normal is not None
    prediction = Prediction(sum(normal) / len(normal), normal)
    return Scored(first.capture, first.facts, first.face, prediction, first.warning)


def _spec(models: Sequence[ScoreSource]) -> ModelSpec:
    *others, last = (model.name for model in models)
    names = f"{', '.join(others)} and {last}"
    specs = [model for model in models if isinstance(model, ModelSpec)]
    return ModelSpec(
        name=COMBINED,
        title=f"mean of the normal scores within the scene by {names}",
        citation="piqa-cli: --combine rank",
        attribute="as its models",
        scale="relative",
        jod_per_unit=None,
        licence="those of its models",
        needs_face=any(spec.needs_face for spec in specs),
        min_side_px=max(spec.min_side_px for spec in specs),
        max_aspect=min(spec.max_aspect for spec in specs),
        preprocessing=f"{_VERSION}: {' + '.join(spec.preprocessing for spec in specs)}",
        trained_on=f"nothing of its own: it ranks by {names}",
        ships=False,
    )


def _recipe(recipes: Sequence[Recipe], first: Recipe) -> Recipe:
    """The recipe: another one wherever that of a member is another one."""
    parts = "\n".join(repr(astuple(recipe)) for recipe in recipes)
    detectors = [recipe for recipe in recipes if recipe.detector is not None]
    return Recipe(
        model=COMBINED,
        scale="relative",
        weights_sha256=hashlib.sha256(parts.encode()).hexdigest(),
        preprocessing=f"{_VERSION}: {' + '.join(recipe.preprocessing or '' for recipe in recipes)}",
        working_size=first.working_size,
        precision=first.precision,
        reading=first.reading,
        detector=detectors[0].detector if detectors else None,
        face_rule=detectors[0].face_rule if detectors else None,
        damaged=first.damaged,
    )
