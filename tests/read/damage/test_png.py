import pytest

from tests.read.damage.conftest import encoded, with_zeros


@pytest.fixture
def whole(textured):
    return encoded(textured, "PNG")


def test_one_wrong_byte_is_refused_with_and_without_exif_behind_the_pixels(whole, fault):
    middle = len(whole) // 2
    broken = whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]
    assert fault(broken) == "damaged PNG: the checksum of a chunk IDAT doesn't fit its data"
    assert fault(whole) is None


def test_a_hole_or_a_cut_is_refused(whole, fault):
    assert "chunk IDAT" in fault(with_zeros(whole, 0.5, 0.6))
    assert fault(whole[: len(whole) // 2]) == "damaged PNG: the file ends within a chunk IDAT"


def test_a_lost_chunk_is_refused(whole, fault):
    end = whole.index(b"IEND") - 4
    start = whole.rindex(b"IDAT", 0, end) - 4
    assert fault(whole[:start] + whole[end:]).startswith("damaged PNG: ")


def test_damage_of_comments_is_not_damage(textured, whole, fault):
    comment = b"\0\0\0\4tEXta\0bc" + b"\0\0\0\0"  # a wrong checksum
    end = whole.index(b"IEND") - 4
    assert fault(whole[:end] + comment + whole[end:]) is None


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_no_whole_picture_is_refused(mode, textured, fault):
    picture = textured.convert("L" if mode == "I;16" else mode).convert(mode)
    for options in ({}, {"optimize": True}, {"compress_level": 0}):
        assert fault(encoded(picture, "PNG", **options)) is None
        assert fault(encoded(picture, "PNG", **options) + b"trailer") is None
