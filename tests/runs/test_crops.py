from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from piqa_cli.records import Box
from piqa_cli.report.tiles import crops_of, difference_of
from piqa_cli.runs.crops import Crops, crop_boxes, drop_crops, place_note, save_crop
from piqa_cli.runs.differing import Compared, Difference, difference_note
from piqa_cli.runs.pictures import PictureFolder, PictureSource, prune_pictures
from tests.runs.samples import scored_row

SHA, OTHER = "a" * 64, "b" * 64
FACE = Box(100.0, 100.0, 140.0, 160.0)
NOISE = np.random.default_rng(1).integers(0, 256, (384, 384, 3), np.uint8)
BEST = Compared(Path("best.jpg"), OTHER, FACE)
FOUND = Difference(OTHER, (0, 0, 64, 64), (8, 8, 72, 72))


def save_both(folder, sha256=SHA, *, face=None, best=None, scene="Hall"):
    crops = Crops(sha256, face, crop_boxes(face, width=384, height=384), scene, best)
    for kind, box in crops.boxes.items():
        save_crop(NOISE, folder / crops.names[kind], place_note(box).encode())
    if best is not None:
        for kind in ("differscrop", "bestcrop"):
            note = difference_note(face, best, FOUND)
            save_crop(NOISE[:64, :64], folder / crops.names[kind], note)
    return crops


def row(face=FACE, scene="Hall"):
    sides = dict(
        zip(
            ("face_x0", "face_y0", "face_x1", "face_y1"),
            (face.x0, face.y0, face.x1, face.y1),
            strict=True,
        )
    )
    return scored_row(sha256=SHA, scene=scene, width_px=384, height_px=384, no_face=False, **sides)


@pytest.mark.parametrize(
    ("face", "size", "around"),
    [
        (Box(1000, 1000, 1400, 1600), (3000, 4000), (880, 980, 1520, 1620)),
        (None, (3000, 4000), (1180, 1680, 1820, 2320)),
        (Box(0, 0, 100, 100), (500, 4000), (0, 0, 500, 640)),
    ],
)
def test_the_face_is_in_the_middle_of_its_crop_as_far_as_the_picture_reaches(face, size, around):
    boxes = crop_boxes(face, width=size[0], height=size[1])
    assert boxes == {"facecrop": around, "cornercrop": (0, 0, 384, 384)}


def test_a_crop_loses_nothing(tmp_path):
    save_both(tmp_path)
    with Image.open(tmp_path / f"{SHA}-cornercrop.webp") as shown:
        assert np.array_equal(np.asarray(shown.convert("RGB")), NOISE)
        assert dict(shown.getexif()) == {}


def test_another_face_or_best_capture_makes_crops_out_of_date(tmp_path):
    crops = save_both(tmp_path, face=FACE, best=BEST)
    assert crops.are_current(tmp_path)
    boxes = {**crops.boxes, "facecrop": (1, 0, 384, 384)}
    assert not Crops(SHA, FACE, boxes, "Hall").are_current(tmp_path)
    for best in (Compared(BEST.file, "c" * 64, FACE), Compared(BEST.file, OTHER, None)):
        assert not Crops(SHA, FACE, crops.boxes, "Hall", best).are_current(tmp_path)
    assert not Crops(SHA, FACE, crops.boxes, "Park", BEST).are_current(tmp_path)


def test_crops_go_with_their_captures_and_with_the_detail_of_pictures(tmp_path):
    kept = save_both(tmp_path, face=FACE, best=BEST)
    save_both(tmp_path, OTHER)
    drop_crops(tmp_path, kept.names.values())
    assert sorted(file.name[0] for file in tmp_path.iterdir()) == ["a"] * 4
    prune_pictures(tmp_path, {SHA}, faces=[(SHA, FACE)])
    assert len(list(tmp_path.iterdir())) == 4
    prune_pictures(tmp_path, {SHA}, faces=[(SHA, Box(0.0, 0.0, 9.0, 9.0))])
    assert len(list(tmp_path.glob("*-facecrop*"))) == 0
    prune_pictures(tmp_path, {SHA}, "small")
    assert list(tmp_path.iterdir()) == []


def test_pages_find_the_crops_of_a_row_by_its_face_and_its_scene(tmp_path):
    names = save_both(tmp_path, face=FACE, best=BEST).names
    pictures = PictureSource.in_folder(tmp_path)
    assert crops_of(row(), pictures) == {k: names[k] for k in ("facecrop", "cornercrop")}
    shown = difference_of(row(), pictures)
    assert (shown.found, shown.other) == (FOUND, names["bestcrop"])
    assert difference_of(row(scene="Park"), pictures) is None
    other_face = row(Box(0.0, 0.0, 9.0, 9.0))
    assert list(crops_of(other_face, pictures)) == ["cornercrop"]
    assert difference_of(other_face, pictures) is None


def test_only_full_pictures_come_with_crops(tmp_path):
    save_both(tmp_path)
    assert PictureSource.in_folder(tmp_path).of(SHA, "facecrop") == f"{SHA}-facecrop.webp"
    assert PictureSource.in_folder(tmp_path, "small").of(SHA, "facecrop") is None
    assert PictureSource.in_folder(tmp_path, crops=False).of(SHA, "facecrop") is None
    assert PictureFolder.wanted(tmp_path, "small", 400.0) == PictureFolder(tmp_path, full=False)
