"""Units of scores in plain words, the same on pages, in figures and on the terminal."""

from __future__ import annotations

from collections.abc import Mapping

from piqa_cli.records.models import Scale

_WORDS: Mapping[Scale, tuple[str, str]] = {
    "jod": ("JOD", "A just-objectionable difference: three of four observers see a gap of 1 JOD."),
    "mos": ("MOS", "Mean opinion score: the mean of people's ratings."),
    "pseudo_jod": (
        "points",
        "The model's own unit, a pseudo-JOD: meant so that three of four observers see a gap of "
        "one point, but not measured with observers.",
    ),
    "relative": ("points", "The unit of these scores; its relation to JOD isn't known."),
}


def unit_word(scale: Scale) -> str:
    """The unit of scores in one word.

    >>> unit_word("pseudo_jod"), unit_word("jod")
    ('points', 'JOD')
    """
    return _WORDS.get(scale, _WORDS["relative"])[0]


def unit_meaning(scale: Scale) -> str:
    """The meaning of that word, in a sentence."""
    return _WORDS.get(scale, _WORDS["relative"])[1]
