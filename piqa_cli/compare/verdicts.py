"""Verdicts on a difference, as a code and in words."""

from __future__ import annotations

from piqa_cli.compare.records import Verdict
from piqa_cli.rank.intervals import ROUNDING
from piqa_cli.report.text import counted, number, signed, span

SHORT: dict[Verdict, str] = {
    "better": "better",
    "worse": "worse",
    "same": "no change that counts",
    "unclear": "no clear change",
    "unchanged": "unchanged files",
    "unknown": "not known",
    "added": "in NEW only",
    "removed": "in BASE only",
}
"""Verdicts in a table; beside them stand the figures."""

_SAME_GIVEN = "same given scores"


def shorts(*, given: bool) -> dict[Verdict, str]:
    """Names of verdicts in a table; where scores were given they mention no files."""
    return SHORT | {"unchanged": _SAME_GIVEN} if given else SHORT


def verdict_of(difference: float, low: float | None, high: float | None, *, tie: float) -> Verdict:
    """The verdict on a difference that isn't one of equal files.

    Args:
        difference: new minus base.
        low: where its 95 % interval begins; None: can't be known, so nothing is called clear.
        high: where it ends.
        tie: smaller differences don't count, in the same units; 0: every one counts.
    """
    if low is None or high is None:
        return "unknown"
    if tie > 0 and -tie < low and high < tie:
        return "same"
    counts = abs(difference) >= tie - ROUNDING
    if low > ROUNDING and counts:
        return "better"
    if high < -ROUNDING and counts:
        return "worse"
    return "unclear"


def sentence(
    verdict: Verdict,
    difference: float | None,
    low: float | None,
    high: float | None,
    *,
    unit: str,
    tie: float,
    given: bool = False,
) -> str:
    """The verdict in words; `tie` in units of the score; `given`: scores without files.

    >>> sentence("better", 0.4, 0.1, 0.7, unit="JOD", tie=0.3)
    'better by 0.40 JOD (0.10 to 0.70)'
    """
    interval = span(low, high, sign=True)
    match verdict:
        case "better" | "worse" if difference is not None and low is not None:
            ends = sorted((abs(low), abs(high or 0.0)))
            by = f"{number(abs(difference))} {unit}"
            return f"{verdict} by {by} ({number(ends[0])} to {number(ends[1])})"
        case "same":
            within = f"all within a tie of {tie:g} {unit}"
            return f"no change that counts: {signed(difference)} ({interval}), {within}"
        case "unclear":
            return f"no clear change: {signed(difference)} {unit} ({interval}){_why(low, high)}"
        case "unknown" if difference is not None:
            return f"{signed(difference)} {unit}, but how sure that is can't be known"
        case "unknown":
            return "no difference can be taken"
        case "unchanged":
            return f"{shorts(given=given)[verdict]}: the difference is 0"
        case "added":
            return "added: in NEW only"
        case "removed":
            return "removed: in BASE only"
    raise AssertionError(verdict)


def in_scenes(verdict: Verdict, n_worse: int, n_better: int) -> str:
    """Numbers of scenes with a verdict other than the device's own; empty: there are none.

    >>> in_scenes("unclear", 3, 1)
    'worse in 3 scenes, better in 1 scene'
    """
    parts = [
        f"{word} in {counted(count, 'scene')}"
        for word, count in (("worse", n_worse), ("better", n_better))
        if count and word != verdict
    ]
    return ", ".join(parts)


def scenes_counted(n_scenes: int, n_same: int) -> str:
    """Number of scenes that a difference is the mean of, `4 of 5` where some are left out.

    >>> scenes_counted(5, 0), scenes_counted(4, 1), scenes_counted(0, 5)
    ('5', '4 of 5', '5')
    """
    both = n_scenes + n_same
    return f"{n_scenes} of {both}" if n_scenes and n_same else str(both)


def _why(low: float | None, high: float | None) -> str:
    """Reason why an interval that excludes 0 still counts as no change; empty: it includes 0."""
    excludes = low is not None and high is not None and (low > ROUNDING or high < -ROUNDING)
    return ", less than a tie" if excludes else ""
