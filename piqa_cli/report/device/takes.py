"""Repeatability of a device: the noise between its takes, beside that of all others."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from markupsafe import Markup

from piqa_cli.records import Competitor, DeviceRank
from piqa_cli.report.charts.axis import Axis, axis_of
from piqa_cli.report.charts.intervals import axis_svg, dot, interval_line
from piqa_cli.report.site import Site
from piqa_cli.report.text import counted, number

_TAIL = 0.025


class Noise(NamedTuple):
    """Standard deviation between a device's takes, and its degrees of freedom."""

    sd: float
    df: int


@dataclass(frozen=True, slots=True)
class TakesView:
    """The noise between takes of one scene.

    Attributes:
        sd: standard deviation, as text.
        interval: its 95 % interval by chi-squared.
        df: degrees of freedom.
        verdict: how it compares with the other devices', in a sentence.
        axis, chart: everybody's as strokes, this one as dot with its interval.
    """

    sd: str
    interval: str
    df: int
    verdict: str
    axis: Markup
    chart: Markup


def takes_view(site: Site, rows: Sequence[DeviceRank], key: Competitor) -> TakesView | None:
    """A device's noise between takes; None: no scene has two takes of it.

    Args:
        site: the run.
        rows: the overall ranking, all leagues.
        key: the device.
    """
    known = {
        site.key(row): Noise(row.take_sd, row.take_df)
        for row in rows
        if row.take_df and row.take_sd is not None
    }
    own = known.get(key)
    if own is None:
        return None
    low, high = sd_interval(own.sd, own.df)
    # With few degrees of freedom the upper end is far away, and would flatten all other rows.
    most = 2 * max(noise.sd for noise in known.values())
    axis = axis_of([0.0, most / 2, min(high, most)], zero=False)
    return TakesView(
        sd=number(own.sd),
        interval=f"{number(low)} to {number(high)}",
        df=own.df,
        verdict=_verdict(own, [noise for who, noise in known.items() if who != key]),
        axis=axis_svg(axis),
        chart=_chart(axis, own.sd, (low, min(high, axis.high)), [n.sd for n in known.values()]),
    )


def sd_interval(sd: float, df: int) -> tuple[float, float]:
    """The 95 % interval of a standard deviation with `df` degrees of freedom, by chi-squared.

    >>> [round(end, 3) for end in sd_interval(1.0, 10)]
    [0.699, 1.755]
    """
    from scipy.special import chdtri  # takes 0.25 s, which other pages don't need

    return sd * math.sqrt(df / chdtri(df, _TAIL)), sd * math.sqrt(df / chdtri(df, 1 - _TAIL))


def sd_ratio_interval(ratio: float, df: int, df_other: int) -> tuple[float, float]:
    """The 95 % interval of the ratio of two standard deviations, by F.

    >>> [round(end, 2) for end in sd_ratio_interval(2.0, 10, 40)]
    [1.29, 3.61]
    """
    from scipy.special import fdtri

    ends = (fdtri(df, df_other, tail) for tail in (1 - _TAIL, _TAIL))
    low, high = (ratio / math.sqrt(end) for end in ends)
    return low, high


def _verdict(own: Noise, others: Sequence[Noise]) -> str:
    df = sum(noise.df for noise in others)
    variance = sum(noise.df * noise.sd**2 for noise in others) / df if df else 0.0
    if not variance:
        return "No other device has two takes of a scene to compare with."
    ratio = own.sd / math.sqrt(variance)
    low, high = sd_ratio_interval(ratio, own.df, df)
    if low > 1:
        word = "clearly less repeatable than the others"
    elif high < 1:
        word = "clearly more repeatable than the others"
    else:
        word = "not clearly more or less repeatable than the others"
    pooled = f"{number(math.sqrt(variance))} of {counted(len(others), 'other device')} pooled"
    return (
        f"{number(ratio, 1)} times the {pooled}; "
        f"95 % interval of the ratio {number(low, 1)} to {number(high, 1)}: {word}."
    )


@lru_cache(maxsize=16)  # the pages of all devices show the same field, mostly on the same axis
def _strokes(axis: Axis, sds: tuple[float, ...]) -> Markup:
    return Markup("").join(
        Markup('<line class="field" x1="{}" x2="{}" y1="25%" y2="75%"/>').format(place, place)
        for place in sorted({axis.at(sd) for sd in sds})
    )


def _chart(axis: Axis, sd: float, interval: tuple[float, float], known: Sequence[float]) -> Markup:
    strokes = _strokes(axis, tuple(known))
    return Markup(
        '<svg class="row strip" role="img" aria-label="Standard deviation between takes: {}; '
        'all devices: {} to {}">{}{}{}</svg>'
    ).format(
        number(sd),
        number(min(known)),
        number(max(known)),
        interval_line(axis, *interval),
        strokes,
        dot(axis, sd),
    )
