"""Scores with their intervals, device by device, as figures; import with matplotlib alone."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from piqa_cli.records import SceneRank
from piqa_cli.records.capture_row import ScoredRow
from piqa_cli.report.certainty import Rank, certain
from piqa_cli.report.escaping import printable
from piqa_cli.report.site import Scene, Site
from piqa_cli.report.text import rank_range, shortened
from piqa_cli.report.tiles import counted_rows

_WIDTH_IN = 4.2  # width of the plot alone; names and ranks stand beside it
_ROW_IN = 0.22
_BETWEEN_IN = 0.8  # distance between leagues
_INK, _DOT, _BAR, _RULE = "#17202a", "#1f66ad", "#a9c9ea", "#dfe3e7"  # colours of the pages
_LONGEST_NAME = 48


def ranking_figure(site: Site) -> Figure:
    """The overall ranking; leagues, which can't be compared, below each other."""
    leagues = [list(rows) for _, rows in groupby(site.overall(), key=lambda row: row.league)]
    heights = [_ROW_IN * len(rows) for rows in leagues]
    total = sum(heights) + _BETWEEN_IN * (len(leagues) - 1)
    figure, top, shared = Figure(figsize=(_WIDTH_IN, total)), total, None
    for height, rows in zip(heights, leagues, strict=True):
        top -= height
        axes = figure.add_axes((0, top / total, 1, height / total), sharex=shared)
        shared, top = shared or axes, top - _BETWEEN_IN
        _draw(site, axes, rows)
        axes.axvline(0, color="#8d98a4", linewidth=0.8, zorder=1)
        mean = "the mean device" if len(leagues) == 1 else "the group's mean device"
        axes.set_xlabel(_unit(f"{site.unit}, relative to {mean}", rows))
        if len(leagues) > 1:
            axes.set_title(f"Group {rows[0].league}", loc="left")
    return figure


def scene_figure(site: Site, scene: Scene, order: Sequence[SceneRank]) -> Figure:
    """The devices of a scene on its own scale; strokes are single captures.

    Args:
        site: the run.
        scene: which.
        order: its rows of scene_ranks, best first.
    """
    figure = Figure(figsize=(_WIDTH_IN, _ROW_IN * len(order)))
    axes = figure.add_axes((0, 0, 1, 1))
    _draw(site, axes, order)
    for place, row in enumerate(order):
        takes = [
            capture
            for capture in site.captures[scene.name]
            if isinstance(capture, ScoredRow) and site.key(capture) == site.key(row)
        ]
        counted = [capture.score for capture in counted_rows(takes)]
        if len(counted) > 1:
            axes.vlines(counted, place - 0.3, place + 0.3, color=_DOT, linewidth=0.8, zorder=4)
    axes.set_xlabel(_unit(f"{site.unit}, on this scene's own scale", order))
    axes.set_title(shortened(printable(scene.title), 80), loc="left")
    return figure


def _draw(site: Site, axes: Axes, rows: Sequence[Rank]) -> None:
    """Dots and bars, best on top; names on the left, ranks on the right."""
    for place, row in enumerate(rows):
        if row.interval is not None:
            axes.hlines(place, *row.interval, color=_BAR, linewidth=6, zorder=2)
    places = range(len(rows))
    axes.plot([row.score for row in rows], places, "o", color=_DOT, markersize=4, zorder=5)
    names = [shortened(printable(site.competitor(row).label), _LONGEST_NAME) for row in rows]
    axes.set_yticks(places, names, color=_INK)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.grid(axis="x", color=_RULE, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    axes.locator_params(axis="x", nbins=7)
    beside = axes.get_yaxis_transform()  # x: share of the width; y: rows
    axes.text(1.03, -0.75, "rank", transform=beside, fontsize=7, va="bottom")
    for place, row in enumerate(rows):
        ranks = rank_range(row.rank_low, row.rank_high)
        axes.text(1.03, place, ranks, transform=beside, fontsize=7, va="center")


def _unit(text: str, rows: Sequence[Rank]) -> str:
    """Label of the axis: the unit, and the meaning of the bars."""
    return f"{text}; bars: 95 % intervals" if certain(rows) else f"{text}; intervals unknown"
