import pytest
from PIL import Image

from tests.read.damage.conftest import encoded, with_noise, with_zeros


@pytest.fixture(scope="module")
def whole(textured):
    return encoded(textured, "AVIF", quality=80, speed=9)


@pytest.mark.parametrize(("start", "end"), [(0.5, 0.52), (0.5, 0.7), (0.6, 1.0)])
def test_a_hole_is_refused(whole, fault, start, end):
    assert fault(with_zeros(whole, start, end)) == (
        "damaged AVIF: a part of the coded picture is filled with zeros"
    )
    assert fault(whole) is None


def test_a_cut_file_is_refused(whole, fault):
    for share in (0.5, 0.9, 0.99):
        assert fault(whole[: int(len(whole) * share)]) is not None


def test_no_whole_picture_is_refused(textured, fault):
    flat = [Image.new("RGB", (320, 256), colour) for colour in ("black", "white", "#987")]
    for picture in (textured, *flat, textured.convert("L"), textured.convert("RGBA")):
        for quality in (10, 60, 100):
            assert fault(encoded(picture, "AVIF", quality=quality, speed=10)) is None


@pytest.mark.parametrize("share", [0.3, 0.5, 0.7])
def test_wrong_bytes_are_refused(whole, fault, share):
    assert fault(with_noise(whole, share)) == (
        "damaged AVIF: bytes of the coded picture are wrong: its last ones aren't needed"
    )
