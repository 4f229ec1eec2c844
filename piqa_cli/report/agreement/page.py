"""The page of several models: how far they agree, scene by scene and about single devices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from piqa_cli.models.installed import COMBINED
from piqa_cli.records import Agreement
from piqa_cli.report.agreement.places import Place, page_by, place_axis, places
from piqa_cli.report.charts.axis import Axis
from piqa_cli.report.charts.intervals import axis_svg, interval_svg
from piqa_cli.report.site import Site
from piqa_cli.report.text import counted, percent, signed

_AXIS = Axis(-1.0, 1.0, (-1.0, -0.5, 0.0, 0.5, 1.0), zero=True)
_FEW_SCENES = 6  # under this the interval rests on so little that the page warns of it
_WORDS = (
    (0.8, "nearly the same order"),
    (0.5, "mostly the same order"),
    (0.2, "partly the same order"),
    (-0.2, "no common order"),
    (-2.0, "rather the opposite order"),
)
"""Words for a mean tau that is at least so large; a convention of this page, no test."""


@dataclass(frozen=True, slots=True)
class ModelLine:
    """A model of the run; `href` leads to its own report, relative to `report/`; None: nowhere."""

    name: str
    title: str
    href: str | None
    ok: int
    failed: int
    is_first: bool
    is_ensemble: bool


@dataclass(frozen=True, slots=True)
class SceneLine:
    """Agreement in one scene."""

    title: str
    href: str | None
    condition: str | None
    tau: float | None
    text: str
    chart: Markup | None
    devices: int
    note: str | None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two models.

    Attributes:
        a, b: their names.
        slug: anchor of the part of the page that is about them.
        tau, interval: the mean over scenes and its 95 % interval, as text.
        value: the mean; None: there is none.
        chart: both drawn.
        n_scenes: scenes of the mean.
        words: the mean in words.
        note: why something is missing.
        scenes: one line each.
        places: devices, the most disputed first.
        axis: of the places.
        n_apart: devices whose places can't be the same.
    """

    a: str
    b: str
    slug: str
    tau: str
    interval: str
    value: float | None
    chart: Markup | None
    n_scenes: int
    words: str
    note: str | None
    scenes: tuple[SceneLine, ...]
    places: tuple[Place, ...]
    axis: Markup
    n_apart: int


@dataclass(frozen=True, slots=True)
class AgreementView:
    """Everything that the page shows."""

    headline: str
    detail: str
    models: tuple[ModelLine, ...]
    pairs: tuple[Pair, ...]
    axis: Markup
    n_disputed: int
    few_scenes: int | None


def agreement_view(site: Site) -> AgreementView | None:
    """Builds the content of the page; None: one model scored."""
    rows = site.run.tables.agreement
    models = tuple(_models(site))
    if not rows or len(models) < 2:
        return None
    pairs = tuple(_pair(site, name, group) for name, group in _by_pair(rows).items())
    scenes = [pair.n_scenes for pair in pairs if pair.value is not None]
    return AgreementView(
        headline=_headline(pairs),
        detail=_detail(pairs),
        models=models,
        pairs=pairs,
        axis=axis_svg(_AXIS),
        n_disputed=len({place.who for pair in pairs for place in pair.places if place.apart}),
        few_scenes=min(scenes) if scenes and min(scenes) < _FEW_SCENES else None,
    )


def _models(site: Site) -> Iterator[ModelLine]:
    counts = site.run.info["counts"]
    source = site.run.source
    yield ModelLine(
        source.name, source.title, "index.html", counts["ok"], counts["failed"], True, False
    )
    for facts in site.run.info.get("further_models", ()):
        name = facts["name"]
        yield ModelLine(
            name,
            facts["title"],
            page_by(site, name, "index.html"),
            facts["ok"],
            facts["failed"],
            False,
            name == COMBINED,
        )


def _by_pair(rows: Sequence[Agreement]) -> dict[tuple[str, str], list[Agreement]]:
    pairs: dict[tuple[str, str], list[Agreement]] = {}
    for row in rows:
        pairs.setdefault(row.pair, []).append(row)
    return pairs


def _pair(site: Site, names: tuple[str, str], rows: Sequence[Agreement]) -> Pair:
    mean = next(row for row in rows if row.kind == "mean")
    found = places(site, [row for row in rows if row.kind == "place"])
    a, b = names
    return Pair(
        a=a,
        b=b,
        slug=f"{a}-and-{b}",
        tau=signed(mean.tau_b),
        interval=_span(mean),
        value=mean.tau_b,
        chart=_chart(mean, f"tau {signed(mean.tau_b)}, {_span(mean)}"),
        n_scenes=mean.n_scenes or 0,
        words=_words(mean.tau_b),
        note=mean.note,
        scenes=tuple(_scene(site, row) for row in rows if row.kind == "scene"),
        places=found,
        axis=axis_svg(place_axis(site)),
        n_apart=sum(place.apart for place in found),
    )


def _scene(site: Site, row: Agreement) -> SceneLine:
    scene = site.scenes.get(row.scene or "")
    return SceneLine(
        title=scene.title if scene else row.scene or "",
        href=scene.href if scene else None,
        condition=row.condition,
        tau=row.tau_b,
        text=signed(row.tau_b),
        chart=_chart(row, f"tau {signed(row.tau_b)}"),
        devices=row.n_devices or 0,
        note=row.note,
    )


def _chart(row: Agreement, label: str) -> Markup | None:
    if row.tau_b is None:
        return None
    return interval_svg(_AXIS, row.tau_b, low=row.ci_low, high=row.ci_high, label=label)


def _span(row: Agreement) -> str:
    if row.ci_low is None or row.ci_high is None:
        return "unknown"
    return f"{signed(row.ci_low)} to {signed(row.ci_high)}"


def _words(tau: float | None) -> str:
    """A mean tau in words.

    >>> _words(0.4)
    'partly the same order: about 70 % of the pairs of devices in the same order'
    """
    if tau is None:
        return "no scene says it"
    words = next(words for least, words in _WORDS if tau >= least)
    share = percent((1 + tau) / 2)
    return f"{words}: about {share} of the pairs of devices in the same order"


def _headline(pairs: Sequence[Pair]) -> str:
    known = sorted(pair.value for pair in pairs if pair.value is not None)
    if not known:
        return "How far the models agree can't be measured here"
    if len(pairs) == 1:
        return f"{pairs[0].a} and {pairs[0].b} agree by tau {pairs[0].tau}"
    if signed(known[0]) == signed(known[-1]):
        return f"All pairs of models agree by tau {signed(known[0])}"
    return f"The models agree by tau {signed(known[0])} to {signed(known[-1])}"


def _detail(pairs: Sequence[Pair]) -> str:
    known = [pair for pair in pairs if pair.value is not None]
    if not known:
        return "No scene has two devices with scores by two models that differ."
    if len(pairs) == 1:
        pair = known[0]
        return f"Over {counted(pair.n_scenes, 'scene')}: {pair.words}."
    closest = max(known, key=lambda pair: pair.value or 0.0)
    furthest = min(known, key=lambda pair: pair.value or 0.0)
    return (
        f"Closest: {closest.a} and {closest.b} ({closest.tau}). "
        f"Furthest apart: {furthest.a} and {furthest.b} ({furthest.tau})."
    )
