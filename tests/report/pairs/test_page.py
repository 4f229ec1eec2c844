from __future__ import annotations

import pytest

from piqa_cli.report.pairs.page import pairs_view
from piqa_cli.report.render import render_report
from tests.report.ranked import ranked_site
from tests.report.test_render import HOSTILE, Page, squeezed


def test_without_a_reference_neighbours_stand_in_the_table(tmp_path):
    view = pairs_view(ranked_site(tmp_path / "run"))
    (table,) = view.tables
    assert view.family == "neighbours"
    assert [(line.one.label, line.other.label) for line in table.lines] == [
        ("Aster", "Birch"),
        ("Birch", "Cedar"),
    ]
    assert [(line.wins, line.ties, line.losses) for line in table.lines] == [(3, 1, 0), (2, 1, 0)]


def test_against_the_reference_all_is_said_of_the_others(tmp_path):
    view = pairs_view(ranked_site(tmp_path / "run", reference="Birch"))
    (table,) = view.tables
    assert view.reference.label == "Birch"
    assert [line.one.label for line in table.lines] == ["Aster", "Cedar"]
    assert {line.other.label for line in table.lines} == {"Birch"}
    better, worse = table.lines
    assert (better.difference, worse.difference) == ("+0.46", "−0.84")
    assert (worse.wins, worse.losses) == (0, 2)
    assert worse.preference == "29 %"


def test_the_page_works_without_its_script(tmp_path):
    ranked_site(tmp_path / "run")
    page = Page(render_report(tmp_path / "run").with_name("pairs.html"))
    text = squeezed(page)
    assert "3 pairs" in text
    assert "There are no p-values: with so few shared scenes" in text
    assert "Aster against Birch" in text.replace("Aster  against", "Aster against")
    assert "Choosing any two devices here needs JavaScript" in text
    panel = next(attrs for tag, attrs in page.tags if attrs.get("id") == "panel")
    assert "hidden" in panel


def test_p_values_stand_with_their_adjustment(tmp_path):
    scores = {f"S{n}": {"A": (1.0 + n,), "B": (0.1 * n,), "C": (-2.0,)} for n in range(8)}
    view = pairs_view(ranked_site(tmp_path / "run", scores=scores, conditions={}))
    (table,) = view.tables
    assert view.n_tested == 2
    assert [(line.p, line.p_holm) for line in table.lines] == [(".008", ".016"), (".008", ".016")]


def test_leagues_have_tables_of_their_own(tmp_path):
    scores = {
        "Bar": {"Aster": (2.0, 2.1), "Birch": (1.0, 1.1)},
        "Hall": {"Cedar": (1.0,), "Dune": (0.5,)},
    }
    view = pairs_view(ranked_site(tmp_path / "run", scores=scores))
    assert [table.league for table in view.tables] == [1, 2]


def test_a_run_with_one_device_has_a_page_that_says_so(tmp_path):
    ranked_site(tmp_path / "run", scores={"Bar": {"Aster": (2.0, 2.1)}})
    page = Page(render_report(tmp_path / "run").with_name("pairs.html"))
    assert "there is nothing to compare" in squeezed(page)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_inside_the_data(tmp_path, name):
    ranked_site(tmp_path / "run", scores={"Bar": {name: (2.0, 2.1), "B": (1.0, 1.1)}})
    source = render_report(tmp_path / "run").with_name("pairs.html").read_text()
    assert source.count("<script") == source.count("</script>") == 4
    assert "<script>alert" not in source
    assert "\u202e" not in source
    assert "\\u202e" not in source
    assert "\x07" not in source
