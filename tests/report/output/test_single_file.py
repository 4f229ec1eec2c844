from __future__ import annotations

import numpy as np
import pytest

from piqa_cli.errors import PiqaError
from piqa_cli.report.output.single_file import chapter, render_single_file
from piqa_cli.report.render import report_files
from piqa_cli.runs.pictures import save_pictures
from piqa_cli.runs.table_set import load_run
from tests.runs.samples import scored

PAGE = '<html><head><title>T &amp; U</title>\n{head}</head><body class="x">{body}</body></html>'
PAGES = ("index.html", "scenes/hall.html")


def bound(body: str, path: str = "scenes/hall.html", head: str = "") -> str:
    page = PAGE.format(head=head, body=body)
    return chapter(path, page, pages=PAGES, picture=lambda name: f'src="<{name}>"').body


def test_what_a_page_names_gets_the_name_of_its_chapter():
    assert bound('<p id="d-a"><label for="x" aria-describedby="y z">') == (
        '<p id="scenes/hall.html::d-a"><label for="scenes/hall.html::x"'
        ' aria-describedby="scenes/hall.html::y scenes/hall.html::z">'
    )


@pytest.mark.parametrize(
    ("href", "to"),
    [
        ("../index.html", ' data-href="../index.html" href="#index.html"'),
        ("../index.html#scenes", ' data-href="../index.html#scenes" href="#index.html::scenes"'),
        ("#d-a", ' data-href="#d-a" href="#scenes/hall.html::d-a"'),
        ("../../run.json", ""),
        (f"../../pictures/{'a' * 64}-full.webp", f' data-opens="{"a" * 64}-full.webp"'),
    ],
)
def test_links_lead_to_chapters_or_nowhere(href, to):
    assert bound(f'<a href="{href}">x</a>') == f"<a{to}>x</a>"


def test_a_page_keeps_its_title_its_assets_and_its_body():
    head = '<link rel="stylesheet" href="../assets/a.css">\n<script src="../assets/b.js" defer>'
    found = chapter("index.html", PAGE.format(head=head, body=" <p>1 "), pages=PAGES, picture=str)
    assert (found.title, found.assets) == ("T & U", ("a.css", "b.js"))
    assert (found.attributes, found.body) == ('class="x"', "<p>1")


@pytest.fixture
def run(make_run):
    """A run with pictures of noise, of which WebP can't make little."""
    folder = make_run()
    noise = np.random.default_rng(1).integers(0, 255, (600, 800, 3), dtype=np.uint8)
    for scene, device in (("Hall", "A"), ("Hall", "B"), ("Night", "A")):
        save_pictures(noise, scored(scene, device, 1.0).sha256, folder / "pictures")
    return folder


def test_all_pictures_are_inside_and_nothing_is_outside(run):
    made = render_single_file(run)
    text = made.path.read_text("utf-8")
    assert (made.path, made.bytes, made.shortfall) == (run / "report.html", len(text.encode()), "")
    assert text.count('data-holds="" src="data:image/webp;base64,') == 3  # thumbnails, each once
    assert text.count('-full.webp":"') == 3
    assert 'href="../' not in text.replace('data-href="../', "")
    assert 'src="../' not in text
    assert not (run / "report").exists()


def test_pictures_that_do_not_fit_become_thumbnails_then_none(run):
    sizes = [render_single_file(run, pictures=kind).bytes for kind in ("full", "small", "none")]
    assert sizes == sorted(sizes, reverse=True)
    small = render_single_file(run, max_mb=(sizes[1] + 1000) / 1e6)
    assert small.bytes < sizes[0]
    assert small.shortfall.startswith("the pictures as they were scored need ")
    assert small.shortfall.endswith(": thumbnails instead")
    none = render_single_file(run, max_mb=(sizes[2] + 1000) / 1e6)
    assert none.shortfall.endswith(": no pictures instead")
    assert "no pictures instead." in none.path.read_text("utf-8")


def test_pages_that_do_not_fit_without_pictures_are_refused(run):
    with pytest.raises(PiqaError, match=r"need .* MB without any picture: raise --max-mb"):
        render_single_file(run, max_mb=0.01)
    assert not (run / "report.html").exists()


def test_the_same_run_gives_the_same_bytes(run):
    first = render_single_file(run).path.read_bytes()
    assert render_single_file(run).path.read_bytes() == first


def test_a_blind_file_names_no_device(run):
    text = render_single_file(run, blind=True).path.read_text("utf-8")
    assert "Hall/A/1.jpg" not in text
    assert (run / "blind-key.csv").is_file()


@pytest.mark.parametrize(("kind", "shown"), [("full", 6), ("small", 3), ("none", 0)])
def test_pages_show_the_pictures_that_are_asked_for(run, kind, shown):
    files = report_files(load_run(run), kind)
    names = {part.split('"')[0] for page in files.values() for part in page.split("pictures/")[1:]}
    assert len({name for name in names if name.endswith(".webp")}) == shown
    assert ("All that were scored, best device first" in files["scenes/hall.html"]) == (shown == 0)
    assert ("picture missing" in files["scenes/hall.html"]) == (shown > 0)  # of the faces
