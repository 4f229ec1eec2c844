"""Axes with round ticks: linear ones for scores, logarithmic ones for EXIF values."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_INSET_PERCENT = 3.0  # margin of a linear axis in a table cell, for dots and tick labels
_LOG_INSET_PERCENT = 6.0  # the same for a logarithmic axis, because its labels are longer
_FEW_ENDS = 40  # ends of intervals; a table of so many has no room to save
_CUT_PERCENT = 5  # of many ends, on either side
_NICE = (1.0, 2.0, 2.5, 5.0, 10.0)
_TICKS_AT_MOST = 4  # ticks of a logarithmic axis
_TIMES_S = (
    *(1 / n for n in (8000, 4000, 2000, 1000, 500, 250, 125, 60, 30, 15, 8, 4)),
    *(0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0),
)
_SERIES: dict[str, tuple[float, ...]] = {
    "s": _TIMES_S,
    "ISO": tuple(25.0 * 2**n for n in range(15)),
    "mm": (1, 2, 3, 4, 5, 6, 8, 10, 13, 18, 24, 35, 50, 70, 85, 105, 135, 200, 300, 500),
}


@dataclass(frozen=True, slots=True)
class Axis:
    """A horizontal axis.

    Attributes:
        low, high: its ends, in score units.
        ticks: values that get a line.
        zero: whether zero is a line of its own (effects) or nothing special (scores).
    """

    low: float
    high: float
    ticks: tuple[float, ...]
    zero: bool

    def share(self, value: float) -> float:
        """Place of a value between the ends: 0 is the low one, 1 the high one."""
        return (value - self.low) / (self.high - self.low)

    def at(self, value: float) -> str:
        """Place of a value in a table cell, as an SVG length."""
        share = min(max(self.share(value), 0), 1)
        return f"{_INSET_PERCENT + (100 - 2 * _INSET_PERCENT) * share:.2f}%"


def axis_of(values: Iterable[float | None], *, zero: bool, ticks_at_most: int = 6) -> Axis:
    """An axis with round ticks that holds all values (None aside), and zero where asked."""
    known = [value for value in values if value is not None] + ([0.0] if zero else [])
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    if high - low < 1e-6:
        low, high = low - 0.5, high + 0.5
    step = nice((high - low) / (ticks_at_most - 1))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    ticks = tuple(round(n * step, 10) for n in range(first, last + 1))
    return Axis(ticks[0], ticks[-1], ticks, zero)


def usual_ends(values: Sequence[float | None]) -> list[float]:
    """The values that decide an axis of many rows: a few far ones shall not squeeze the others.

    Args:
        values: ends of intervals (None aside).

    Returns:
        All of them up to 40 values, else those between the quantiles at 5 and 95 %.

    >>> usual_ends([*range(100), 10_000.0])[-1]
    95
    """
    known = sorted(value for value in values if value is not None)
    cut = len(known) * _CUT_PERCENT // 100 if len(known) > _FEW_ENDS else 0
    return known[cut : len(known) - cut]


def nice(value: float, series: Sequence[float] = _NICE) -> float:
    """The next number upwards that is one of a series times a power of ten.

    >>> nice(0.13), nice(3.1)
    (0.2, 5.0)
    """
    power = 10.0 ** math.floor(math.log10(value))
    return next(power * step for step in series if power * step >= value * (1 - 1e-9))


def tick_digits(ticks: Sequence[float], *, most: int) -> int:
    """Number of decimals that make all ticks differ, `most` at most.

    >>> tick_digits([0.0, 0.25], most=4)
    2
    """
    return next((n for n in range(most) if all(abs(t - round(t, n)) < 1e-9 for t in ticks)), most)


@dataclass(frozen=True, slots=True)
class LogAxis:
    """A horizontal logarithmic axis from `low` to `high`, both above zero, with round ticks."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def percent(self, value: float) -> float:
        """Position of a value on the axis, in percent of the width."""
        share = math.log(value / self.low) / math.log(self.high / self.low)
        return _LOG_INSET_PERCENT + (100 - 2 * _LOG_INSET_PERCENT) * min(max(share, 0.0), 1.0)


def log_axis(values: Iterable[float], unit: str) -> LogAxis:
    """An axis over all values, at least one doubling wide.

    Args:
        values: above zero, at least one.
        unit: `s`, `ISO` or `mm`: ticks stand where cameras have their steps.
    """
    known = list(values)
    low, high = min(known), max(known)
    if high < 2 * low:
        middle = math.sqrt(low * high)
        low, high = middle / math.sqrt(2), middle * math.sqrt(2)
    inside = [tick for tick in _SERIES[unit] if low <= tick * 1.001 and tick <= high * 1.001]
    every = math.ceil(len(inside) / _TICKS_AT_MOST) or 1
    return LogAxis(low, high, tuple(inside[::every]))
