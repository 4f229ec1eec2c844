from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from piqa_cli.read.iso_turn import turn_of, turn_warning

ORIENTATION = b"\x01\x12\x00\x03\x00\x00\x00\x01\x00"  # the tag as Pillow writes it, big endian


def turned(squares, save, kind, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    return save(squares, kind, exif=exif.tobytes())


@pytest.mark.parametrize("kind", ["heic", "avif"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_turn_is_read_from_the_boxes(squares, save, read, kind, orientation):
    file = turned(squares, save, kind, orientation)
    assert turn_of(file.read_bytes()) == orientation
    assert read(file).facts.warnings == ()


def test_exif_that_contradicts_the_turn_is_warned_of_and_not_followed(squares, save, read):
    file = turned(squares, save, "heic", 6)
    right = read(file).pixels
    data = file.read_bytes()
    assert data.count(ORIENTATION + b"\x06") == 1
    file.write_bytes(data.replace(ORIENTATION + b"\x06", ORIENTATION + b"\x08"))
    photo = read(file)
    assert np.array_equal(photo.pixels, right)
    assert photo.facts.exif.orientation == 8
    assert photo.facts.warnings == (
        "EXIF states orientation 8, but the file's own turn (irot, imir) is 6: "
        "the file's own was used",
    )


@pytest.mark.parametrize("data", [b"", b"....ftypheic", b"\0\0\0\x0cmeta\0\0\0\0"])
def test_a_turn_that_cannot_be_told_is_no_warning(data):
    assert turn_of(data) is None
    assert turn_warning(data, 6) is None


def test_broken_boxes_do_no_harm(squares, save):
    data = np.frombuffer(turned(squares, save, "heic", 6).read_bytes(), np.uint8)
    rng = np.random.default_rng(0)
    for _ in range(300):
        broken = data.copy()
        broken[rng.integers(0, 600, 4)] = rng.integers(0, 256, 4)
        assert turn_of(broken.tobytes()) in (None, *range(1, 9))
