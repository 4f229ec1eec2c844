"""`report --portable`: the folder alone is whole."""

import json
import re
import shutil

import numpy as np
import pytest

from piqa_cli.report.render import render_report
from piqa_cli.runs.pictures import save_face, save_pictures
from tests.runs.samples import scored
from tests.strict_page import VOID, Page


class Linked(Page):
    """A page with all that it opens or shows."""

    void = frozenset(VOID | {"br"})

    def targets(self):
        for _, attrs in self.tags:
            yield from (attrs[name] for name in ("href", "src") if attrs.get(name))
            yield from (part.split()[0] for part in (attrs.get("srcset") or "").split(", ") if part)
        for text in self.texts:
            if text.startswith('{"devices"'):
                yield from re.findall(r'"([^"]+\.webp)"', json.dumps(json.loads(text)))


@pytest.fixture
def run(make_run):
    folder = make_run()
    pixels = np.zeros((40, 60, 3), np.uint8)
    for scene, device in (("Hall", "A"), ("Hall", "B"), ("Night", "A")):
        one = scored(scene, device, 1.0)
        save_pictures(pixels, one.sha256, folder / "pictures")
        save_face(pixels, one.face.box, one.sha256, folder / "pictures")
    return folder


def targets(report):
    """Every place that a page leads to, with the page."""
    for file in sorted(report.rglob("*.html")):
        for url in Linked(file.read_text(encoding="utf-8")).targets():
            if not url.startswith(("#", "data:")):
                yield file, (file.parent / url.partition("#")[0]).resolve()


@pytest.mark.parametrize("blind", [False, True])
def test_no_link_leaves_a_copy_of_the_folder(run, tmp_path, blind):
    page = render_report(run, portable=True, blind=blind)
    copy = tmp_path / "mailed" / "folder"
    shutil.copytree(page.parent, copy)
    shutil.rmtree(run)
    found = list(targets(copy))
    outside = [f"{file.name}: {to}" for file, to in found if not to.is_relative_to(copy)]
    assert outside == []
    assert [f"{file.name}: {to}" for file, to in found if not to.is_file()] == []
    shown = {to.name for _, to in found if to.suffix == ".webp"}
    assert shown == {file.name for file in (copy / "pictures").iterdir()}
    assert len(shown) == 9


def test_a_plain_report_takes_its_place_again(run):
    render_report(run, portable=True)
    page = render_report(run)
    assert not (page.parent / "pictures").exists()
    assert any(to == run / "run.json" for _, to in targets(page.parent))


def test_thumbnails_alone_are_copied_where_no_more_is_shown(run):
    page = render_report(run, portable=True, pictures="small")
    kinds = {file.stem.partition("-")[2] for file in (page.parent / "pictures").iterdir()}
    assert kinds == {"320", "face"}
