"""The less data, the less is claimed: words and outlines need intervals."""

from __future__ import annotations

from dataclasses import replace

from piqa_cli.report.render import render_report
from tests.report.test_render import Page, pages, squeezed
from tests.runs.samples import MODEL, device_rank, scene_rank, scored, with_interval

TIE = {"rank": {"tie_jod": 0.3}}
ALONE = "ranks rest on the tie threshold of 0.3 JOD alone"


def bare(*args, **kwargs):
    return replace(device_rank(*args, **kwargs), ci_low=None, ci_high=None)


def index(folder) -> str:
    return squeezed(Page(render_report(folder)))


def test_without_an_interval_nobody_is_clearly_best(make_run):
    ranks = [bare("A", 0.5, 1), bare("B", -0.5, 2)]
    text = index(make_run(device_ranks=ranks, settings=TIE))
    assert (
        "A leads; too few scenes for an interval Of 2 devices over 2 scenes, A has the best "
        f"score. How sure that is can't be said: {ALONE}. An interval needs at least two scenes "
        "that two or more devices share."
    ) in text
    assert "clearly best" not in text
    assert "no other could be first" not in text
    assert "There are no intervals: ranks say only which scores are further apart" in text


def test_without_an_interval_a_tie_has_no_winner(make_run):
    ranks = [bare("A", 0.1, 1, ranks=(1, 2)), bare("B", -0.1, 2, ranks=(1, 2))]
    text = index(make_run(device_ranks=ranks, settings=TIE))
    assert "No clear winner; too few scenes for an interval" in text
    assert "A has the best score; B may be as good." in text


def test_one_rival_without_an_interval_is_enough_for_doubt(make_run):
    ranks = [device_rank("A", 0.5, 1), bare("B", -0.5, 2)]
    assert "A leads; too few scenes" in index(make_run(device_ranks=ranks, settings=TIE))


def test_without_an_interval_and_a_jod_scale_no_rank_is_told_apart(make_run):
    ranks = [bare(d, 0.1, n, ranks=(1, 2)) for n, d in enumerate("AB", 1)]
    spec = replace(MODEL, jod_per_unit=None)
    text = index(make_run(device_ranks=ranks, settings=TIE, source=spec))
    assert "the scores have no JOD scale either, so no rank can be told from another" in text
    assert "tie threshold" not in text


def test_tables_without_intervals_say_what_ranks_rest_on(make_run):
    note = "no interval: too few scenes shared between devices"
    ranks = [replace(bare(d, 0.5, n), note=note) for n, d in enumerate("AB", 1)]
    night = [replace(rank, condition="Night") for rank in ranks]
    folder = make_run(device_ranks=[*ranks, *night], settings=TIE)
    text = index(folder)
    assert text.count(f"{note}; {ALONE}") == 1  # one condition only: not ranked twice
    assert "board sortable unsure" in Page(folder / "report/index.html").values("class")


def test_conditions_without_intervals_say_so_too(make_run):
    ranks = [device_rank(d, 0.5, n) for n, d in enumerate("AB", 1)]
    night = [replace(bare(d, 0.5, n), condition="Night") for n, d in enumerate("AB", 1)]
    results = [scored("Hall", "A", 2.0), scored("Night", "A", 3.0)]
    results[1] = replace(results[1], capture=replace(results[1].capture, condition="Night"))
    text = index(make_run(results=results, device_ranks=[*ranks, *night], settings=TIE))
    assert f"no interval: too few scenes shared between devices; {ALONE}" in text
    assert "A is clearly best" in text


def test_only_intervals_draw_the_outline_of_the_first(make_run):
    ranks = [scene_rank("Hall", "A", 2.0, 1, gap=0.5), scene_rank("Hall", "B", 1.0, 2, gap=-0.5)]
    text = index(make_run("bare", scene_ranks=ranks, settings=TIE))
    assert f"no interval: no device has two captures of a scene; {ALONE}." in text
    assert "clearly first in its scene" not in text
    assert "A ahead, no interval" in text
    assert not outlined(make_run("bare", scene_ranks=ranks))
    sure = make_run("sure", scene_ranks=[with_interval(rank) for rank in ranks])
    assert "clearly first in its scene" in index(sure)
    assert "A clearly first" in index(sure)
    assert outlined(sure)


def outlined(folder) -> list[str]:
    classes = Page(render_report(folder)).values("class")
    return [value for value in classes if value.endswith(" first")]


def test_a_shared_first_place_is_ahead_with_its_ranks(make_run):
    ranks = [
        with_interval(replace(scene_rank("Hall", d, 2.0, n), rank_low=1, rank_high=2))
        for n, d in enumerate("AB", 1)
    ]
    assert "A ahead, rank 1–2" in index(make_run(scene_ranks=ranks))


def test_a_scene_page_says_why_there_is_no_interval(make_run):
    folder = make_run(settings=TIE)
    render_report(folder)
    hall, night = (squeezed(pages(folder)[f"scenes/{name}.html"]) for name in ("hall", "night"))
    assert f"no interval: no device has two captures of a scene; {ALONE}" in hall
    assert "the bar is the 95" not in hall
    assert "no interval: no device has two captures of a scene" in night
    assert ALONE not in night  # one device alone: nothing rests on anything


def test_the_reader_is_told_where_intervals_come_from(make_run):
    text = index(make_run(settings=TIE))
    assert "two or more devices must share at least two scenes" in text
    assert "Where there is no interval, the order may be chance" in text
    assert "counts who is at least 0.3 JOD better or worse" in text
