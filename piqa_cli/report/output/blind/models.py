"""Models in a blind report: they are named, save where their names name a device."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from piqa_cli.records import Agreement, GivenScores, ScoreSource
from piqa_cli.report.output.blind.mask import Mask


def masked_source(mask: Mask, source: ScoreSource) -> ScoreSource:
    """The source of the scores, with masked names."""
    name, title = (mask.word(text) for text in (source.name, source.title))
    if isinstance(source, GivenScores):
        return replace(source, name=name, title=title)
    return replace(source, name=name, title=title, trained_on=mask.word(source.trained_on))


def masked_agreement(mask: Mask, row: Agreement) -> Agreement:
    """A figure of agreement; models are named, devices are not."""
    return replace(
        row,
        model_a=mask.word(row.model_a),
        model_b=mask.word(row.model_b),
        scene=mask.scene(row.scene),
        condition=mask.condition(row.condition),
        device=mask.letter(row.competitor),
        firmware=None,
        note=mask.finder.clean(row.note),
    )


def masked_further_models(mask: Mask, info: Mapping[str, Any]) -> dict[str, Any]:
    """The entry of run.json on further models, with masked names; nothing where there is none."""
    if "further_models" not in info:
        return {}
    models = [
        {**facts, **{key: mask.word(facts[key]) for key in ("name", "title")}}
        for facts in info["further_models"]
    ]
    return {"further_models": models}
