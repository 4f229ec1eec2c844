from __future__ import annotations

import os

import numpy as np
import pytest
from PIL import Image

from piqa_cli.errors import CaptureError
from piqa_cli.read import decode
from piqa_cli.read.decode import read_photo
from piqa_cli.runs.crops import Crops, crop_boxes
from piqa_cli.runs.pictures import PictureFolder
from piqa_cli.score import worker
from piqa_cli.score.worker import read_capture, remake_pictures, renew_exif, save_crops

NOISE = Image.fromarray(np.random.default_rng(0).integers(0, 256, (300, 400, 3), np.uint8))


def _saved(tmp_path, compression, *, damaged):
    file = tmp_path / "picture.tif"
    NOISE.save(file, compression=compression)
    data = bytearray(file.read_bytes())
    if damaged:
        data[5000:6000] = bytes(byte ^ 0x5A for byte in data[5000:6000])
    file.write_bytes(data)
    return file


def test_what_libraries_print_is_part_of_the_reason(tmp_path, capfd):
    with pytest.raises(CaptureError, match=r"^damaged TIFF: .*code not yet in table"):
        read_capture(_saved(tmp_path, "tiff_lzw", damaged=True), None, None)
    assert capfd.readouterr().err == ""


def test_a_good_picture_has_no_warning(tmp_path, capfd):
    file = _saved(tmp_path, "tiff_lzw", damaged=False)
    assert read_capture(file, None, None).photo.facts.warnings == ()
    renew_exif(file)
    assert capfd.readouterr().err == ""


def test_what_is_printed_beside_a_good_picture_is_its_warning(tmp_path, monkeypatch, capfd):
    def read_aloud(file, *, working_side_px, **_):
        os.write(2, b"odd tag\n")
        return read_photo(file, working_side_px=working_side_px)

    monkeypatch.setattr(worker, "read_photo", read_aloud)
    photo = worker.read_capture(_saved(tmp_path, "tiff_lzw", damaged=False), None, None).photo
    assert photo.facts.warnings == ("reported while it was decoded: odd tag",)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("suffix", ["heic", "jpg", "webp"])
def test_only_the_first_reading_looks_for_damage(tmp_path, monkeypatch, suffix):
    file, looked = tmp_path / f"picture.{suffix}", []
    NOISE.save(file)
    monkeypatch.setattr(decode, "damage_of", lambda *_: looked.append(suffix))
    sha256 = read_capture(file, None, None).photo.facts.sha256
    assert looked == [suffix]
    assert remake_pictures(file, None, PictureFolder(tmp_path / "pictures"), None) is None
    crops = Crops(sha256, None, crop_boxes(None, width=400, height=300), "scene")
    assert save_crops(file, crops, tmp_path / "pictures") is None
    assert looked == [suffix]
