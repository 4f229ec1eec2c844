"""Words for the source of the scores: a model, people, or a list of unknown origin."""

from __future__ import annotations

from piqa_cli.records import ScoredBy

PREFERENCE: dict[ScoredBy, str] = {
    "model": "Model preference",
    "observers": "Share of observers",
    "given": "Preference",
}
_PREFERS: dict[ScoredBy, str] = {
    "model": "How often the model would prefer",
    "observers": "How many observers would prefer",
    "given": "How often, by these scores, one would prefer",
}


def given_by(model: str) -> str | None:
    """Words for given scores, from the name of a run's model; None: a real model.

    >>> given_by("given"), given_by("given: other"), given_by("dn-piqa")
    ('given scores', 'given scores of other', None)
    """
    if model == "given":
        return "given scores"
    name = model.removeprefix("given: ")
    return None if name == model else f"given scores of {name}"


def prefers(scored_by: ScoredBy, reference: str | None) -> str:
    """Meaning of a preference, for the heading of its column.

    >>> prefers("observers", None)
    'How many observers would prefer this device over the mean device'
    """
    return f"{_PREFERS[scored_by]} this device over {reference or 'the mean device'}"
