from __future__ import annotations

import os

import numpy as np
import pytest
from PIL import Image

from piqa_cli.errors import CaptureError
from piqa_cli.read.decode import read_photo
from piqa_cli.score import worker
from piqa_cli.score.worker import read_capture, renew_exif

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
    def read_aloud(file, *, working_side_px, damaged):
        os.write(2, b"odd tag\n")
        return read_photo(file, working_side_px=working_side_px)

    monkeypatch.setattr(worker, "read_photo", read_aloud)
    photo = worker.read_capture(_saved(tmp_path, "tiff_lzw", damaged=False), None, None).photo
    assert photo.facts.warnings == ("reported while it was decoded: odd tag",)
    assert capfd.readouterr().err == ""
