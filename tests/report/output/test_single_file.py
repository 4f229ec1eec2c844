from __future__ import annotations

from html.parser import HTMLParser

import numpy as np
import pytest

from piqa_cli.errors import PiqaError
from piqa_cli.report.output.single_file import render_single_file
from piqa_cli.report.render import picture_source, report_files
from piqa_cli.runs.pictures import save_pictures
from piqa_cli.runs.table_set import load_run
from tests.runs.samples import scored


@pytest.fixture
def run(make_run):
    """A run with pictures of noise, of which WebP can't make little."""
    folder = make_run()
    noise = np.random.default_rng(1).integers(0, 255, (600, 800, 3), dtype=np.uint8)
    for scene, device in (("Hall", "A"), ("Hall", "B"), ("Night", "A")):
        save_pictures(noise, scored(scene, device, 1.0).sha256, folder / "pictures")
    return folder


def test_its_chapters_are_the_pages(run):
    """Scripts and styles find in a chapter what they find in its page: the same elements."""
    loaded = load_run(run)
    files = report_files(loaded, picture_source(loaded, "full"))
    made = Chapters()
    made.feed(render_single_file(run).path.read_text("utf-8"))
    assert {path for path in files if path.endswith(".html")} == made.found.keys()
    for path, elements in made.found.items():
        page = Elements()
        page.feed(files[path])
        assert elements == page.in_body, path


class Elements(HTMLParser):
    """Elements of a page's body with their names and words, in order."""

    def __init__(self):
        super().__init__()
        self.in_body = []
        self.open = False

    def handle_starttag(self, tag, attrs):
        if self.open:
            self.in_body.append((tag, unnamed(dict(attrs))))
        self.open |= tag == "body"

    def handle_endtag(self, tag):
        self.open &= tag != "body"

    def handle_data(self, data):
        if self.open and data.strip():
            self.in_body.append(data.strip())


class Chapters(HTMLParser):
    """The same of every chapter of the one file."""

    def __init__(self):
        super().__init__()
        self.found = {}
        self.path = None

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "article":
            self.path = given["id"]
            self.found[self.path] = []
        elif self.path:
            self.found[self.path].append((tag, unnamed(given, f"{self.path}::")))

    def handle_endtag(self, tag):
        self.path = None if tag == "article" else self.path

    def handle_data(self, data):
        if self.path and data.strip():
            self.found[self.path].append(data.strip())


LEADS = {"href", "src", "srcset", "sizes", "data-href", "data-opens", "data-picture", "data-holds"}


def unnamed(attributes, own=""):
    """Attributes as a page has them, without what leads to other places."""
    return {
        name: value and " ".join(part.removeprefix(own) for part in value.split(" "))
        for name, value in attributes.items()
        if name not in LEADS
    }


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
    loaded = load_run(run)
    files = report_files(loaded, picture_source(loaded, kind))
    names = {part.split('"')[0] for page in files.values() for part in page.split("pictures/")[1:]}
    assert len({name for name in names if name.endswith(".webp")}) == shown
    assert ("All that were scored, best device first" in files["scenes/hall.html"]) == (shown == 0)
    assert ("picture missing" in files["scenes/hall.html"]) == (shown > 0)  # of the faces
