"""Devices about whose overall place two models differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from piqa_cli.records import Agreement, Competitor
from piqa_cli.report.charts.axis import Axis
from piqa_cli.report.site import CompetitorPage, Site
from piqa_cli.runs.folder import MODELS, REPORT

_TICKS_AT_MOST = 8
_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


@dataclass(frozen=True, slots=True)
class Place:
    """A device's place by two models.

    Attributes:
        who: the device.
        page: its page in this report.
        by_a, by_b: places that the data allow, as text.
        href_a, href_b: its page in the report of each model; None: it can't be linked.
        steps: by how many places the ranks differ.
        apart: True where the two ranges share no place.
        chart: both ranges drawn, A above B.
        note: what else is to be known.
    """

    who: Competitor
    page: CompetitorPage
    by_a: str
    by_b: str
    href_a: str | None
    href_b: str | None
    steps: int
    apart: bool
    chart: Markup
    note: str | None


def places(site: Site, rows: Sequence[Agreement]) -> tuple[Place, ...]:
    """One line a device, in the order of the table: the most disputed first."""
    return tuple(_place(site, row) for row in rows if _page(site, row) is not None)


def place_axis(site: Site) -> Axis:
    """An axis of places, from the first to the last."""
    rows = [row for row in site.run.tables.agreement if row.kind == "place"]
    last = max((max(row.rank_high_a or 1, row.rank_high_b or 1) for row in rows), default=1)
    step = next(step for step in _STEPS if (last - 1) / step < _TICKS_AT_MOST)
    ticks = tuple(float(place) for place in range(1, last + 1) if (place - 1) % step == 0)
    return Axis(1.0, float(max(2, last)), ticks, zero=False)


def _page(site: Site, row: Agreement) -> CompetitorPage | None:
    return site.competitors.get(site.key_of(row.device or "", row.firmware))


def _place(site: Site, row: Agreement) -> Place:
    page = _page(site, row)
    assert page is not None
    assert row.rank_a is not None
    assert row.rank_b is not None
    by_a, by_b = _range(row.rank_low_a, row.rank_high_a), _range(row.rank_low_b, row.rank_high_b)
    return Place(
        who=page.who,
        page=page,
        by_a=by_a,
        by_b=by_b,
        href_a=page_by(site, row.model_a, page.href),
        href_b=page_by(site, row.model_b, page.href),
        steps=abs(row.rank_a - row.rank_b),
        apart=bool(row.apart),
        chart=_chart(place_axis(site), row, f"{by_a} by {row.model_a}, {by_b} by {row.model_b}"),
        note=row.note,
    )


def page_by(site: Site, model: str, page: str) -> str | None:
    """A page of the report of one of the models, relative to `report/`.

    A device's page has the same name in all of them.

    Returns:
        None in a blind report: pages of further models may name the devices.
    """
    if model == site.run.source.name:
        return page
    return None if site.run.info.get("blind") else f"../{MODELS}/{model}/{REPORT}/{page}"


def _range(low: int | None, high: int | None) -> str:
    return f"{low}" if low == high else f"{low}–{high}"


def _chart(axis: Axis, row: Agreement, label: str) -> Markup:
    """The two ranges of places with the ranks as dots: A above, B below."""
    marks = [
        Markup(
            '<line class="{kind}" x1="{low}" x2="{high}" y1="{y}" y2="{y}"/>'
            '<circle class="dot {kind}" cx="{rank}" cy="{y}" r="4"/>'
        ).format(
            kind=kind, low=axis.at(low or 1), high=axis.at(high or 1), rank=axis.at(rank or 1), y=y
        )
        for kind, low, high, rank, y in (
            ("by-a", row.rank_low_a, row.rank_high_a, row.rank_a, "32%"),
            ("by-b", row.rank_low_b, row.rank_high_b, row.rank_b, "68%"),
        )
    ]
    grid = [
        Markup('<line class="grid" x1="{x}" x2="{x}" y1="0" y2="100%"/>').format(x=axis.at(tick))
        for tick in axis.ticks
    ]
    return Markup('<svg class="row" role="img" aria-label="{}">{}</svg>').format(
        label, Markup("").join([*grid, *marks])
    )
