from __future__ import annotations

import csv

import numpy as np
import pytest
from PIL import Image

from piqa_cli.errors import PiqaError
from piqa_cli.train.dataset import capture_rows
from piqa_cli.train.frozen_test import frozen_scene, held_out_files, moved_face
from piqa_cli.train.groups import epoch_batches, split_scenes
from piqa_cli.train.looks import photograph_of, vary
from piqa_cli.train.photographs import by_hash, face_boxes, list_photographs, load_clean
from piqa_cli.train.sensor import to_linear
from piqa_cli.train.simulate import simulate


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


def test_the_hash_order_is_no_accident():
    assert by_hash(["a.jpg", "b.jpg", "c.jpg"]) == ["a.jpg", "b.jpg", "c.jpg"]
    assert by_hash(["1.jpg", "2.jpg", "3.jpg"]) == by_hash(["3.jpg", "1.jpg", "2.jpg"])


def test_demo_photographs_and_hidden_files_are_left_alone(tmp_path):
    for name in ("a.png", "lisa_1.png", ".b.png", "note.txt"):
        Image.new("RGB", (8, 8)).save(tmp_path / name, "PNG")
    assert [file.name for file in list_photographs(tmp_path)] == ["a.png"]
    with pytest.raises(PiqaError, match="at least 5"):
        held_out_files(tmp_path)


def test_photographs_are_reduced_to_768(tmp_path):
    Image.new("RGB", (1000, 500), (9, 9, 9)).save(tmp_path / "wide.png")
    assert load_clean(tmp_path / "wide.png").shape == (384, 768, 3)
    (tmp_path / "bad.png").write_bytes(b"no picture")
    with pytest.raises(PiqaError, match=r"can't read the photograph .*bad.png"):
        load_clean(tmp_path / "bad.png")


def test_face_boxes_come_from_the_manifest(tmp_path):
    manifest = tmp_path / "manifest.csv"
    manifest.write_text("file,face_box\na.jpg,1 2 3 4\nb.jpg,\n")
    assert face_boxes(tmp_path) == {"a.jpg": (1, 2, 3, 4), "b.jpg": None}
    manifest.write_text("file,face_box\na.jpg,1 2 3\n")
    with pytest.raises(PiqaError, match="not four numbers"):
        face_boxes(tmp_path)


def test_a_face_moves_with_the_framing():
    assert moved_face((10, 20, 30, 40), 0.1, (100, 200)) == (0, 15, 20, 35)
    assert moved_face(None, 0.1, (100, 200)) is None


def test_a_look_keeps_the_face_on_the_face():
    image = np.zeros((500, 600, 3), np.uint8)
    image[200:260, 300:350] = 255
    kept = 0
    for seed in range(20):
        pixels, face, _ = vary(image, (300, 200, 350, 260), rng=np.random.default_rng(seed))
        assert min(pixels.shape[:2]) >= 300
        if face is not None:
            x0, y0, x1, y1 = (round(value) for value in face)
            kept += 1
            assert pixels[y0 + 1 : y1 - 1, x0 + 1 : x1 - 1].min() > 200
    assert 10 <= kept <= 20


def test_a_look_says_how_warm_its_light_is():
    """As `Camera.warmth`: log2 of red over blue in linear light."""
    image = np.full((400, 400, 3), 128, np.uint8)
    for seed in range(5):
        pixels, _, warmth = vary(image, None, rng=np.random.default_rng(seed))
        red, _, blue = to_linear(pixels).mean(axis=(0, 1))
        assert np.log2(red / blue) == pytest.approx(warmth, abs=0.3 * abs(warmth) + 0.05)


def test_scenes_of_one_photograph_are_never_parted():
    scenes = [f"p{n}{look}" for n in range(20) for look in ("", "-look1") for _ in range(3)]
    training, validation = split_scenes(scenes)
    assert len(validation) == 12
    parted = {photograph_of(scenes[row]) for row in training} & {
        photograph_of(scenes[row]) for row in validation
    }
    assert parted == set()


def test_an_epoch_shows_every_capture_once_beside_its_scene():
    scenes = ["a"] * 30 + ["b"] * 5 + ["c"]
    rng = np.random.default_rng(0)
    batches = list(epoch_batches(range(36), scenes, batch=16, rng=rng))
    shown = np.concatenate([rows for rows, _ in batches])
    assert sorted(shown) == list(range(35))  # "c" has nothing to be compared with
    for batch_rows, groups in batches:
        assert len(batch_rows) <= 16
        for group in set(groups):
            assert len({scenes[row] for row in batch_rows[groups == group]}) == 1


def test_from_the_third_look_on_captures_are_reduced_with_their_faces(photos, tmp_path):
    table = simulate(photos, tmp_path, captures_per_photo=3, scenes_per_photo=3, quiet=True)
    sides = {}
    for row in rows(table):
        with Image.open(table.parent / row["path"]) as picture:
            sides.setdefault(row["scene"], []).append(min(picture.size))
            if row["face_x1"]:
                assert 0 <= float(row["face_x0"]) < float(row["face_x1"]) <= picture.width
                assert 0 <= float(row["face_y0"]) < float(row["face_y1"]) <= picture.height
    reduced = [scene for scene in sides if scene.endswith("-look2")]
    assert len(reduced) == 5
    for scene in reduced:
        plain = max(sides[photograph_of(scene)])
        assert max(sides[scene]) < 0.92 * plain


def test_exposure_is_said_only_where_a_scene_keeps_the_light_of_its_photograph(table):
    for row, read in zip(rows(table), capture_rows(table), strict=True):
        regraded = row["scene"].endswith("-look1")
        assert np.isfinite(read.light).tolist() == [True, True, not regraded]
        if not regraded:
            dark, bright = float(row["cost_dark"]), float(row["cost_bright"])
            assert np.sign(read.light[2]) == np.sign(bright - dark)


def test_rated_photographs_become_scenes_of_errors_of_light_alone(photos, tmp_path):
    rated = tmp_path / "7.png"
    rated.write_bytes((photos / "scene3.png").read_bytes())
    table = simulate(
        photos, tmp_path, captures_per_photo=7, scenes_per_photo=1, quiet=True, rated=[rated]
    )
    found = [row for row in rows(table) if row["scene"].startswith("rated-7-")]
    assert len(found) == 7
    costly = {
        name
        for row in found
        for name, cost in row.items()
        if name.startswith("cost_") and float(cost) > 0
    }
    assert costly == {"cost_noise", "cost_cast", "cost_bright", "cost_dark"}
    assert len({row["cost_noise"] for row in found if float(row["cost_dark"]) == 0}) == 1
    with pytest.raises(PiqaError, match="two rated photographs are called 7"):
        simulate(photos, tmp_path, quiet=True, rated=[rated, photos / "7.jpg"])
