import io
import sys

import pillow_heif
import pytest
from PIL import Image

from piqa_cli.read.damage import hevc
from tests.read.damage.conftest import encoded, with_noise, with_zeros


@pytest.fixture
def tiled(textured):
    return encoded(textured, "HEIF", quality=80, tile_size=64)


@pytest.mark.parametrize("share", [0.5, 0.75, 0.95])
def test_tiles_beyond_the_end_of_the_file_are_counted(tiled, fault, share):
    reason = fault(tiled[: int(len(tiled) * share)])
    assert reason.startswith("damaged HEIC: ")
    assert reason.endswith("of the picture's 20 tiles lie beyond the end of the file")
    assert fault(tiled) is None


def test_a_cut_picture_without_tiles_is_refused(textured, fault):
    whole = encoded(textured, "HEIF", quality=80)
    assert fault(whole[: len(whole) * 3 // 4]) == "damaged HEIC: the file ends within the picture"
    assert fault(whole) is None


@pytest.mark.parametrize(("start", "end"), [(0.5, 0.51), (0.5, 0.7), (0.7, 1.0)])
def test_a_hole_is_refused(tiled, textured, fault, start, end):
    assert "filled with zeros" in fault(with_zeros(tiled, start, end))
    whole = encoded(textured, "HEIF", quality=80)
    assert fault(with_zeros(whole, start, end)) == (
        "damaged HEIC: a part of the coded picture is filled with zeros"
    )


def test_no_whole_picture_is_refused(textured, fault):
    flat = [Image.new("RGB", (320, 256), colour) for colour in ("black", "white", "#987")]
    for picture in (textured, *flat, textured.convert("L"), textured.convert("RGBA")):
        for options in ({"quality": 10}, {"quality": 90}, {"quality": -1, "chroma": 444}):
            assert fault(encoded(picture, "HEIF", **options)) is None
            if picture.mode == "RGB":
                assert fault(encoded(picture, "HEIF", tile_size=128, **options)) is None


@pytest.mark.parametrize("rows_apart", ["0", "1"])
@pytest.mark.parametrize("share", [0.3, 0.5, 0.7, 0.9])
def test_wrong_bytes_are_refused(textured, fault, rows_apart, share):
    whole = encoded(textured, "HEIF", quality=80, enc_params={"x265:wpp": rows_apart})
    assert "the coded data of the coded picture are broken" in fault(with_noise(whole, share))
    assert fault(whole) is None


def test_each_picture_is_decoded_by_its_own_parameters(textured, fault):
    """The first parameters of a file may be those of a thumbnail."""
    stream = io.BytesIO()
    file = pillow_heif.from_pillow(textured.resize((64, 64)))
    file.add_from_pillow(textured)
    file.save(stream, quality=80, primary_index=1)
    assert fault(stream.getvalue()) is None
    assert fault(with_noise(stream.getvalue(), 0.6)) is not None


def test_without_the_library_units_are_not_judged(tiled, fault, monkeypatch):
    monkeypatch.setattr(hevc, "_library", lambda: None)
    assert fault(tiled) is None
    assert "filled with zeros" in fault(with_zeros(tiled, 0.5, 0.7))


def test_pillow_heif_brings_the_library():
    if sys.platform == "linux":
        assert hevc._library() is not None
