"""The page of an evaluation: headline, tables, and a scatter plot per scene."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from piqa_cli.evaluate.aggregate import OverScenes
from piqa_cli.evaluate.devices import DeviceEffects, LeagueAgreement
from piqa_cli.evaluate.evaluation import Evaluation
from piqa_cli.evaluate.pairs import GapBin
from piqa_cli.evaluate.scatter import Point, photo_point, scatter_svg
from piqa_cli.evaluate.scene import METRICS, SceneAgreement
from piqa_cli.evaluate.wording import matching, notes, sources
from piqa_cli.report.charts.axis import Axis, axis_of
from piqa_cli.report.charts.intervals import axis_svg, interval_svg
from piqa_cli.report.render import asset_files, page_environment
from piqa_cli.report.text import NONE, counted, number, percent, signed
from piqa_cli.resources import resource_dir

ASSETS = ("style.css", "script.js")
_DIGITS = 3
_USUAL_GAP_JOD = 1.0  # of the pairs in the headline, up to the next edge
_FEWEST_PAIRS = 20  # a share of fewer is no headline
_NEARLY_ALL = 0.9995  # from here on one decimal would round to 100 %
_NO_CHART = Markup()
_MEANINGS = {
    "srcc": "Spearman: is the order right?",
    "plcc": "Pearson on raw scores: is the relation a line?",
    "plcc_fitted": "Pearson after the 4-parameter logistic",
    "krcc": "Kendall's tau-b: how many pairs are in order?",
    "mae": "mean absolute error after the logistic, in units of the rating",
    "average": "mean of SRCC, PLCC and KRCC, as in the NTIRE 2024 survey",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: texts, and a chart where the table has one."""

    cells: tuple[str, ...]
    chart: Markup = _NO_CHART
    title: str = ""


@dataclass(frozen=True, slots=True)
class ScenePlot:
    """One scene: its plot and its figures."""

    name: str
    condition: str | None
    n: int
    srcc: str
    interval: str
    svg: Markup
    cells: tuple[tuple[str, float | None], ...]
    note: str


def page_files(evaluation: Evaluation) -> Iterator[tuple[str, str]]:
    """Every file of the page by its name; no dates, no folders of this machine."""
    templates = resource_dir("templates")
    template = page_environment(templates).get_template("evaluate/page.html.j2")
    yield "index.html", template.render(root="", view=_view(evaluation)) + "\n"
    yield from asset_files(ASSETS)


def _view(evaluation: Evaluation) -> dict[str, object]:
    rating = {"jod": "JOD", "mos": "MOS"}.get(evaluation.truth.column, evaluation.truth.column)
    axis = axis_of((0.5, 1.0, *_pair_ends(evaluation.pairs)), zero=False)
    scores, truth = sources(evaluation)
    return {
        "headline": _headline(evaluation),
        "detail": f"{scores}, against {truth}.",
        "matching": matching(evaluation),
        "n_photos": len(evaluation.matched.pairs),
        "n_scenes": len(evaluation.scenes),
        "n_devices": _n_devices(evaluation),
        "notes": notes(evaluation),
        "overall": [
            _overall_row(name, figure, len(evaluation.scenes))
            for name, figure in evaluation.overall.items()
        ],
        "mean_of_medians": number(evaluation.mean_of_medians, _DIGITS),
        "gap_unit": "JOD" if evaluation.gap_unit == "jod" else "SD of ratings within scenes",
        "sd": None if evaluation.gap_unit == "jod" else f"{evaluation.gap_unit_size:.3g}",
        "pair_axis": axis_svg(axis),
        "pairs": [_pair_row(gap_bin, axis) for gap_bin in evaluation.pairs],
        "leagues": _leagues(evaluation, rating),
        "top": _top(evaluation),
        "metrics": tuple(METRICS.values()),
        "plots": [_plot(evaluation, scene, rating) for scene in evaluation.scenes],
        "rating": rating,
        "model": evaluation.scores.model,
        "truth_sha256": evaluation.truth_sha256,
    }


def _headline(evaluation: Evaluation) -> str:
    srcc = evaluation.overall["srcc"]
    if srcc.median is None:
        return "No scene can be evaluated"
    share = _in_plain_words(evaluation)
    if share:
        return share
    figure = number(srcc.median, 2)
    if len(evaluation.scenes) == 1:
        (scene,) = evaluation.scenes
        interval = _span(scene.srcc_low, scene.srcc_high, digits=2)
        return f"SRCC {figure}{f' ({interval})' if interval != NONE else ''} in one scene"
    n_scenes = len(evaluation.scenes)
    which = f"{srcc.n_scenes} of " if srcc.n_scenes < n_scenes else ""
    return f"Median SRCC {figure} over {which}{n_scenes} scenes"


def _in_plain_words(evaluation: Evaluation) -> str:
    """Headline by the pairs that are one to two JOD apart; empty: too few of them, or no JODs."""
    (usual,) = (gap_bin for gap_bin in evaluation.pairs if gap_bin.low == _USUAL_GAP_JOD)
    if evaluation.gap_unit != "jod" or usual.n_pairs < _FEWEST_PAIRS:
        return ""
    share, gap = _rightly(usual.accuracy), f"{usual.low:g}\N{EN DASH}{usual.high:g} JOD"
    return f"Picks the better photo in {share} of pairs {gap} apart"


def _rightly(share: float | None) -> str:
    """A share of pairs; 100 % means all of them.

    >>> _rightly(0.998), _rightly(0.99999), _rightly(1.0)
    ('99.8 %', '>99.9 %', '100 %')
    """
    text = percent(share)
    if share is None or share == 1 or text != percent(1.0):
        return text
    return ">99.9 %" if share >= _NEARLY_ALL else f"{100 * share:.1f} %"


def _n_devices(evaluation: Evaluation) -> int:
    found = evaluation.devices
    return sum(len(league.devices) for league in found.leagues) + found.n_unranked if found else 0


def _overall_row(name: str, over: OverScenes, n_scenes: int) -> Row:
    cells = (
        METRICS[name],
        number(over.median, _DIGITS),
        _span(over.median_low, over.median_high),
        number(over.mean, _DIGITS),
        _span(over.mean_low, over.mean_high),
        f"{over.n_scenes} of {n_scenes}",
    )
    return Row(cells, title=_MEANINGS[name])


def _span(low: float | None, high: float | None, *, digits: int = _DIGITS) -> str:
    if low is None or high is None:
        return NONE
    return f"{number(low, digits)} to {number(high, digits)}"


def _pair_ends(pairs: tuple[GapBin, ...]) -> list[float | None]:
    return [end for b in pairs for end in (b.scenes.mean, b.scenes.mean_low, b.scenes.mean_high)]


def _pair_row(gap_bin: GapBin, axis: Axis) -> Row:
    high = gap_bin.high
    gap = f"{gap_bin.low:g} to {high:g}" if high is not None else f"{gap_bin.low:g} and more"
    over = gap_bin.scenes
    chart = _NO_CHART
    if over.mean is not None:
        label = f"gap {gap}: {_rightly(over.mean)} ranked rightly"
        chart = interval_svg(axis, over.mean, low=over.mean_low, high=over.mean_high, label=label)
    cells = (gap, _rightly(over.mean), _rightly(gap_bin.accuracy), f"{gap_bin.n_pairs:,}")
    return Row((*cells, str(over.n_scenes)), chart)


def _leagues(evaluation: Evaluation, rating: str) -> list[dict[str, object]]:
    if evaluation.devices is None:
        return []
    return [
        {
            "srcc": number(league.srcc, 2),
            "krcc": number(league.krcc, 2),
            "note": league.note,
            "rows": [_device_row(device) for device in league.devices],
            "svg": _device_plot(league, rating),
        }
        for league in evaluation.devices.leagues
    ]


def _device_row(device: DeviceEffects) -> Row:
    cells = (
        f"{device.truth_rank:g}",
        _device_name(device),
        f"{device.score_rank:g}",
        signed(device.truth_effect),
        signed(device.score_effect),
        str(device.n_scenes),
    )
    return Row(cells)


def _device_name(device: DeviceEffects) -> str:
    return device.device if device.firmware is None else f"{device.device} ({device.firmware})"


def _device_plot(league: LeagueAgreement, rating: str) -> Markup:
    points = [
        Point(
            device.score_effect,
            device.truth_effect,
            f"{_device_name(device)}: score {signed(device.score_effect)}, "
            f"{rating} {signed(device.truth_effect)}",
        )
        for device in league.devices
    ]
    label = f"Effects of {counted(len(points), 'device')} by {rating} and by score"
    return scatter_svg(points, None, names=("effect in score", f"effect in {rating}"), label=label)


def _top(evaluation: Evaluation) -> str | None:
    if evaluation.devices is None or not evaluation.devices.top.n_scenes:
        return None
    top = evaluation.devices.top
    return (
        f"In {top.n_agree:g} of {counted(top.n_scenes, 'scene')} the best-rated device is also "
        f"first by score; a blind guess would reach {top.by_chance:.1f}."
    )


def _plot(evaluation: Evaluation, scene: SceneAgreement, rating: str) -> ScenePlot:
    photos = evaluation.photos[scene.scene]
    srcc = number(scene.srcc, 2)
    name = evaluation.scores.titles.get(scene.scene, scene.scene)
    svg = scatter_svg(
        [photo_point(photo, rating) for photo in photos],
        scene.curve,
        names=("score", rating),
        label=f"{name}: {rating} against score of {len(photos)} photos, SRCC {srcc}",
    )
    return ScenePlot(
        name=name,
        condition=scene.condition,
        n=scene.n,
        srcc=srcc,
        interval=_span(scene.srcc_low, scene.srcc_high, digits=2),
        svg=svg,
        cells=tuple((number(v, _DIGITS), v) for v in (scene.metric(name) for name in METRICS)),
        note=scene.note or "",
    )
