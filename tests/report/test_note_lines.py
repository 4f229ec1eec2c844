"""Notes stand on the pages of their scene, their device and the run, and are masked with it."""

from __future__ import annotations

import pytest

from piqa_cli.report.render import render_report
from piqa_cli.runs.folder import prepare_out, write_run
from piqa_cli.runs.notes import NOTES
from tests.report.ranked import ranked_content
from tests.strict_page import Page

WRITTEN = """scene,device,take,region,text,who,state
Bar,Birch,2,left eye,Soft lashes.,Mara,open
,Cedar,,,Worse than Aster here.,Jo,open
Hall,,,,Lamp was off.,Jo,known
Cellar,Birch,,,Never shot.,Jo,open
"""


@pytest.fixture
def run(tmp_path):
    content = ranked_content(out=tmp_path)
    prepare_out(content.out)
    write_run(content)
    (tmp_path / NOTES).write_text(WRITTEN)
    return tmp_path


def text_of(run, page):
    return " ".join(" ".join(Page((run / "report" / page).read_text("utf-8")).texts).split())


def test_notes_stand_where_they_belong(run):
    render_report(run)
    device = text_of(run, "device-birch.html")
    assert "open Bar take 2 left eye Soft lashes. – Mara" in device
    assert "open Birch take 2 left eye Soft lashes. – Mara" in text_of(run, "scenes/bar.html")
    assert "known Lamp was off. – Jo" in text_of(run, "scenes/hall.html")
    assert "Lamp" not in text_of(run, "scenes/bar.html")
    home = text_of(run, "index.html")
    assert "2 open notes" in home
    assert "1 note of notes.csv on scenes or devices that aren't in this run." in home


def test_a_capture_carries_its_own_note(run):
    render_report(run)
    source = (run / "report/scenes/bar.html").read_text("utf-8")
    figures = source.split("<h2>Pictures</h2>")[1].split("<figure>")[1:]
    marked = [n for n, figure in enumerate(figures) if "open: Soft lashes." in figure]
    assert marked == [3]  # Aster twice, then the second take of Birch


def test_a_blind_report_shows_only_notes_that_name_nobody(run):
    render_report(run, blind=True)
    pages = " ".join(p.read_text("utf-8") for p in sorted((run / "report").rglob("*.html")))
    assert "Soft lashes." in pages
    assert "Worse than" not in pages
    assert "Mara" not in pages
    assert "Birch" not in pages
