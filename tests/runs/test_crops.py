from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from piqa_cli.records import Box
from piqa_cli.runs.crops import (
    crop_boxes,
    crops_are_current,
    crops_bytes,
    drop_crops,
    save_crop,
)
from piqa_cli.runs.pictures import PictureFolder, PictureSource, prune_pictures

SHA, OTHER = "a" * 64, "b" * 64
NOISE = np.random.default_rng(1).integers(0, 256, (384, 384, 3), np.uint8)


def save_both(folder, sha256=SHA):
    boxes = crop_boxes(None, width=384, height=384)
    for kind, box in boxes.items():
        save_crop(NOISE, box, sha256, folder, kind)
    return boxes


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


def test_another_face_makes_a_crop_out_of_date(tmp_path):
    boxes = save_both(tmp_path)
    assert crops_are_current(SHA, tmp_path, boxes)
    assert not crops_are_current(SHA, tmp_path, {**boxes, "facecrop": (1, 0, 384, 384)})
    assert not crops_are_current(OTHER, tmp_path, boxes)


def test_crops_go_with_their_captures_and_with_the_detail_of_pictures(tmp_path):
    save_both(tmp_path)
    save_both(tmp_path, OTHER)
    assert crops_bytes(SHA, tmp_path) == sum(f.stat().st_size for f in tmp_path.iterdir()) / 2
    drop_crops(tmp_path, {SHA})
    assert sorted(file.name[0] for file in tmp_path.iterdir()) == ["a", "a"]
    prune_pictures(tmp_path, {SHA}, "small")
    assert list(tmp_path.iterdir()) == []


def test_only_full_pictures_come_with_crops(tmp_path):
    save_both(tmp_path)
    assert PictureSource.in_folder(tmp_path).of(SHA, "facecrop") == f"{SHA}-facecrop.webp"
    assert PictureSource.in_folder(tmp_path, "small").of(SHA, "facecrop") is None
    assert PictureSource.in_folder(tmp_path, crops=False).of(SHA, "facecrop") is None
    assert PictureFolder.wanted(tmp_path, "small", 400.0) == PictureFolder(tmp_path, full=False)
