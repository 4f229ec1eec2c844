"""The first page shows the captures that lie furthest below their scene."""

from __future__ import annotations

from piqa_cli.records import Box
from piqa_cli.report.home.look_first import first_looks
from piqa_cli.runs.pictures import PictureSource, face_labels, picture_name
from tests.report.ranked import ranked_site


def looks(tmp_path, scores):
    site = ranked_site(tmp_path, scores=scores)
    return first_looks(site, PictureSource.in_folder(tmp_path / "pictures", "none"))


def names(found):
    return [(look.competitor.label, look.scene.title, look.gap) for look in found]


def test_the_furthest_below_come_first_one_of_a_device_in_a_scene(tmp_path):
    found = looks(
        tmp_path,
        {
            "Bar": {"Aster": (3.0,), "Birch": (1.0, 0.5), "Cedar": (2.0,)},
            "Hall": {"Aster": (2.0,), "Birch": (1.9,), "Cedar": (0.0,)},
        },
    )
    assert names(found) == [("Birch", "Bar", "−1.42"), ("Cedar", "Hall", "−1.30")]


def test_a_device_comes_twice_at_most(tmp_path):
    scenes = {name: {"Aster": (2.0,), "Birch": (0.0,)} for name in "abcd"}
    assert [look.competitor.label for look in looks(tmp_path, scenes)] == ["Birch", "Birch"]


def test_the_link_leads_to_the_device_in_its_scene(tmp_path):
    (look,) = looks(tmp_path, {"Bar": {"Aster": (2.0,), "Birch": (0.0,)}})
    assert look.href == "scenes/bar.html#d-birch"


def test_less_than_a_tie_is_nothing_to_look_at(tmp_path):
    assert looks(tmp_path, {"Bar": {"Aster": (2.0,), "Birch": (1.7,)}}) == ()


def test_a_device_alone_in_its_scene_is_below_nobody(tmp_path):
    assert looks(tmp_path, {"Bar": {"Aster": (2.0, 0.1)}}) == ()


def test_of_several_faces_in_equal_files_the_scored_one_is_shown(tmp_path):
    site = ranked_site(tmp_path, scores={"Bar": {"Aster": (2.0,), "Birch": (0.0,)}})
    (sha,) = {row.sha256 for row in site.run.tables.captures if row.device == "Birch"}
    scored, other = Box(100, 200, 300, 500), Box(0, 0, 12, 50)
    labels = face_labels([(sha, scored), (sha, other)])
    assert labels[sha, scored]  # the file without a label is the other's
    names = {box: picture_name(sha, "face", labels[sha, box]) for box in (scored, other)}
    (look,) = first_looks(site, PictureSource(frozenset(names.values())))
    assert look.picture == names[scored]
