import pytest
from PIL import Image

from tests.read.damage.conftest import encoded, with_zeros


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
