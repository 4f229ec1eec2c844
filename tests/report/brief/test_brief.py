"""The brief holds verdict, ranking, faults and the worst captures beside the best."""

from __future__ import annotations

from piqa_cli.report.brief.page import ROWS_AT_MOST, brief_view
from piqa_cli.report.render import BRIEF, render_report
from piqa_cli.runs.pictures import PictureSource
from tests.report.ranked import ranked_site
from tests.strict_page import Page


def view(tmp_path, **scores):
    site = ranked_site(tmp_path, **scores)
    return brief_view(site, PictureSource.in_folder(tmp_path / "pictures", "none"))


def test_each_pair_is_of_another_scene_as_far_as_there_are_several(tmp_path):
    scores = {
        "Bar": {"Aster": (3.0,), "Birch": (0.0,), "Cedar": (0.5,)},
        "Hall": {"Aster": (2.0,), "Birch": (1.9,), "Cedar": (1.0,)},
    }
    found = view(tmp_path, scores=scores).pairs
    assert [(p.look.scene.name, p.look.competitor.label, p.best) for p in found] == [
        ("Bar", "Birch", "Aster (3.00)"),
        ("Hall", "Cedar", "Aster (2.00)"),
        ("Bar", "Cedar", "Aster (3.00)"),
    ]


def test_a_long_ranking_is_cut_and_says_so(tmp_path):
    scores = {name: {f"D{n}": (float(n),) for n in range(20)} for name in ("Bar", "Hall")}
    found = view(tmp_path, scores=scores)
    assert [part.rows for part in found.leagues] == [ROWS_AT_MOST]
    assert found.unshown == 20 - ROWS_AT_MOST


def test_every_group_has_its_share_of_the_lines(tmp_path):
    scores = {name: {f"{name}{n}": (float(n),) for n in range(9)} for name in ("Bar", "Hall")}
    found = view(tmp_path, scores=scores)
    assert [part.rows for part in found.leagues] == [6, 6]


def test_the_page_is_made_when_it_is_asked_for(make_run):
    folder = make_run()
    render_report(folder)
    assert not (folder / "report" / BRIEF).exists()
    render_report(folder, brief=True)
    page = Page((folder / "report" / BRIEF).read_text("utf-8"))
    assert page.count("script") == 0
    assert "Ranking" in page.texts
