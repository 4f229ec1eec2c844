from __future__ import annotations

import pytest
from PIL import Image

from piqa_cli.errors import PiqaError
from piqa_cli.train.photographs import by_hash, face_boxes, list_photographs, load_clean
from piqa_cli.train.simulation.frozen_test import held_out_files


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
