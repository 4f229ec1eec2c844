"""Scores are paired with ratings."""

from pathlib import Path

import pytest

from piqa_cli.errors import PiqaError
from piqa_cli.evaluate.listing import Entry, Listing
from piqa_cli.evaluate.match import match


def listing(name, *paths, **more):
    entries = tuple(
        Entry(f"line {n}", p, float(n), **more) if isinstance(p, str) else p
        for n, p in enumerate(paths, start=2)
    )
    return Listing(Path(name), "x", entries)


def pairs(scores, truth):
    found = match(listing("scores.csv", *scores), listing("truth.csv", *truth))
    return {score.path: rating.path for score, rating in found.pairs}


def test_equal_paths_come_first():
    assert pairs(["a/1.jpg", "b/1.jpg"], ["b/1.jpg", "a/1.jpg"]) == {
        "a/1.jpg": "a/1.jpg",
        "b/1.jpg": "b/1.jpg",
    }


def test_file_names_do_where_they_are_unique_and_case_is_ignored():
    scores = ["run/7_Night.jpg", "run/8_Night.jpeg"]
    assert pairs(scores, ["Overall/7_Night.JPG", "Overall/8_Night.jpeg"]) == {
        "run/7_Night.jpg": "Overall/7_Night.JPG",
        "run/8_Night.jpeg": "Overall/8_Night.jpeg",
    }


def test_shared_names_are_told_apart_by_their_folders():
    scores = ["Bar/A/1.jpg", "Bar/B/1.jpg", "Park/A/1.jpg"]
    truth = [f"/lab/set/{path}" for path in reversed(scores)]
    assert pairs(scores, truth) == {path: f"/lab/set/{path}" for path in scores}


def test_shared_names_are_told_apart_by_scene_and_device():
    scores = [
        Entry("row 1", "x/A/1.jpg", 1.0, scene="Bar", device="A"),
        Entry("row 2", "y/A/1.jpg", 2.0, scene="Park", device="A"),
    ]
    truth = [
        Entry("line 2", "2019/1.jpg", 5.0, scene="Park", device="A"),
        Entry("line 3", "2018/1.jpg", 6.0, scene="Bar", device="A"),
    ]
    assert pairs(scores, truth) == {"x/A/1.jpg": "2018/1.jpg", "y/A/1.jpg": "2019/1.jpg"}


def test_a_rating_of_a_photo_that_failed_takes_no_other_photo():
    found = match(listing("s", "Park/1.jpg"), listing("t", "Bar/1.jpg", "Park/1.jpg"))
    assert [(s.path, t.path) for s, t in found.pairs] == [("Park/1.jpg", "Park/1.jpg")]
    assert [e.path for e in found.lone_truths] == ["Bar/1.jpg"]


def test_what_has_no_partner_is_kept():
    found = match(listing("s", "a.jpg", "b.jpg"), listing("t", "x/b.jpg", "c.jpg"))
    assert (found.n_by_path, found.n_by_name) == (0, 1)
    assert [e.path for e in found.lone_scores] == ["a.jpg"]
    assert [e.path for e in found.lone_truths] == ["c.jpg"]


@pytest.mark.parametrize(
    ("scores", "truth"),
    [
        (["Bar/1.jpg", "Park/1.jpg"], ["1.jpg"]),
        (["1.jpg"], ["Bar/1.jpg", "Park/1.jpg"]),
        (["x/Bar/1.jpg", "y/Bar/1.jpg"], ["z/Bar/1.jpg"]),
    ],
)
def test_an_ambiguous_name_is_never_guessed(scores, truth):
    with pytest.raises(PiqaError, match=r"ambiguous file name: score .*1\.jpg.* against truth"):
        pairs(scores, truth)


def test_nothing_in_common_shows_both_sides():
    with pytest.raises(PiqaError, match=r"named like a\.jpg, b\.jpg, truth like c\.png;"):
        pairs(["a.jpg", "b.jpg"], ["c.png"])


def test_a_path_that_stands_twice_is_refused():
    with pytest.raises(PiqaError, match=r"truth\.csv, line 3: a\.jpg stands already in line 2"):
        pairs(["a.jpg"], ["a.jpg", "a.jpg"])
