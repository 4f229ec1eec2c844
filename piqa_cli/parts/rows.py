"""Captures, outcomes and settings of a part as JSON, and back."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from piqa_cli.records import (
    Box,
    Capture,
    Discovery,
    Failed,
    FailedFolder,
    SceneInfo,
    Scored,
    Skipped,
)
from piqa_cli.records.device_names import DeviceName
from piqa_cli.remote import AnyPath, place
from piqa_cli.score.cache_rows import decode, encode, facts_of
from piqa_cli.settings import FindSettings, ModelChoice, RunSettings, ScoreSettings

Plain = dict[str, Any]
"""A record as JSON holds it."""


def plain_capture(capture: Capture) -> Plain:
    """A capture as JSON holds it."""
    return asdict(capture) | {"file": str(capture.file)}


def capture_of(plain: Plain) -> Capture:
    """The capture that `plain_capture` wrote."""
    box = plain["given_face"]
    more = {"file": place(plain["file"]), "given_face": None if box is None else Box(**box)}
    return Capture(**(plain | more))


def plain_result(result: Scored | Failed) -> Plain:
    """An outcome without its capture, as JSON holds it."""
    if isinstance(result, Scored):
        return {"scored": encode(result)}
    facts = None if result.facts is None else asdict(result.facts)
    return {"stage": result.stage, "reason": result.reason, "facts": facts}


def result_of(plain: Plain, capture: Capture) -> Scored | Failed:
    """The outcome that `plain_result` wrote."""
    if "scored" in plain:
        kept = decode(plain["scored"])
        return Scored(capture, kept.facts, kept.face, kept.prediction)
    facts = None if plain["facts"] is None else facts_of(plain["facts"])
    return Failed(capture, plain["stage"], plain["reason"], facts)


def plain_found(found: Discovery) -> Plain:
    """All that a search found beside captures, as JSON holds it."""
    plain = asdict(found)
    del plain["captures"]
    return plain


def found_of(plain: Plain, captures: tuple[Capture, ...]) -> Discovery:
    """The search that `plain_found` wrote, with its captures."""
    return Discovery(
        captures=captures,
        skipped=tuple(Skipped(**item) for item in plain["skipped"]),
        scenes={name: SceneInfo(**scene) for name, scene in plain["scenes"].items()},
        ignored=plain["ignored"],
        warnings=tuple(plain["warnings"]),
        folders=tuple(FailedFolder(**item) for item in plain["folders"]),
    )


def plain_choices(settings: RunSettings) -> Plain:
    """Settings that decide what is scored and how, as JSON holds them."""
    find, score = asdict(settings.find), asdict(settings.score)
    del score["shared_cache"]
    for table, names in ((find, ("root", "manifest")), (score, ("weights",))):
        table |= {name: _text(table[name]) for name in names}
    further = [[choice.model, _text(choice.weights)] for choice in settings.further]
    return {"find": find, "score": score, "pictures": settings.pictures, "further": further}


def choices_of(plain: Plain) -> Plain:
    """The settings that `plain_choices` wrote, by their names in `RunSettings`."""
    find, score = plain["find"], plain["score"]
    devices = [DeviceName(**{**d, "aliases": tuple(d["aliases"])}) for d in find["devices"]]
    return {
        "find": FindSettings(
            **find
            | {
                "root": _place(find["root"]),
                "manifest": _place(find["manifest"]),
                "only": tuple(find["only"]),
                "exclude": tuple(find["exclude"]),
                "devices": tuple(devices),
            }
        ),
        "score": ScoreSettings(**score | {"weights": _path(score["weights"])}),
        "pictures": plain["pictures"],
        "further": tuple(ModelChoice(name, _path(file)) for name, file in plain["further"]),
    }


def _place(text: str | None) -> AnyPath | None:
    return None if text is None else place(text)


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)


def _path(text: str | None) -> Path | None:
    return None if text is None else Path(text)
