"""Loss and validation over epochs as one SVG file, with no library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from piqa_cli.report.charts.axis import Axis, axis_of

_WIDTH, _HEIGHT = 640, 240  # size of one panel, in units of the drawing
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 16, 28, 32
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
        _panel(epochs, [line[name] for line in lines], number * _HEIGHT, title=title, ink=ink)
        for number, (name, title, ink) in enumerate(_PANELS)
    ]
    height = _HEIGHT * len(_PANELS)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
        f'width="{_WIDTH}" height="{height}" font-family="sans-serif" font-size="12">\n'
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>\n'
        f"{''.join(panels)}</svg>\n"
    )


def _panel(
    epochs: Sequence[int], values: Sequence[float], top: int, *, title: str, ink: str
) -> str:
    """One line over epochs, with dots that have the figures as tooltips."""
    axis = axis_of(values, zero=False)
    points = [
        (_x(epoch, epochs), _y(value, axis, top))
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
            f'<text x="{_LEFT}" y="{top + 16}" font-weight="bold">{title}</text>\n',
            *_grid(axis, top),
            *_names(epochs, top),
            f'<polyline points="{path}" fill="none" stroke="{ink}" stroke-width="2"/>\n',
            *dots,
        )
    )


def _grid(axis: Axis, top: int) -> list[str]:
    return [
        f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{_y(tick, axis, top):.1f}" '
        f'y2="{_y(tick, axis, top):.1f}" stroke="#ddd"/>'
        f'<text x="{_LEFT - 6}" y="{_y(tick, axis, top) + 4:.1f}" '
        f'text-anchor="end">{tick:g}</text>\n'
        for tick in axis.ticks
    ]


def _names(epochs: Sequence[int], top: int) -> list[str]:
    """Numbers of epochs below a panel, thinned out where there are many."""
    step = -(-len(epochs) // _MOST_NAMED)
    y = top + _HEIGHT - _BOTTOM + 18
    return [
        f'<text x="{_x(epoch, epochs):.1f}" y="{y}" text-anchor="middle">{epoch}</text>\n'
        for epoch in epochs[::step]
    ]


def _x(epoch: int, epochs: Sequence[int]) -> float:
    share = (epoch - epochs[0] + 0.5) / (epochs[-1] - epochs[0] + 1)
    return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)


def _y(value: float, axis: Axis, top: int) -> float:
    share = (value - axis.low) / (axis.high - axis.low)
    return top + _HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM)
