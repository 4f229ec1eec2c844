from __future__ import annotations

import csv
import io

import numpy as np
import pytest
from PIL import Image

from piqa_cli.train.photographs import list_photographs
from piqa_cli.train.simulation.camera import encode_jpeg
from piqa_cli.train.simulation.frozen_test import frozen_scene, held_out_files, moved_face
from piqa_cli.train.simulation.looks import LOOK_MARK, vary
from piqa_cli.train.simulation.simulate import reduced, reduction, simulate


def photograph_of(scene):
    return scene.split(LOOK_MARK)[0]


def rows(table):
    with table.open(newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def table(photos, tmp_path_factory):
    out = tmp_path_factory.mktemp("simulated")
    return simulate(photos, out, captures_per_photo=4, scenes_per_photo=2, quiet=True)


def test_every_photograph_but_the_held_out_becomes_scenes_of_captures(photos, table):
    held_out = {file.stem for file in held_out_files(photos)}
    assert len(held_out) == 1
    scenes = {row["scene"] for row in rows(table)}
    assert len(scenes) == 10
    assert {photograph_of(scene) for scene in scenes} == {f"scene{n}" for n in range(6)} - held_out
    assert len(rows(table)) == 40
    for row in rows(table):
        assert -20 < float(row["label"]) <= 0
        with Image.open(table.parent / row["path"]) as picture:
            assert picture.format == "JPEG"


def test_simulating_again_keeps_what_is_there_and_repairs_what_is_not(photos, table):
    before = table.read_bytes()
    kept, lost = sorted((table.parent / "captures").glob("*/labels.csv"))[:2]
    lost.unlink()
    picture = lost.with_name("01.jpg")
    pixels, stamp = picture.read_bytes(), kept.stat().st_mtime_ns
    picture.unlink()
    simulate(photos, table.parent, captures_per_photo=4, scenes_per_photo=2, workers=2, quiet=True)
    assert table.read_bytes() == before
    assert picture.read_bytes() == pixels
    assert kept.stat().st_mtime_ns == stamp


def test_the_frozen_scene_has_all_devices_and_takes(photos):
    captures = list(frozen_scene(list_photographs(photos)[0], 0))
    assert len(captures) == 20
    assert len({(capture.device, capture.take) for capture in captures}) == 20
    assert all(capture.label < 0 and capture.file_bytes > 1000 for capture in captures)


def test_a_face_moves_with_the_framing():
    assert moved_face((10, 20, 30, 40), 0.1, (100, 200)) == (0, 15, 20, 35)
    assert moved_face(None, 0.1, (100, 200)) is None


def test_a_look_keeps_the_face_on_the_face():
    image = np.zeros((500, 600, 3), np.uint8)
    image[200:260, 300:350] = 255
    kept = 0
    for seed in range(20):
        pixels, face = vary(image, (300, 200, 350, 260), rng=np.random.default_rng(seed))
        assert min(pixels.shape[:2]) >= 300
        if face is not None:
            x0, y0, x1, y1 = (round(value) for value in face)
            kept += 1
            assert pixels[y0 + 1 : y1 - 1, x0 + 1 : x1 - 1].min() > 200
    assert 10 <= kept <= 20


def test_neighbouring_photographs_begin_with_neighbouring_looks(photos, tmp_path):
    table = simulate(photos, tmp_path, captures_per_photo=2, scenes_per_photo=2, quiet=True)
    scenes = {row["scene"] for row in rows(table)}
    first = {f"scene{n}" for n in range(6)} - {file.stem for file in held_out_files(photos)}
    wanted = set()
    for number, name in enumerate(sorted(first)):
        wanted |= {f"{name}{LOOK_MARK}{look}" if look else name for look in (number, number + 1)}
    assert scenes == wanted


def test_faces_lie_inside_their_captures_reduced_or_not(photos, tmp_path):
    for file in photos.glob("*.png"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    boxes = "".join(f"scene{n}.png,60 40 130 120\n" for n in range(6))
    (tmp_path / "manifest.csv").write_text("file,face_box\n" + boxes)
    table = simulate(tmp_path, tmp_path, captures_per_photo=2, scenes_per_photo=3, quiet=True)
    with_face = [row for row in rows(table) if row["face_x1"]]
    assert len(with_face) > 20
    for row in with_face:
        with Image.open(table.parent / row["path"]) as picture:
            assert -6 <= float(row["face_x0"]) < float(row["face_x1"]) <= picture.width + 6
            assert -6 <= float(row["face_y0"]) < float(row["face_y1"]) <= picture.height + 6


def test_some_looks_are_reduced_after_jpeg(clean):
    factors = [reduction(look, seed=(0, 1, look)) for look in range(4)]
    assert factors[:2] == [1, 1]
    assert 0.45 <= factors[2] <= 0.9
    jpeg = encode_jpeg(clean, 60)
    assert reduced(jpeg, 1.0) == jpeg
    with Image.open(io.BytesIO(reduced(jpeg, 0.5))) as picture:
        assert picture.size == (100, 80)
