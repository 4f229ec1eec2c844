from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from piqa_cli.errors import PiqaError
from piqa_cli.records import SceneInfo, Skipped
from piqa_cli.report import render
from piqa_cli.report.render import render_report
from piqa_cli.runs.pictures import save_pictures
from tests import strict_page
from tests.runs.samples import (
    MODEL,
    device_rank,
    failed,
    scene_rank,
    scored,
    with_interval,
)

HOSTILE = (
    "<script>alert(1)</script>",
    "\"quotes\" & 'ticks' <b>",
    "{{ 7 * 7 }}{% raw %}",
    "مصنع الهاتف",
    "📷 phone",
    "\u202eturned",
    "bell\x07",
    "x" * 200,
    "../../etc/passwd",
    "javascript:alert(1)",
)


class Page(strict_page.Page):
    """Keeps the text that people read as one, too."""

    void = frozenset(strict_page.VOID | {"br"})

    def __init__(self, file: Path) -> None:
        self.text = ""
        super().__init__(file.read_text(encoding="utf-8"))

    def handle_endtag(self, tag):
        super().handle_endtag(tag)
        if tag in ("td", "th"):
            self.text += " "

    def handle_data(self, data):
        if self._open[-1:] != ["script"]:  # data of scripts is no text that anybody reads
            self.text += data

    def values(self, *names: str) -> list[str]:
        return [attrs[n] for _, attrs in self.tags for n in names if attrs.get(n)]


def pages(folder: Path) -> dict[str, Page]:
    report = folder / "report"
    return {str(file.relative_to(report)): Page(file) for file in sorted(report.rglob("*.html"))}


def squeezed(page: Page) -> str:
    return " ".join(page.text.split())


def test_the_first_page_says_who_is_best_and_which_model_spoke(make_run):
    page = render_report(make_run())
    text = squeezed(Page(page))
    assert page.name == "index.html"
    assert "A is clearly best Of 2 devices over 2 scenes, no other could be first." in text
    assert (
        "opinion of a model, tiny, trained on nothing at all; nobody rated these captures" in text
    )
    assert "3 scored 1 failed 0 skipped" in text
    assert "+0.50 +0.25 to +0.75 61 % 2 2" in text


def test_a_leader_who_is_not_clear_is_not_called_best(make_run):
    ranks = [device_rank(d, 0.1 - n, n + 1, ranks=(1, 2)) for n, d in enumerate("AB")]
    text = squeezed(Page(render_report(make_run("all", device_ranks=ranks))))
    assert "No clear winner Of 2 devices over 2 scenes, A has the best score" in text
    assert text.count("1–2") == 2
    ranks.append(device_rank("C", -2.0, 3))
    text = squeezed(Page(render_report(make_run("most", device_ranks=ranks))))
    assert "A leads; B may be as good" in text
    assert "the data can't tell A and B apart." in text


def test_gaps_that_count_as_ties_get_no_strong_colour(make_run):
    ranks = [
        with_interval(scene_rank("Hall", d, 1.0, n, gap=g))
        for n, (d, g) in enumerate({"A": 0.03, "B": -0.03}.items(), 1)
    ]
    folder = make_run(scene_ranks=ranks, settings={"rank": {"tie_jod": 0.3}})
    page = Page(render_report(folder))
    colours = [v for v in page.values("class") if v.removesuffix(" first") in ("h0", "h1", "h-1")]
    assert colours.count("h0 first") == 2  # device A, and the legend
    assert "−0.30+0.30 points" in squeezed(page)


def test_holes_of_the_heat_map_are_seen_and_told_apart(make_run):
    text = squeezed(Page(render_report(make_run())))
    assert "Hall +0.50 −0.50 none Night 0.00 none failed" in text


def test_leagues_are_told_apart(make_run):
    ranks = [device_rank("A", 0.5, 1), device_rank("B", 0.0, 1, league=2)]
    text = squeezed(Page(render_report(make_run(device_ranks=ranks))))
    assert "2 groups that share no scene" in text
    assert "Group 1: 1 device" in text
    assert "Group 2: 1 device" in text


def test_leagues_keep_their_numbers_beside_one_without_a_rank(make_run):
    why = {"ranked": False, "note": "not ranked: 1 scene shared with others, 2 needed"}
    nobody = replace(device_rank("A", 0.5, 1), **why)
    ranks = [nobody, device_rank("B", 0.0, 1, league=2), device_rank("C", 0.0, 1, league=3)]
    text = squeezed(Page(render_report(make_run(device_ranks=ranks))))
    # Its map is there, its ranking isn't.
    counts = [text.count(f"Group {number}: 1 device") for number in (1, 2, 3)]
    assert counts == [1, 2, 2]


def test_without_intervals_and_preference_the_page_says_why(make_run):
    bare = replace(
        device_rank("A", 0.5, 1), ci_low=None, ci_high=None, preference=None, note="one take only"
    )
    folder = make_run(device_ranks=[bare], source=replace(MODEL, jod_per_unit=None))
    text = squeezed(Page(render_report(folder)))
    assert "+0.50 — 2 2" in text
    assert "preference" not in text.lower().replace("so how often a device would be preferred", "")
    assert "one take only" in text
    assert "no known relation to JOD" in text


def test_conditions_have_their_own_ranking(make_run):
    night = replace(device_rank("A", 0.4, 1), condition="Night")
    ranks = [device_rank("A", 0.5, 1), device_rank("B", -0.5, 2), night]
    scenes = {"Night": SceneInfo("Night", condition="Night")}
    text = squeezed(Page(render_report(make_run(device_ranks=ranks, scenes=scenes))))
    assert "By condition The same ranking over the scenes of one condition. Night Rank" in text


def test_a_firmware_that_competes_is_part_of_the_name(make_run):
    results = [scored("Hall", "A", 2.0, take=n) for n in (1, 2)]
    results = [
        replace(r, capture=replace(r.capture, firmware=f"v{n}")) for n, r in enumerate(results)
    ]
    ranks = [replace(device_rank("A", 0.5 - n, n + 1), firmware=f"v{n}") for n in (0, 1)]
    scene = [replace(scene_rank("Hall", "A", 2.0, n + 1), firmware=f"v{n}") for n in (0, 1)]
    folder = make_run(results=results, device_ranks=ranks, scene_ranks=scene)
    render_report(folder)
    assert "1 A · v0" in squeezed(pages(folder)["index.html"])
    assert "1 A · v0" in squeezed(pages(folder)["scenes/hall.html"])


def test_a_scene_page_has_its_own_scale_and_lists_what_failed(make_run):
    folder = make_run(scenes={"Night": SceneInfo("Night", title="Late", notes="One lamp.")})
    render_report(folder)
    text = squeezed(pages(folder)["scenes/night.html"])
    assert "Late One lamp. No capture of this scene: B." in text
    assert "on this scene's own scale, not comparable with other scenes" in text
    assert "C Night/C/broken.jpg read truncated JPEG" in text


def test_fields_in_which_cameras_agree_are_marked_to_be_hidden(make_run):
    folder = make_run()
    render_report(folder)
    source = (folder / "report/scenes/hall.html").read_text()
    assert '<tr class="differs"><th scope="row">Model</th><td><bdi>A</bdi></td>' in source
    assert '<tr class="same"><th scope="row">ISO</th><td><bdi>100</bdi></td>' in source


def test_every_file_is_listed_with_its_reason(make_run):
    folder = make_run(skipped=[Skipped("notes.txt", "text, no picture")])
    render_report(folder)
    text = squeezed(pages(folder)["captures.html"])
    assert "failed Night C — — — Night/C/broken.jpg read: truncated JPEG" in text
    assert "skipped — — — — — notes.txt text, no picture" in text


def test_a_run_in_which_all_failed_has_pages(make_run):
    folder = make_run(results=[failed("Night", "C")], scene_ranks=[], device_ranks=[])
    text = squeezed(Page(render_report(folder)))
    assert "Nothing could be ranked None of 1 capture has a score." in text
    assert "The first reason: truncated JPEG." in text
    assert "truncated JPEG" in pages(folder)["scenes/night.html"].text


def test_hostile_names_stay_text(make_run):
    names = list(HOSTILE)
    folder = make_run(
        results=[scored(scene, device, 1.0) for scene in names for device in names],
        scene_ranks=[scene_rank(s, d, 1.0, n + 1) for s in names for n, d in enumerate(names)],
        device_ranks=[device_rank(device, 0.0, n + 1) for n, device in enumerate(names)],
        warnings=names,
        settings={"find": {"layout": HOSTILE[0]}},
        scenes={HOSTILE[0]: SceneInfo(HOSTILE[0], title=HOSTILE[1], notes=HOSTILE[0])},
    )
    render_report(folder)
    there = pages(folder)
    assert len(there) == 3 + 2 * len(names)
    for page in there.values():
        scripts = [a["src"] for tag, a in page.tags if tag == "script" and a.get("type") is None]
        assert all(re.fullmatch(r"(\.\./)?assets/[a-z_-]+\.js", src) for src in scripts)
        assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")]
        assert not [url for url in page.values("href", "src") if url.startswith("javascript")]
        assert "\u202e" not in page.text
        assert "49" not in page.text
    assert HOSTILE[0] in there["index.html"].text


def test_every_link_leads_somewhere_and_none_to_the_network(make_run):
    folder = make_run()
    for name in ("Hall/A/1.jpg", "Hall/B/1.jpg"):
        sha = next(r.facts.sha256 for r in _scored() if r.capture.path == name)
        save_pictures(np.zeros((40, 60, 3), np.uint8), sha, folder / "pictures")
    render_report(folder)
    there = pages(folder)
    for name, page in there.items():
        for url in page.values("href", "src"):
            path, _, anchor = url.partition("#")
            if path.startswith("data:"):
                continue
            assert "//" not in url
            target = (folder / "report" / name).parent / path if path else folder / "report" / name
            assert target.resolve().is_file(), f"{name}: {url}"
            if anchor:
                ids = there[str(target.resolve().relative_to(folder / "report"))].values("id")
                assert anchor in ids, f"{name}: {url}"


def _scored():
    return [scored("Hall", "A", 2.0), scored("Hall", "B", 1.0)]


def test_missing_pictures_are_said(make_run):
    folder = make_run()
    render_report(folder)
    assert "picture missing" in pages(folder)["scenes/hall.html"].text
    assert "no picture" in pages(folder)["index.html"].text


def test_a_capture_without_a_face_says_so(make_run):
    folder = make_run(results=[scored("Hall", "A", 2.0), scored("Hall", "B", 1.0, face=False)])
    render_report(folder)
    assert "no face found" in pages(folder)["scenes/hall.html"].text
    folder = make_run("none", results=[scored("Hall", d, 2.0, face=False) for d in "AB"])
    render_report(folder)
    assert "No face was found in these captures" in pages(folder)["scenes/hall.html"].text


def test_two_renderings_and_two_folders_give_the_same_bytes(make_run):
    def bytes_of(folder: Path) -> dict[str, bytes]:
        render_report(folder)
        return {
            str(file.relative_to(folder)): file.read_bytes()
            for file in (folder / "report").rglob("*")
            if file.is_file()
        }

    first = make_run("first", provenance={"host": "lab-7", "started": "2025-03-04"})
    second = make_run("second", provenance={"host": "lab-8", "started": "2026-01-01"})
    assert bytes_of(first) == bytes_of(first) == bytes_of(second)


def test_a_report_that_cannot_be_finished_leaves_the_old_one(make_run, monkeypatch):
    folder = make_run()
    render_report(folder)
    (folder / "report" / "mark").write_text("old")

    def broken(*_: object):
        yield render.Page("index.html", "captures.html.j2", "new", {"lines": (), "n_files": 0})
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(render, "report_pages", broken)
    with pytest.raises(OSError, match="No space"):
        render_report(folder)
    assert (folder / "report" / "mark").read_text() == "old"


def test_a_folder_that_is_no_run_is_refused(tmp_path):
    with pytest.raises(PiqaError, match="holds no finished run"):
        render_report(tmp_path)


def test_stale_scene_pages_go(make_run):
    folder = make_run()
    render_report(folder)
    make_run(results=_scored())
    render_report(folder)
    assert sorted(pages(folder)) == [
        "captures.html",
        "device-a.html",
        "device-b.html",
        "index.html",
        "pairs.html",
        "scenes/hall.html",
    ]
    assert not [file for file in folder.iterdir() if file.name.startswith(".")]
