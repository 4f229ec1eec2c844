"""The frame of a drawing with two axes: its margins, its grid and the labels of its ticks."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from piqa_cli.report.charts.axis import Axis
from piqa_cli.report.escaping import printable

_BELOW = 14  # distance from the floor to the foot of a tick's label, in units of the drawing


@dataclass(frozen=True, slots=True)
class Frame:
    """The drawing's size and the margins around its plot, in units of the drawing.

    Attributes:
        width, height: of the drawing; y grows downwards.
        left, right, top, bottom: margins; tick labels and names of axes stand in them.
        label_gap: between the plot and the labels to the left of it.
    """

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    label_gap: int = 6

    @property
    def floor(self) -> int:
        """Y of the lower edge of the plot."""
        return self.height - self.bottom

    def x(self, axis: Axis, value: float) -> float:
        """X of a value on the horizontal axis.

        >>> Frame(100, 60, left=20, right=0, top=0, bottom=10).x(Axis(0, 2, (), zero=True), 1)
        60.0
        """
        return self.left + axis.share(value) * (self.width - self.left - self.right)

    def y(self, axis: Axis, value: float) -> float:
        """Y of a value on the vertical axis; larger values are higher up.

        >>> Frame(100, 60, left=20, right=0, top=0, bottom=10).y(Axis(0, 2, (), zero=True), 2)
        0.0
        """
        return self.floor - axis.share(value) * (self.floor - self.top)

    def upright_line(self, x: float, text: str) -> Markup:
        """A grid line from floor to top, with its label below."""
        return Markup(
            '<line class="grid" x1="{x}" x2="{x}" y1="{top}" y2="{floor}"/>'
            '<text x="{x}" y="{below}" text-anchor="middle">{text}</text>'
        ).format(x=f"{x:.1f}", top=self.top, floor=self.floor, below=self.floor + _BELOW, text=text)

    def level_line(self, y: float, text: str, *, zero: bool = False) -> Markup:
        """A grid line from left to right, with its label on the left; `zero`: a stronger one."""
        return Markup(
            '<line class="{kind}" x1="{left}" x2="{right}" y1="{y}" y2="{y}"/>'
            '<text x="{before}" y="{y}" dy="4" text-anchor="end">{text}</text>'
        ).format(
            kind="zero" if zero else "grid",
            y=f"{y:.1f}",
            left=self.left,
            right=self.width - self.right,
            before=self.left - self.label_gap,
            text=text,
        )

    def axis_names(self, below: str, beside: str) -> Markup:
        """The names of both axes: below the plot, and turned beside it."""
        middle_x = (self.left + self.width - self.right) / 2
        middle_y = (self.top + self.floor) / 2
        return Markup(
            '<text x="{x}" y="{bottom}" text-anchor="middle">{below}</text>'
            '<text transform="translate(11 {y}) rotate(-90)" text-anchor="middle">{beside}</text>'
        ).format(
            x=f"{middle_x:.1f}",
            bottom=self.height - 4,
            y=f"{middle_y:.1f}",
            below=printable(below),
            beside=printable(beside),
        )
