"""Links, names and pictures of a chapter: unique, within the document, each picture held once."""

from __future__ import annotations

import pytest

from piqa_cli.report.output.chapters import Album, ChapterLinks

PAGES = ("index.html", "device-a.html", "scenes/hall.html")


@pytest.fixture
def links(tmp_path):
    (tmp_path / "a-320.webp").write_bytes(b"WebP")
    return ChapterLinks("scenes/hall.html", PAGES, Album(tmp_path))


def test_names_are_those_of_their_chapter(links):
    assert links.own("d-a") == "scenes/hall.html::d-a"


@pytest.mark.parametrize(
    ("href", "to"),
    [
        ("index.html", ' data-href="../index.html" href="#index.html"'),
        ("index.html#scenes", ' data-href="../index.html#scenes" href="#index.html::scenes"'),
        ("device-a.html", ' data-href="../device-a.html" href="#device-a.html"'),
        ("#a&b", ' data-href="#a&amp;b" href="#scenes/hall.html::a&amp;b"'),
        ("../run.json", ""),
        ("device-b.html", ""),
    ],
)
def test_links_lead_to_chapters_or_nowhere(links, href, to):
    assert links.link(href) == to


def test_a_picture_is_held_where_it_is_shown_first(links):
    held = ' data-picture="a-320.webp" data-holds="" src="data:image/webp;base64,V2ViUA=="'
    assert links.shows("a-320.webp") == held
    assert links.shows("a-320.webp").startswith(' data-picture="a-320.webp" src="data:image/gif;')
    assert links.opens("a-320.webp") == ' data-opens="a-320.webp"'
