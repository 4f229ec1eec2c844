from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from piqa_cli.records import Box
from piqa_cli.runs.pictures import (
    PictureSource,
    face_labels,
    pictures_are_current,
    prune_pictures,
    save_face,
    save_pictures,
    shown_square,
)
from tests.runs.samples import scored_row

SHA = "a" * 64


def gradient(height: int = 600, width: int = 800):
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[..., 0] = np.linspace(0, 255, width).astype(np.uint8)
    return pixels


def test_thumbnail_and_full_picture(tmp_path):
    save_pictures(gradient(), SHA, tmp_path / "pictures")
    with Image.open(tmp_path / "pictures" / f"{SHA}-320.webp") as thumb:
        assert (thumb.format, thumb.size) == ("WEBP", (320, 240))
        assert dict(thumb.getexif()) == {}
        assert "icc_profile" not in thumb.info
    with Image.open(tmp_path / "pictures" / f"{SHA}-full.webp") as full:
        assert full.size == (800, 600)
        error = np.abs(np.asarray(full.convert("RGB")).astype(int) - gradient())
        assert error.mean() < 3
    assert len(list((tmp_path / "pictures").iterdir())) == 2


def test_pictures_that_are_there_are_kept(tmp_path):
    save_pictures(gradient(), SHA, tmp_path)
    before = (tmp_path / f"{SHA}-full.webp").stat().st_mtime_ns
    save_pictures(gradient() // 2, SHA, tmp_path)
    assert (tmp_path / f"{SHA}-full.webp").stat().st_mtime_ns == before


def test_another_working_size_remakes_them(tmp_path):
    save_pictures(gradient(), SHA, tmp_path)
    save_pictures(gradient(300, 400), SHA, tmp_path)
    with Image.open(tmp_path / f"{SHA}-full.webp") as full:
        assert full.size == (400, 300)


def test_a_small_picture_is_not_enlarged_and_a_thin_one_keeps_a_pixel(tmp_path):
    save_pictures(gradient(1, 4000), SHA, tmp_path)
    with Image.open(tmp_path / f"{SHA}-320.webp") as thumb:
        assert thumb.size == (320, 1)
    save_pictures(gradient(10, 20), "b" * 64, tmp_path)
    with Image.open(tmp_path / f"{'b' * 64}-320.webp") as thumb:
        assert thumb.size == (20, 10)


def test_the_face_is_a_square_and_follows_a_new_box(tmp_path):
    save_face(gradient(), Box(0, 0, 100, 100), SHA, tmp_path)
    save_face(gradient(), Box(600, 300, 700, 400), SHA, tmp_path)
    with Image.open(tmp_path / f"{SHA}-face.webp") as face:
        assert face.size == (256, 256)
        assert np.asarray(face.convert("RGB"))[..., 0].mean() > 180  # right part of the gradient


def test_the_square_grows_by_half_and_stays_within_the_picture():
    assert shown_square(Box(100, 100, 200, 180), width=800, height=600) == (75, 65, 225, 215)
    assert shown_square(Box(-20, -20, 80, 80), width=800, height=600) == (0, 0, 150, 150)
    assert shown_square(Box(700, 500, 800, 600), width=800, height=600) == (650, 450, 800, 600)
    assert shown_square(Box(0, 0, 800, 600), width=800, height=600) == (100, 0, 700, 600)


def test_a_box_outside_the_picture_still_gives_a_face(tmp_path):
    save_face(gradient(), Box(900, 700, 1000, 800), SHA, tmp_path)
    assert (tmp_path / f"{SHA}-face.webp").is_file()


def test_what_is_missing(tmp_path):
    pixels, box = gradient(), Box(10, 12, 60, 70)
    size = (pixels.shape[1], pixels.shape[0])
    assert not pictures_are_current(SHA, tmp_path, size_px=size, face=None)
    save_pictures(pixels, SHA, tmp_path)
    assert pictures_are_current(SHA, tmp_path, size_px=size, face=None)
    assert not pictures_are_current(SHA, tmp_path, size_px=(40, 30), face=None)
    assert not pictures_are_current(SHA, tmp_path, size_px=size, face=box)
    save_face(pixels, box, SHA, tmp_path)
    assert pictures_are_current(SHA, tmp_path, size_px=size, face=box)
    assert not pictures_are_current(SHA, tmp_path, size_px=size, face=Box(11, 12, 60, 70))
    source = PictureSource.in_folder(tmp_path)
    assert source.of(SHA, "320") == f"{SHA}-320.webp"
    assert PictureSource.in_folder(tmp_path / "nowhere").of(SHA, "320") is None


def test_small_pictures_are_thumbnails_and_faces(tmp_path):
    box, size = Box(0, 0, 100, 100), (1200, 900)
    save_pictures(gradient(900, 1200), SHA, tmp_path, full=False)
    save_face(gradient(900, 1200), box, SHA, tmp_path)
    assert sorted(f.name[65:] for f in tmp_path.iterdir()) == ["320.webp", "face.webp"]
    assert pictures_are_current(SHA, tmp_path, size_px=size, face=box, full=False)
    assert not pictures_are_current(SHA, tmp_path, size_px=size, face=box)


def test_pages_show_no_more_than_is_asked_for(tmp_path):
    save_pictures(gradient(), SHA, tmp_path)
    assert PictureSource.in_folder(tmp_path).of(SHA, "full") == f"{SHA}-full.webp"
    assert PictureSource.in_folder(tmp_path, "small").of(SHA, "full") is None
    assert PictureSource.in_folder(tmp_path, "small").of(SHA, "320") == f"{SHA}-320.webp"
    assert PictureSource.in_folder(tmp_path, "none").names == frozenset()


@pytest.mark.parametrize(("detail", "left"), [("full", 2), ("small", 1), ("none", 0)])
def test_pictures_that_a_run_has_no_use_for_go(tmp_path, detail, left):
    save_pictures(gradient(), SHA, tmp_path)
    prune_pictures(tmp_path, {SHA}, detail)
    assert len(list(tmp_path.iterdir())) == left


def test_other_faces_of_one_file_have_names_of_their_own(tmp_path):
    boxes = [Box(10, 10, 110, 110), Box(400, 200, 600, 420)]
    labels = face_labels([(SHA, boxes[0]), (SHA, boxes[1]), (SHA, boxes[0]), ("b" * 64, boxes[1])])
    assert sorted(len(label) for label in labels.values()) == [0, 0, 8]
    assert labels["b" * 64, boxes[1]] == ""
    save_pictures(gradient(), SHA, tmp_path)
    for box in boxes:
        save_face(gradient(), box, SHA, tmp_path, label=labels[SHA, box])
        current = {"size_px": (800, 600), "face": box, "label": labels[SHA, box]}
        assert pictures_are_current(SHA, tmp_path, **current)
    source = PictureSource.in_folder(tmp_path)
    row = scored_row(sha256=SHA, no_face=False)
    shown = [source.face_of(replace(row, **sides(box))) for box in boxes]
    assert len(set(shown)) == 2
    assert None not in shown
    prune_pictures(tmp_path, {SHA}, faces=[(SHA, box) for box in boxes])
    assert source.names == {file.name for file in tmp_path.iterdir()}
    prune_pictures(tmp_path, {SHA}, faces=[(SHA, boxes[1])])
    assert sorted(f.name[65:] for f in tmp_path.iterdir()) == ["320.webp", "face.webp", "full.webp"]


def sides(box):
    return {"face_x0": box.x0, "face_y0": box.y0, "face_x1": box.x1, "face_y1": box.y1}
