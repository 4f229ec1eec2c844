import zlib

import pytest

from piqa_cli.formats import tiff_tags
from tests.read.damage.conftest import encoded, with_zeros

PACKED = {"tiff_deflate": 8, "tiff_adobe_deflate": 8, "tiff_lzw": 5, "packbits": 32773, "jpeg": 7}


@pytest.mark.parametrize("compression", ["tiff_adobe_deflate", "tiff_lzw", "packbits", "jpeg"])
def test_a_hole_in_a_packed_strip_is_refused(textured, fault, compression, capfd):
    whole = encoded(textured, "TIFF", compression=compression)
    reason = fault(with_zeros(whole, 0.5, 0.56))
    assert reason.startswith("damaged TIFF: ")
    assert "strip " in reason
    assert capfd.readouterr().err == ""
    assert fault(whole) is None


def test_a_wrong_byte_in_a_deflated_strip_is_refused(textured, fault):
    whole = encoded(textured, "TIFF", compression="tiff_adobe_deflate")
    middle = len(whole) // 2
    broken = whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :]
    assert "can't be unpacked" in fault(broken)


def test_strips_must_lie_inside_the_file(textured, fault):
    for compression in ("raw", "tiff_lzw"):
        for strips in (65_536, 8192):
            whole = encoded(
                textured, "TIFF", compression=compression, strip_size=strips, big_tiff=True
            )
            assert fault(whole) is None
            reason = fault(whole[: len(whole) * 9 // 10])
            assert reason is not None
            assert reason.startswith("damaged TIFF")


def test_a_strip_that_unpacks_to_less_than_its_rows_is_refused(textured, fault):
    whole = encoded(textured.convert("L"), "TIFF", compression="tiff_adobe_deflate")
    start = whole.index(zlib.compress(b"")[:1], 8)
    short = zlib.compress(bytes(1000))
    assert "can't be unpacked" in fault(whole[:start] + short + whole[start + len(short) :])


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "YCbCr"])
def test_no_whole_picture_is_refused(mode, textured, fault):
    picture = textured.convert("L" if mode == "I;16" else mode).convert(mode)
    for compression in ("raw", *PACKED, "tiff_ccitt", "group4", "zstd", "lzma"):
        try:
            data = encoded(picture, "TIFF", compression=compression)
        except (OSError, RuntimeError, ValueError):
            continue  # Pillow can't pack this mode so
        assert fault(data) is None, compression


@pytest.mark.parametrize("compression", ["tiff_adobe_deflate", "packbits"])
def test_a_strip_that_unpacks_to_more_than_its_rows_is_refused(textured, fault, compression):
    whole = encoded(textured.crop((0, 0, 320, 8)), "TIFF", compression=compression)
    rows = tiff_tags.first_tags(whole)
    (offset,), (length,) = rows[tiff_tags.STRIP_OFFSETS], rows[tiff_tags.STRIP_BYTE_COUNTS]
    longer = zlib.compress(bytes(9000)) if "deflate" in compression else b"\x81\0" * 71
    filled = longer.ljust(length, b"\x80")
    reason = fault(whole[:offset] + filled + whole[offset + length :])
    assert "unpack" in reason
    assert fault(whole) is None
