"""JPEG XL: turned once, in its own colours; refused where the plugin would get it wrong."""

from __future__ import annotations

import io
import struct

import numpy as np
import pytest
from PIL import Image

from piqa_cli.errors import CaptureError
from piqa_cli.formats.jxl_header import JxlHeader, header_of
from piqa_cli.read.decode import read_photo
from piqa_cli.read.icc import D65_XY, SRGB_CURVE, matrix_profile

pytest.importorskip("pillow_jxl")

COLORS = {"red": (220, 30, 30), "green": (30, 200, 30), "blue": (30, 30, 210)}
P3_XY = ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060))
# Colour encodings bit by bit (ISO/IEC 18181-1, annex E): not the default, no profile, RGB, D65,
# primaries (P3, sRGB), no gamma, transfer function (sRGB, PQ), relative colorimetric.
DISPLAY_P3 = [0, 0, (2, 0), (2, 1), (2, 2), (4, 9), 0, (2, 2), (4, 11), (2, 1)]
SRGB_PQ = [0, 0, (2, 0), (2, 1), (2, 1), 0, (2, 2), (4, 14), (2, 1)]


@pytest.fixture
def squares():
    """64 x 48: red, green, blue and white quarters, so that every turn shows."""
    pixels = np.full((48, 64, 3), 240, np.uint8)
    pixels[:24, :32], pixels[:24, 32:], pixels[24:, :32] = COLORS.values()
    return Image.fromarray(pixels)


@pytest.fixture
def read(tmp_path):
    def read_jxl(data):
        (tmp_path / "a.jxl").write_bytes(data)
        return read_photo(tmp_path / "a.jxl", working_side_px=None)

    return read_jxl


def jxl(image, **options):
    stream = io.BytesIO()
    image.save(stream, "JXL", **options)
    return stream.getvalue()


def with_header(image, *, orientation=1, color=(1,)):
    """A lossless codestream of 64 x 48 whose header states another orientation or colours."""
    data = jxl(image, lossless=True)
    bits = "".join(format(byte, "08b")[::-1] for byte in data[2:16])
    size = bits[:1] + bits[1:9] if bits[0] == "1" else None
    assert size is not None
    size += bits[9:14] if bits[6:9] == "000" else ""
    rest = bits[len(size) :]
    # Not all default, no extra fields; 8 bits; buffers of 16 bits; no more channels; no XYB;
    # default colours; no extensions; default transform.
    assert rest[:12].startswith("00" + "000")
    depth_to_xyb, after = rest[2:9], rest[9:13]
    assert after == "1" + "00" + "1"
    header = size + "01" + bits_of([(3, orientation - 1), 0, 0, 0]) + depth_to_xyb
    header += bits_of(color) + "1" + "00" + "1"
    frame = data[2 + -(-(len(size) + 13) // 8) :]
    header += "0" * (-len(header) % 8)
    packed = bytes(int(header[i : i + 8][::-1], 2) for i in range(0, len(header), 8))
    return data[:2] + packed + frame


def bits_of(fields):
    """Bits in the order of the stream, each number's lowest first."""
    pairs = [field if isinstance(field, tuple) else (1, field) for field in fields]
    return "".join(format(value, f"0{count}b")[::-1] for count, value in pairs)


def corner(photo):
    return tuple(map(int, photo.pixels[8, 8]))


def test_pixels_and_facts(squares, read):
    photo = read(jxl(squares, lossless=True))
    np.testing.assert_array_equal(photo.pixels, np.asarray(squares))
    facts = photo.facts
    assert (facts.format, facts.bit_depth, facts.width_px, facts.height_px) == ("jxl", 8, 64, 48)
    assert facts.decoder.startswith("pillow-jxl-plugin ")


def test_the_codestream_turns_it_and_exif_does_not(squares, read):
    photo = read(with_header(squares, orientation=6))
    assert (corner(photo), photo.pixels.shape) == (COLORS["blue"], (64, 48, 3))
    assert photo.facts.warnings == ()
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Piqa"
    photo = read(jxl(squares, lossless=True, exif=exif.tobytes()))
    assert (corner(photo), photo.pixels.shape) == (COLORS["red"], (48, 64, 3))
    assert (photo.facts.exif.make, photo.facts.exif.orientation) == ("Piqa", 6)
    assert photo.facts.warnings == (
        "EXIF states orientation 6, but the file's own turn (codestream) is 1: "
        "the file's own was used",
    )


def test_a_packed_jpeg_is_turned_by_its_exif_and_has_its_profile(squares, read, tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    p3 = matrix_profile("Display P3", P3_XY, SRGB_CURVE, D65_XY)
    jpeg = tmp_path / "a.jpg"
    squares.save(jpeg, quality=98, subsampling=0, exif=exif, icc_profile=p3)
    with Image.open(jpeg) as opened:
        packed = read(jxl(opened, lossless_jpeg=True))
    plain = read_photo(jpeg, working_side_px=None)
    np.testing.assert_array_equal(packed.pixels, plain.pixels)
    assert (packed.facts.icc_profile, packed.facts.warnings) == ("Display P3", ())


def test_colours_of_the_codestream_become_srgb(read):
    grey_in_p3 = read(with_header(Image.new("RGB", (64, 48), (120, 120, 120)), color=DISPLAY_P3))
    assert np.abs(grey_in_p3.pixels.astype(int) - 120).max() <= 1
    red = read(with_header(Image.new("RGB", (64, 48), (200, 80, 80)), color=DISPLAY_P3))
    np.testing.assert_allclose(corner(red), (216, 71, 74), atol=2)  # more saturated in sRGB


def test_hdr_is_refused(squares, read):
    with pytest.raises(CaptureError, match=r"coded for HDR displays \(PQ\)"):
        read(with_header(squares, color=SRGB_PQ))


def test_greys_and_alpha(read):
    deep = Image.fromarray(np.full((48, 64), 40_000, np.uint16))
    photo = read(jxl(deep, lossless=True))  # the plugin states that deep greys are linear
    assert (corner(photo), photo.facts.bit_depth) == ((205,) * 3, 16)
    half = Image.new("RGBA", (64, 48), (0, 0, 0, 128))
    assert corner(read(jxl(half, lossless=True))) == (127,) * 3


@pytest.mark.parametrize("missing", [1, 20, 200, 500])
def test_a_cut_file_is_refused(texture, read, missing):
    whole = jxl(Image.fromarray(texture(1)))
    assert read(whole).pixels.shape == (96, 128, 3)
    with pytest.raises(CaptureError, match="damaged JPEG XL: libjxl can't decode it"):
        read(whole[:-missing])


def test_floating_point_samples_are_refused(read):
    image = Image.fromarray(np.full((48, 64), 0.5, np.float32))
    with pytest.raises(CaptureError, match="floating-point samples"):
        read(jxl(image, lossless=True))


@pytest.mark.parametrize("size", [(64, 48), (100, 77), (1920, 1080), (37, 5000)])
def test_the_size_is_known_before_anything_is_decoded(size):
    assert header_of(jxl(Image.new("RGB", size))) == JxlHeader(*size)
    inside = jxl(Image.new("RGB", size), exif=b"II*\0\x08\0\0\0\0\0\0\0\0\0")
    assert inside[4:7] == b"JXL"
    assert header_of(inside) == JxlHeader(*size)


def test_a_bomb_is_refused_before_it_is_decoded(read):
    sides = bits_of([0, (2, 2), (18, 99_999), (3, 1), 1])  # a square of 100,000
    packed = int(sides[::-1], 2).to_bytes(8, "little")
    with pytest.raises(CaptureError, match="100000 x 100000 is 10000 megapixels"):
        read(b"\xff\x0a" + packed + bytes(100))


def test_an_animation_is_refused(read):
    small = bits_of([1, (5, 5), (3, 1), 0, 1, (3, 0), 0, 0, 1])
    with pytest.raises(CaptureError, match="an animation: export one frame of it"):
        read(b"\xff\x0a" + int(small[::-1], 2).to_bytes(8, "little") + bytes(100))


def test_headers_that_end_early_are_no_headers():
    assert header_of(b"\xff\x0a\x01") is None
    assert header_of(b"\0\0\0\x0cJXL \r\n\x87\n" + struct.pack(">I4s", 1, b"jxlc")) is None
