import numpy as np
import pytest
from PIL import Image

from tests.read.damage.conftest import encoded, with_noise, with_zeros


@pytest.mark.parametrize("options", [{"quality": 95}, {"lossless": True}])
@pytest.mark.parametrize(("start", "end"), [(0.5, 0.6), (0.6, 1.0)])
def test_a_hole_is_refused(textured, fault, options, start, end):
    whole = encoded(textured, "WEBP", **options)
    assert fault(with_zeros(whole, start, end)) == (
        "damaged WEBP: a part of the coded picture is filled with zeros"
    )
    assert fault(whole) is None


def test_a_cut_file_tells_how_much_of_it_there_is(textured, fault):
    whole = encoded(textured, "WEBP", quality=90)
    cut = whole[: len(whole) // 2]
    reason = fault(cut)
    assert reason == f"damaged WEBP: the file ends after {len(cut)} of {len(whole)} bytes"


def test_no_whole_picture_is_refused(textured, fault):
    half = np.asarray(textured.resize((1600, 1200))).copy()
    half[600:] = 255
    flat = [Image.new("RGB", (1600, 1200), colour) for colour in ("black", "white", "#987")]
    pictures = (textured, Image.fromarray(half), *flat, textured.convert("RGBA"))
    for picture in pictures:
        for options in ({"quality": 1}, {"quality": 80}, {"quality": 100}, {"lossless": True}):
            assert fault(encoded(picture, "WEBP", method=1, **options)) is None
    frames = encoded(textured, "WEBP", save_all=True, append_images=[half_of(textured)])
    assert fault(frames) is None


def half_of(picture):
    return picture.point(lambda value: value // 2)


@pytest.mark.parametrize("share", [0.3, 0.5, 0.7])
def test_wrong_bytes_are_refused(textured, fault, share):
    whole = encoded(textured, "WEBP", quality=90)
    assert fault(with_noise(whole, share)) == (
        "damaged WEBP: bytes of the coded picture are wrong: its last ones aren't needed"
    )


def test_lengths_that_do_not_fit_are_refused(textured, fault):
    whole = encoded(textured, "WEBP", quality=90, exif=b"Exif\0\0II*\0\x08\0\0\0\0\0")
    size = whole.index(b"EXIF") + 4
    broken = whole[:size] + bytes([whole[size] + 2]) + whole[size + 1 :]
    assert fault(broken) == "damaged WEBP: the lengths of its chunks don't fit the file's"
    assert fault(whole) is None
