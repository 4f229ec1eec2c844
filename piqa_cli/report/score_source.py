"""Who speaks on the pages: a model that saw pictures, people, or whoever made given scores."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from piqa_cli.records import Voice

PREFERENCE: dict[Voice, str] = {
    "model": "Model preference",
    "observers": "Share of observers",
    "given": "Preference",
}
_PREFERS: dict[Voice, str] = {
    "model": "How often the model would prefer",
    "observers": "How many observers would prefer",
    "given": "How often, by these scores, one would prefer",
}


def voice_of(info: Mapping[str, Any]) -> Voice:
    """Who speaks in a run, by its run.json."""
    said = info["model"].get("voice")
    return said if said in get_args(Voice) else "model"


def given_by(model: str) -> str | None:
    """What a run calls its model where the scores were given, in words; None: it is a model.

    >>> given_by("given"), given_by("given: other"), given_by("dn-piqa")
    ('given scores', 'given scores of other', None)
    """
    if model == "given":
        return "given scores"
    name = model.removeprefix("given: ")
    return None if name == model else f"given scores of {name}"


def prefers(voice: Voice, reference: str | None) -> str:
    """What a preference is.

    >>> prefers("observers", None)
    'How many observers would prefer this device over the mean device'
    """
    return f"{_PREFERS[voice]} this device over {reference or 'the mean device'}"
