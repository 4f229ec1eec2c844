"""The trend as one SVG that stands alone: a panel a recipe, a line only where runs compare."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from markupsafe import Markup

from piqa_cli.history.marks import Marks
from piqa_cli.history.records import History, Point, Series
from piqa_cli.history.wording import headline, point_line, series_line, what_score_is
from piqa_cli.report.charts.axis import Axis, axis_of
from piqa_cli.report.charts.frame import Frame
from piqa_cli.report.escaping import printable
from piqa_cli.report.text import shortened, signed

_TOP = 42  # height of the headline, in units of the drawing
# A panel, with its title at the top and its dates at the bottom; it scales with its place.
_PANEL = Frame(760, 266, left=52, right=16, top=42, bottom=24, label_gap=8)
WIDTH = _PANEL.width
_LINE = 17  # height of a footnote's line
_DATE_APART = 86  # least distance between dates, so that they don't touch
_NOTES_AT_MOST = 8
_LETTERS, _TITLE_LETTERS = 108, 84  # letters that fit in a line of text and in the headline
_CROWDED = ((200, 2.0), (60, 3.0), (0, 4.5))  # (least number of runs, radius of a dot)
_LEAST_SPAN = 0.6  # twice the usual tie of 0.3 JOD, so that changes within a tie don't look steep
_TICKS_AT_MOST = 5
_LETTER = 6.6  # width of a letter of a build's name
NO_MARKS = Marks()

_STYLE = """
.trend { color-scheme: light dark; font: 12px -apple-system, "Segoe UI", Roboto, "Noto Sans",
  "Liberation Sans", Arial, sans-serif; font-variant-numeric: tabular-nums; }
.trend .paper { fill: #ffffff; }
.trend text { fill: #566270; font-size: 12px; }
.trend .title { fill: #17202a; font-size: 16px; font-weight: 600; }
.trend .head { fill: #17202a; font-weight: 600; }
.trend .grid { stroke: #e9ecef; }
.trend .zero { stroke: #8d98a4; }
.trend .ci { stroke: #a9c9ea; stroke-linecap: round; }
.trend .line { fill: none; stroke: #1f66ad; stroke-width: 2; }
.trend .dot { fill: #1f66ad; stroke: #ffffff; }
.trend .break { stroke: #a8321f; stroke-dasharray: 3 4; }
.trend .mark { fill: #a8321f; font-weight: 600; }
@media (prefers-color-scheme: dark) {
  .trend .paper { fill: #14181d; }
  .trend text { fill: #a2adb9; }
  .trend .title, .trend .head { fill: #e7ebef; }
  .trend .grid { stroke: #252b32; }
  .trend .zero { stroke: #6d7783; }
  .trend .ci { stroke: #2c557e; }
  .trend .line { stroke: #6fb1f2; }
  .trend .dot { fill: #6fb1f2; stroke: #14181d; }
  .trend .break { stroke: #ff9c87; }
  .trend .mark { fill: #ff9c87; }
}
"""


@dataclass(frozen=True, slots=True)
class _Time:
    """The horizontal axis that all panels share."""

    first: datetime
    last: datetime

    def at(self, moment: datetime) -> float:
        span = (self.last - self.first).total_seconds()
        share = (moment - self.first).total_seconds() / span if span else 0.5
        return _PANEL.left + 12 + share * (WIDTH - _PANEL.left - _PANEL.right - 24)


def trend_svg(
    history: History, *, headed: bool = True, marks: Marks = NO_MARKS, own: str = ""
) -> str:
    """The picture; times are UTC, so equal runs give equal bytes everywhere.

    Args:
        history: what to draw.
        headed: with the headline in it; else its place has one.
        marks: builds and reports of the points.
        own: end of its ids, where several pictures stand on one page.
    """
    return _drawing(history, headed=headed, marks=marks, own=own)[0]


def trends_svg(histories: Sequence[History], marks: Marks = NO_MARKS) -> str:
    """The pictures of several devices in one, one below the other."""
    if len(histories) == 1:
        return trend_svg(histories[0], marks=marks)
    parts, y = [], 0
    for number, history in enumerate(histories, start=1):
        drawing, height = _drawing(history, headed=True, marks=marks, own=f"-{number}", y=y)
        parts.append(drawing)
        y += height
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y}" '
        f'viewBox="0 0 {WIDTH} {y}">\n{"".join(parts)}</svg>\n'
    )


def _drawing(
    history: History, *, headed: bool, marks: Marks, own: str, y: int = 0
) -> tuple[str, int]:
    """The picture of a device at a height, and how high it is."""
    starts = [point.started_at for series in history.series for point in series.points]
    time = _Time(min(starts), max(starts))
    panels: list[Markup] = []
    height = _TOP if headed else 4
    for number, series in enumerate(history.series):
        panel, own_height = _panel(history, number, series, time, marks)
        panels.append(Markup('<g transform="translate(0 {})">{}</g>').format(height, panel))
        height += own_height
    title = headline(history)
    shown = Markup('<text class="title" x="16" y="24">{}</text>\n').format(
        printable(shortened(title, _TITLE_LETTERS))
    )
    picture = Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="trend"{at} width="{w}" height="{h}" '
        'viewBox="0 0 {w} {h}" role="{role}" '
        'aria-labelledby="trend-title{own} trend-desc{own}">\n'
        '<title id="trend-title{own}">{title}</title>\n<desc id="trend-desc{own}">{desc}</desc>\n'
        "<style>{style}</style>\n"
        '<rect class="paper" width="{w}" height="{h}"/>\n'
        "{headline}{panels}\n</svg>\n"
    ).format(
        at=Markup(' y="{}"').format(y) if y else "",
        # The parts of an image aren't reached by keyboard or reader; a group's links are.
        role="group" if marks.reports else "img",
        w=WIDTH,
        h=height,
        own=own,
        title=printable(title),
        headline=shown if headed else "",
        desc=printable(" ".join(series_line(s) for s in history.series)),
        style=Markup(_STYLE),  # a constant of this file, the only text that isn't escaped
        panels=Markup("\n").join(panels),
    )
    return str(picture), height


def _panel(
    history: History, number: int, series: Series, time: _Time, marks: Marks
) -> tuple[Markup, int]:
    """One recipe on axes of its own, and how high the panel is."""
    axis = _axis(series.points)
    count = sum(len(other.points) for other in history.series)
    radius = next(r for most, r in _CROWDED if count > most)
    heading = f"{series_line(series, short=True)}: {what_score_is(history, series)}"
    notes = list(_footnotes(history, number, series))
    shown = notes[:_NOTES_AT_MOST]
    if len(notes) > len(shown):
        shown.append(f"... and {len(notes) - len(shown)} more breaks")
    floor = _PANEL.floor
    parts = [
        Markup('<text class="head" x="16" y="14">{}</text>').format(
            printable(shortened(heading, _LETTERS))
        ),
        *_grid(axis),
        *_dates([point.started_at for point in series.points], time, floor),
        *_breaks(series.points, time, floor),
        *_intervals(series.points, time, axis, width=1.4 * radius),
        *_lines(series.points, time, axis),
        *_builds(history.device, series.points, time, marks),
        *(_dot(history.device, point, (time, axis), radius, marks) for point in series.points),
        *(
            Markup('<text x="{}" y="{}">{}</text>').format(
                _PANEL.left,
                floor + _PANEL.bottom + _LINE * (line + 1) - 3,
                printable(shortened(note, _LETTERS)),
            )
            for line, note in enumerate(shown)
        ),
    ]
    return Markup("\n").join(parts), _PANEL.height + _LINE * len(shown) + 14


def _axis(points: Sequence[Point]) -> Axis:
    ends = [value for p in points for value in (p.score, p.ci_low, p.ci_high) if value is not None]
    middle = (min(ends) + max(ends)) / 2
    ends += [middle - _LEAST_SPAN / 2, middle + _LEAST_SPAN / 2]
    return axis_of(ends, zero=False, ticks_at_most=_TICKS_AT_MOST)


def _grid(axis: Axis) -> Iterator[Markup]:
    for tick in axis.ticks:
        yield _PANEL.level_line(_PANEL.y(axis, tick), signed(tick), zero=tick == 0)


def _dates(starts: Sequence[datetime], time: _Time, floor: int) -> Iterator[Markup]:
    """Dates under some runs, the last one always; clock times where all is on one day."""
    form = "%H:%M" if time.first.date() == time.last.date() else "%Y-%m-%d"
    free_to = float("inf")
    for start in reversed(starts):
        x = time.at(start)
        if x <= free_to:
            free_to = x - _DATE_APART
            # The text stays inside the picture; it is about as wide as dates are apart.
            middle = min(max(x, _DATE_APART / 2), WIDTH - _DATE_APART / 2)
            yield Markup('<text x="{}" y="{}" text-anchor="middle">{}</text>').format(
                f"{middle:.1f}", floor + 18, f"{start.astimezone(UTC):{form}}"
            )


def _breaks(points: Sequence[Point], time: _Time, floor: int) -> Iterator[Markup]:
    """A dashed line between two runs that can't be compared, with the number of its footnote."""
    number = 0
    for before, after in itertools.pairwise(points):
        if after.breaks:
            number += 1
            x = (time.at(before.started_at) + time.at(after.started_at)) / 2
            yield Markup(
                '<line class="break" x1="{x}" x2="{x}" y1="{}" y2="{}"/>'
                '<text class="mark" x="{x}" y="{}" dx="4">{}</text>'
            ).format(_PANEL.top, floor, _PANEL.top + 10, number, x=f"{x:.1f}")


def _footnotes(history: History, number: int, series: Series) -> Iterator[str]:
    if number:
        changed = "; ".join(history.differences[number - 1])
        yield f"Not comparable with the panel above: {changed}"
    broken = (point for point in series.points if point.breaks)
    for mark, point in enumerate(broken, start=1):
        yield f"{mark}  {point.run}: {'; '.join(point.breaks)}"


def _lines(points: Sequence[Point], time: _Time, axis: Axis) -> Iterator[Markup]:
    for before, after in itertools.pairwise(points):
        if after.change is not None:
            ends = (
                f"{time.at(p.started_at):.1f} {_PANEL.y(axis, p.score):.1f}"
                for p in (before, after)
            )
            yield Markup('<path class="line" d="M{}"/>').format("L".join(ends))


def _intervals(
    points: Sequence[Point], time: _Time, axis: Axis, *, width: float
) -> Iterator[Markup]:
    for point in points:
        if point.ci_low is not None and point.ci_high is not None:
            yield Markup(
                '<line class="ci" stroke-width="{}" x1="{x}" x2="{x}" y1="{}" y2="{}"/>'
            ).format(
                f"{width:.1f}",
                f"{_PANEL.y(axis, point.ci_low):.1f}",
                f"{_PANEL.y(axis, point.ci_high):.1f}",
                x=f"{time.at(point.started_at):.1f}",
            )


def _builds(device: str, points: Sequence[Point], time: _Time, marks: Marks) -> Iterator[Markup]:
    """The build of the first point, and every other one, from its first point on if there is room.

    It may be as long as the way to the next one is.
    """
    free_from = 0.0
    ends = ((WIDTH - _PANEL.right, ""),)
    for (x, build), (next_x, _) in itertools.pairwise(
        (*_changes(device, points, time, marks), *ends)
    ):
        start = min(max(x, _PANEL.left), WIDTH - _DATE_APART)
        if start < free_from - 1:
            continue
        room = max(next_x - start, _DATE_APART)
        shown = shortened(build, int(room / _LETTER))
        free_from = start + (len(shown) + 1) * _LETTER
        yield Markup('<text class="build" x="{}" y="{}">{}</text>').format(
            f"{start:.1f}", _PANEL.top - 10, printable(shown)
        )


def _changes(
    device: str, points: Sequence[Point], time: _Time, marks: Marks
) -> Iterator[tuple[float, str]]:
    """Places at which another build than before begins, and its name."""
    before = ""
    for point in points:
        build = marks.build(point.run, device)
        if build and build != before:
            yield time.at(point.started_at), build
        before = build or before


def _dot(
    device: str, point: Point, where: tuple[_Time, Axis], radius: float, marks: Marks
) -> Markup:
    """The dot of a run, which leads to its report."""
    time, axis = where
    words = printable(point_line(point, marks.build(point.run, device)))
    dot = Markup(
        '<circle class="dot" cx="{}" cy="{}" r="{}" stroke-width="{}"><title>{}</title></circle>'
    ).format(
        f"{time.at(point.started_at):.1f}",
        f"{_PANEL.y(axis, point.score):.1f}",
        radius,
        f"{radius / 3:.1f}",
        words,
    )
    link = marks.reports.get(point.run)
    if link is None:
        return dot
    return Markup('<a href="{}" aria-label="{}">{}</a>').format(link, words, dot)
