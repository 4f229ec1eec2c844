from __future__ import annotations

from pathlib import Path

import pytest

from piqa_cli.errors import PiqaError
from piqa_cli.records import Capture
from piqa_cli.train.material import Material, Rated, hold_out
from piqa_cli.train.ratings import read_ratings


def rated(scene, device, number=0):
    name = f"{scene}-{device}-{number}.jpg"
    return Rated(Capture(name, Path(name), scene, device), float(number))


def grid(n_scenes, n_devices):
    return tuple(rated(f"s{s}", f"d{d}") for s in range(n_scenes) for d in range(n_devices))


def scenes(part):
    return {item.capture.scene for item in part}


def test_whole_scenes_of_the_training_set_are_held_out():
    test = (rated("other", "d0"),)
    split = hold_out(Material(grid(10, 5), test, by_scene=True), 0.2)
    assert len(scenes(split.validation)) == 2
    assert scenes(split.training) & scenes(split.validation) == set()
    assert (len(split.training), len(split.validation), split.test) == (40, 10, test)


def test_the_device_split_holds_out_whole_devices_of_all_scenes():
    split = hold_out(Material(grid(4, 10), (), by_scene=False), 0.3)
    devices = [
        {item.capture.device for item in part} for part in (split.training, split.validation)
    ]
    assert devices[0] & devices[1] == set()
    assert len(devices[1]) == 3
    assert scenes(split.validation) == {"s0", "s1", "s2", "s3"}


def test_of_few_scenes_single_pictures_are_held_out():
    split = hold_out(Material(grid(1, 20), (), by_scene=True), 0.2)
    assert (len(split.training), len(split.validation)) == (16, 4)


def test_what_is_held_out_does_not_depend_on_the_order():
    pictures = grid(10, 5)
    one = hold_out(Material(pictures, (), by_scene=True), 0.2)
    other = hold_out(Material(pictures[::-1], (), by_scene=True), 0.2)
    assert set(one.validation) == set(other.validation)


def test_too_little_is_refused_with_what_would_do():
    with pytest.raises(PiqaError, match="4 rated pictures in 1 scenes are too few"):
        hold_out(Material(grid(1, 4), (), by_scene=True), 0.2)


def manifest(tmp_path, column, values):
    lines = [f"path,scene,device,{column}"]
    lines += [f"p{n}.jpg,s{n // 2},d{n % 2},{value}" for n, value in enumerate(values)]
    file = tmp_path / "manifest.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def test_jods_are_taken_as_they_are_and_blanks_left_out(tmp_path):
    material = read_ratings(manifest(tmp_path, "jod", ["1.5", "", "-2", "0"]))
    assert [(item.capture.path, item.jod) for item in material.training] == [
        ("p0.jpg", 1.5),
        ("p2.jpg", -2.0),
        ("p3.jpg", 0.0),
    ]


def test_opinion_scores_get_the_spread_of_jods(tmp_path):
    material = read_ratings(manifest(tmp_path, "mos", ["60", "40", "90", "70"]))
    jods = [item.jod for item in material.training]
    assert jods[0] - jods[1] == pytest.approx(2.8)  # both scenes deviate by 10, that is 1.4 JOD
    assert jods[2] - jods[3] == pytest.approx(2.8)


@pytest.mark.parametrize(
    ("column", "values", "message"),
    [
        ("score", ["1", "2"], "no ratings: give a column jod, or mos"),
        ("mos", ["1", "good"], "line 3: mos is 'good', not a number"),
        ("mos", ["5", "5"], "the ratings don't differ within any scene"),
    ],
)
def test_ratings_that_cannot_be_used_are_named(tmp_path, column, values, message):
    with pytest.raises(PiqaError, match=message):
        read_ratings(manifest(tmp_path, column, values))
