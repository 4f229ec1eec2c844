"""Source and recipe of a run's scores, to run.json and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any, get_args

from piqa_cli.errors import PiqaError
from piqa_cli.records import GivenScores, ModelSpec, Recipe, ScoredBy, ScoreSource
from piqa_cli.records.capture_row import CaptureRow

_OF_READING = ("reading", "detector", "face_rule")


def source_facts(source: ScoreSource, recipe: Recipe) -> dict[str, Any]:
    """Entries of run.json for a source and a recipe.

    `weights_sha256` and `protocol` repeat parts of the recipe for scripts that look for them there.
    """
    known = {name: getattr(recipe, name) for name in _OF_READING}
    return {
        "model": _only(ModelSpec if isinstance(source, ModelSpec) else GivenScores, asdict(source))
        | {"voice": source.scored_by},
        "recipe": asdict(recipe),
        "weights_sha256": recipe.weights_sha256,
        "protocol": {name: value for name, value in known.items() if value is not None},
    }


def source_of(info: Mapping[str, Any]) -> ScoreSource:
    """The source of a run, by its run.json.

    Raises:
        PiqaError: run.json has no complete source of the scores.
    """
    model = info.get("model", {})
    voice = model.get("voice")
    scored_by: ScoredBy = voice if voice in get_args(ScoredBy) else "model"
    kind = ModelSpec if scored_by == "model" else GivenScores
    facts = _only(kind, model) | ({} if scored_by == "model" else {"scored_by": scored_by})
    try:
        return kind(**facts)
    except TypeError as error:
        raise PiqaError(
            f"run.json doesn't say what made the scores ({error}): rank again"
        ) from None


def recipe_of(info: Mapping[str, Any], capture: CaptureRow | None = None) -> Recipe:
    """The recipe of a run, by its run.json.

    Runs written before run.json kept the recipe have its parts in several places.

    Args:
        info: run.json.
        capture: a row of the captures table that isn't skipped; where scores were given, it alone
            has the working size and the precision.

    Raises:
        PiqaError: run.json has no complete source of the scores.
    """
    if "recipe" in info:
        return Recipe(**_only(Recipe, info["recipe"]))
    source, model = source_of(info), info["model"]
    working_size = capture.working_size if capture else None
    precision = capture.precision if capture else None
    if isinstance(source, GivenScores):
        return Recipe(
            model=source.name,
            scale=source.scale,
            weights_sha256=info.get("weights_sha256"),
            preprocessing=model.get("preprocessing") or None,
            working_size=working_size,
            precision=precision,
        )
    score = info.get("settings", {}).get("score") or {}
    protocol = info.get("protocol", {})
    return Recipe.of_model(
        source,
        weights_sha256=info.get("weights_sha256") or "",
        working_size=working_size or str(score.get("working_side_px") or "native"),
        precision=precision or ("bf16" if score.get("precision") == "bf16" else "fp32"),
        reading=protocol.get("reading"),
        detector=protocol.get("detector"),
        face_rule=protocol.get("face_rule"),
    )


def _only(kind: type, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts that a record has; a newer version may have written more."""
    return {field.name: facts[field.name] for field in fields(kind) if field.name in facts}
