"""Scene by device as a figure; import with matplotlib alone."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from piqa_cli.report.charts.heat_colours import heat_limit
from piqa_cli.report.escaping import printable
from piqa_cli.report.home.heat_map import NUMBERS_UP_TO, Heat, HeatCell, heat_of
from piqa_cli.report.site import Site
from piqa_cli.report.text import shortened

_LONGEST_NAME = 32
_CELL_IN = (0.5, 0.26)
_SMALL_CELL_IN = (0.14, 0.2)  # cells without numbers
_LARGEST_IN = 40.0
_WIDE_IN = 4.0  # least width with room for the whole legend in one line
# Orange to blue, which differ in all kinds of colour vision, as on the pages.
_COLOURS = ("#e58f3c", "#f7c896", "#f2f3f4", "#b1d0ee", "#6ba3d8")
_INK, _HATCH = "#14202b", "#c3c9cf"


def heat_figure(site: Site) -> Figure:
    """Heat map of each device's gap to the scene's mean; hatched where it has no score."""
    heat = heat_of(site)
    numbers = len(heat.devices) <= NUMBERS_UP_TO
    cell = _CELL_IN if numbers else _SMALL_CELL_IN
    width = min(cell[0] * len(heat.devices), _LARGEST_IN)
    height = min(cell[1] * len(heat.rows), _LARGEST_IN)
    figure = Figure(figsize=(width, height))
    axes = figure.add_axes((0, 0, 1, 1))
    gaps = _gaps(site)
    limit = heat_limit([site.tie, *gaps[np.isfinite(gaps)]])
    shades = LinearSegmentedColormap.from_list("piqa", _COLOURS, bad="none")
    image = axes.imshow(gaps, cmap=shades, vmin=-limit, vmax=limit, aspect="auto", zorder=1)
    _draw_cells(axes, heat, numbers=numbers)
    _name(axes, heat, numbers=numbers)
    legend = figure.add_axes((0, -0.28 / height, min(1, 2.4 / width), 0.09 / height))
    bar = figure.colorbar(image, cax=legend, orientation="horizontal")
    bar.outline.set_visible(False)
    legend.tick_params(labelsize=7)
    parts = [f"{site.unit} from the scene's mean", "hatched: no score"]
    if heat.note is None:
        parts.append("outlined: clearly first")
    words = ("; " if width >= _WIDE_IN else "\n").join(parts)
    axes.text(0, -0.5 / height, words, transform=axes.transAxes, va="top", fontsize=7)
    return figure


def _gaps(site: Site) -> np.ndarray:
    """(scenes, devices) float64 gaps to the scene's mean, in score units; NaN: no score."""
    places = {key: place for place, key in enumerate(site.competitors)}
    scenes = {name: place for place, name in enumerate(site.scenes)}
    gaps = np.full((len(scenes), len(places)), np.nan)
    for row in site.run.tables.scene_ranks:
        gaps[scenes[row.scene], places[site.key(row)]] = row.gap_to_scene_mean
    return gaps


def _draw_cells(axes: Axes, heat: Heat, *, numbers: bool) -> None:
    """Numbers, lines between cells, outlines of who is clearly first, and hatched holes."""
    for y, row in enumerate(heat.rows):
        for x, cell in enumerate(row.cells):
            corner = (x - 0.5, y - 0.5)
            if not isinstance(cell, HeatCell):
                axes.add_patch(
                    Rectangle(
                        corner, 1, 1, fill=False, hatch="/////", edgecolor=_HATCH, lw=0, zorder=2
                    )
                )
                continue
            if numbers:
                axes.text(
                    x, y, cell.text, ha="center", va="center", fontsize=7, color=_INK, zorder=4
                )
            if cell.first:
                axes.add_patch(
                    Rectangle(corner, 1, 1, fill=False, edgecolor=_INK, linewidth=1.3, zorder=5)
                )
    axes.set_xticks(np.arange(len(heat.devices) - 1) + 0.5, minor=True)
    axes.set_yticks(np.arange(len(heat.rows) - 1) + 0.5, minor=True)
    axes.grid(which="minor", color="white", linewidth=1.0 if numbers else 0.4, zorder=3)


def _name(axes: Axes, heat: Heat, *, numbers: bool) -> None:
    """Devices over their columns, scenes beside their rows."""
    devices = [shortened(printable(device.label), _LONGEST_NAME) for device in heat.devices]
    scenes = [shortened(printable(row.scene.title), _LONGEST_NAME) for row in heat.rows]
    size = 7 if numbers else 6
    axes.xaxis.tick_top()  # first: the labels on top are others, and these are turned
    axes.set_xticks(range(len(devices)), devices, fontsize=size)
    for label in axes.get_xticklabels():
        label.set(
            rotation=45 if numbers else 90,
            ha="left" if numbers else "center",
            rotation_mode="anchor" if numbers else "default",
        )
    axes.set_yticks(range(len(scenes)), scenes, fontsize=size + 1)
    axes.tick_params(which="both", length=0)
    axes.spines[:].set_visible(False)
