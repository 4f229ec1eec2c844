"""Loss and validation over epochs as one SVG file, with no library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from piqa_cli.report.charts.axis import Axis, axis_of
from piqa_cli.report.charts.frame import Frame

_PANEL = Frame(640, 240, left=56, right=16, top=28, bottom=32)
_MOST_NAMED = 12  # epochs that fit below the axis

_PANELS = (
    ("loss", "mean fidelity loss on the training pairs", "#b03a2e"),
    ("validation_srcc", "SRCC within scene on the held-out pictures, mean over scenes", "#1f618d"),
)


def training_svg(lines: Sequence[Mapping[str, float]]) -> str:
    """Two panels, one below the other: the loss, and Spearman's correlation of validation.

    Args:
        lines: one for each epoch, with `epoch`, `loss` and `validation_srcc`.
    """
    epochs = [int(line["epoch"]) for line in lines]
    panels = [
        f'<g transform="translate(0 {number * _PANEL.height})">\n'
        f"{_panel(epochs, [line[name] for line in lines], title=title, ink=ink)}</g>\n"
        for number, (name, title, ink) in enumerate(_PANELS)
    ]
    width, height = _PANEL.width, _PANEL.height * len(_PANELS)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" font-family="sans-serif" font-size="12">\n'
        "<style>.grid { stroke: #ddd; }</style>\n"
        f'<rect width="{width}" height="{height}" fill="#fff"/>\n'
        f"{''.join(panels)}</svg>\n"
    )


def _panel(epochs: Sequence[int], values: Sequence[float], *, title: str, ink: str) -> str:
    """One line over epochs, with dots that have the figures as tooltips."""
    across = Axis(epochs[0] - 0.5, epochs[-1] + 0.5, (), zero=False)
    upwards = axis_of(values, zero=False)
    points = [
        (_PANEL.x(across, epoch), _PANEL.y(upwards, value))
        for epoch, value in zip(epochs, values, strict=True)
    ]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dots = [
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{ink}">'
        f"<title>epoch {epoch}: {value:.4f}</title></circle>\n"
        for (x, y), epoch, value in zip(points, epochs, values, strict=True)
    ]
    return "".join(
        (
            f'<text x="{_PANEL.left}" y="16" font-weight="bold">{title}</text>\n',
            *(
                f"{_PANEL.level_line(_PANEL.y(upwards, tick), f'{tick:g}')}\n"
                for tick in upwards.ticks
            ),
            *_names(epochs, across),
            f'<polyline points="{path}" fill="none" stroke="{ink}" stroke-width="2"/>\n',
            *dots,
        )
    )


def _names(epochs: Sequence[int], across: Axis) -> list[str]:
    """Numbers of epochs below a panel, thinned out where there are many."""
    step = -(-len(epochs) // _MOST_NAMED)
    return [
        f'<text x="{_PANEL.x(across, epoch):.1f}" y="{_PANEL.floor + 18}" '
        f'text-anchor="middle">{epoch}</text>\n'
        for epoch in epochs[::step]
    ]
