from __future__ import annotations

import time

import pytest

from piqa_cli.face.scene import MAX_FACES, FramedFaces, SceneFace, scene_faces
from piqa_cli.records import Box, FaceCandidate

ANN, BEN = (-400, -100, 300), (500, 50, 260)
"""Centre x, centre y from the middle of the picture, and side of two people's faces, in px."""


def faces(*people, chosen=0, zoom=1.0, shift=(0, 0), sure=0.99, given=False):
    """A capture of 4000 x 3000 px that holds these people, framed in its own way."""
    found = []
    for x, y, side in people:
        cx, cy = 2000 + (x + shift[0]) * zoom, 1500 + (y + shift[1]) * zoom
        half = side * zoom / 2
        found.append(FaceCandidate(Box(cx - half, cy - half, cx + half, cy + half), sure))
    return FramedFaces(4000, 3000, tuple(found), chosen, given)


def test_the_person_whom_most_captures_chose_is_the_scenes():
    found = scene_faces(
        {"a": faces(ANN, BEN), "b": faces(BEN, ANN, chosen=1), "c": faces(ANN, BEN, chosen=1)}
    )
    assert found == {
        "a": SceneFace(0, "same"),
        "b": SceneFace(1, "same"),
        "c": SceneFace(0, "corrected"),
    }


@pytest.mark.parametrize(("zoom", "shift"), [(0.7, (0, 0)), (1.6, (-250, 80)), (1.0, (600, 0))])
def test_another_framing_moves_all_faces_together(zoom, shift):
    """A shift by 600 px puts Ben's face nearer to where Ann's was than her own is."""
    found = scene_faces(
        {
            "a": faces(ANN, BEN),
            "b": faces(ANN, BEN),
            "c": faces(BEN, ANN, chosen=0, zoom=zoom, shift=shift),
        }
    )
    assert found["c"] == SceneFace(1, "corrected")


def test_a_capture_that_shows_the_other_person_alone_is_unclear():
    found = scene_faces({"a": faces(ANN, BEN), "b": faces(ANN, BEN), "c": faces(BEN)})
    assert found["c"] == SceneFace(None, "unclear")


def test_a_false_alarm_far_away_is_no_face_of_the_scene():
    poster = (1500, -1200, 90)
    found = scene_faces({"a": faces(ANN), "b": faces(ANN), "c": faces(poster)})
    assert [found[path].match for path in "abc"] == ["same", "same", "unclear"]


def test_one_person_through_several_lenses_is_one_person():
    found = scene_faces({str(zoom): faces(ANN, zoom=zoom) for zoom in (0.5, 1.0, 2.0)})
    assert {choice.match for choice in found.values()} == {"same"}


def test_a_given_box_decides_who_is_meant():
    captures = {str(n): faces(ANN, BEN) for n in range(5)}
    found = scene_faces({**captures, "given": faces(BEN, given=True)})
    assert {found[path] for path in captures} == {SceneFace(1, "corrected")}
    assert found["given"] == SceneFace(0, "same")


def test_faint_candidates_do_not_count_unless_they_were_chosen():
    shadow = FaceCandidate(Box(2400, 1400, 2600, 1600), 0.75)
    clear = faces(ANN)
    faint = FramedFaces(4000, 3000, (*clear.candidates, shadow), 0)
    assert scene_faces({"a": faint, "b": clear, "c": clear})["a"] == SceneFace(0, "same")


def test_order_of_the_captures_does_not_matter():
    captures = {"a": faces(ANN, BEN), "b": faces(BEN, ANN, zoom=1.4), "c": faces(ANN, BEN)}
    backwards = dict(reversed(captures.items()))
    assert scene_faces(captures) == scene_faces(backwards)


def test_a_crowd_costs_no_more_than_its_largest_faces():
    crowd = [(x * 300 - 1800, 0, 100 + x) for x in range(13)]
    assert len(crowd) > MAX_FACES
    start = time.process_time()
    found = scene_faces({str(n): faces(*crowd, chosen=12, shift=(n, n)) for n in range(6)})
    assert {choice.match for choice in found.values()} == {"same"}
    assert time.process_time() - start < 20


def test_no_capture_has_no_face():
    assert scene_faces({}) == {}
