"""Shards: whole scenes, every capture in one of them, equally full."""

from pathlib import Path

import pytest

from piqa_cli.errors import UsageError
from piqa_cli.parts.cut import Shard, digest, parse_shard, places_of
from piqa_cli.records import Capture

SIZES = {"a": 7, "b": 1, "c": 4, "d": 4, "e": 2, "f": 2}


def captures(sizes=SIZES):
    return [
        Capture(f"{scene}/{n}.jpg", Path(f"/x/{scene}/{n}.jpg"), scene, "Aster")
        for scene, size in sizes.items()
        for n in range(size)
    ]


@pytest.mark.parametrize("of", [1, 2, 3, 9])
def test_every_capture_is_in_one_shard_and_no_scene_is_torn(of):
    found = captures()
    cuts = [places_of(Shard(number, of), found) for number in range(1, of + 1)]
    assert sorted(place for cut in cuts for place in cut) == list(range(len(found)))
    assert all(cut == sorted(cut) for cut in cuts)
    scenes = [{found[place].scene for place in cut} for cut in cuts]
    assert sum(map(len, scenes)) == len(SIZES)


def test_shards_are_equally_full_as_far_as_scenes_allow():
    sizes = [len(places_of(Shard(number, 3), captures())) for number in (1, 2, 3)]
    assert sizes == [7, 7, 6]
    many = captures({f"scene {n}": 4 for n in range(40)})
    assert {len(places_of(Shard(number, 16), many)) for number in range(1, 17)} == {8, 12}


def test_a_shard_more_than_there_are_scenes_is_empty():
    assert places_of(Shard(7, 7), captures()) == []


@pytest.mark.parametrize("text", ["0/4", "5/4", "3", "a/b", "3/", "-1/4", "1/0", "3/16/2"])
def test_what_is_no_shard_is_refused(text):
    with pytest.raises(UsageError, match=r"such as 3/16"):
        parse_shard(text)


def test_captures_are_the_same_wherever_their_folder_lies():
    found = captures()
    moved = [Capture(c.path, Path("/elsewhere") / c.path, c.scene, c.device) for c in found]
    assert digest(found) == digest(moved)
    assert digest(found) != digest(found[1:])
    assert digest(found) != digest(found[::-1])
