"""Variants of the formats: the pixels are those of the same picture as PNG, or it is refused."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from piqa_cli.errors import CaptureError
from piqa_cli.read.decode import read_photo

WIDTH, HEIGHT = 40, 24
Y, X = np.mgrid[:HEIGHT, :WIDTH]
COLOURS = np.stack([X * 6, Y * 10, (X + Y) * 4], axis=-1).astype(np.uint8)
GREYS = COLOURS[..., 0]
REFUSED = {
    "signed": "a TIFF with signed samples: export it with 8 or 16 bits, unsigned",
    "float": "a TIFF with floating-point samples: export it with 8 or 16 bits, unsigned",
    "deep": "32-bit samples: export the picture with 8 or 16 bits",
    "planes": "a 16-bit TIFF in separate planes: export it with interleaved channels",
}


def tiff(pixels, *, kind=1, planar=False, packed=False, order="<"):
    """A TIFF of an array; `kind` is its SampleFormat, one strip a plane."""
    samples = 1 if pixels.ndim == 2 else pixels.shape[2]
    planes = [pixels[..., c] for c in range(samples)] if planar and samples > 1 else [pixels]
    strips = [plane.astype(plane.dtype.newbyteorder(order)).tobytes() for plane in planes]
    strips = [zlib.compress(strip) for strip in strips] if packed else strips
    starts = [8 + sum(map(len, strips[:i])) for i in range(len(strips))]
    depth = pixels.dtype.itemsize * 8
    tags = {
        256: ("I", [WIDTH]),
        257: ("I", [HEIGHT]),
        258: ("H", [depth] * samples),
        259: ("H", [8 if packed else 1]),
        262: ("H", [1 if samples == 1 else 2]),
        273: ("I", starts),
        277: ("H", [samples]),
        278: ("I", [HEIGHT]),
        279: ("I", list(map(len, strips))),
        284: ("H", [2 if planar else 1]),
        339: ("H", [kind] * samples),
    }
    body = b"".join(strips)
    body += b"\0" * (len(body) % 2)
    directory, extra = struct.pack(f"{order}H", len(tags)), b""
    after = 8 + len(body) + 2 + 12 * len(tags) + 4
    for tag, (letter, values) in tags.items():
        stored = struct.pack(f"{order}{len(values)}{letter}", *values)
        if len(stored) > 4:
            stored, extra = struct.pack(f"{order}I", after + len(extra)), extra + stored
        head = struct.pack(f"{order}HHI", tag, 3 if letter == "H" else 4, len(values))
        directory += head + stored.ljust(4, b"\0")
    start = struct.pack(f"{order}2sHI", b"II" if order == "<" else b"MM", 42, 8 + len(body))
    return start + body + directory + bytes(4) + extra


@pytest.fixture
def read_bytes(tmp_path):
    def read(data):
        file = tmp_path / "capture"
        file.write_bytes(data)
        return read_photo(file, working_side_px=None).pixels

    return read


def deep(pixels):
    return pixels.astype(np.uint16) * 257


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("planar", [False, True])
@pytest.mark.parametrize(
    "pixels",
    [GREYS, COLOURS, deep(GREYS), deep(COLOURS)],
    ids="grey colour deep-grey deep-colour".split(),
)
def test_unsigned_tiffs_give_the_pixels_of_their_png(read_bytes, pixels, planar, packed, order):
    eight = pixels if pixels.dtype == np.uint8 else (pixels >> 8).astype(np.uint8)
    png = io.BytesIO()
    Image.fromarray(eight).save(png, format="PNG")
    data = tiff(pixels, planar=planar, packed=packed, order=order)
    if pixels.dtype == np.uint16 and planar and not packed:
        with pytest.raises(CaptureError, match=REFUSED["planes"]):
            read_bytes(data)
    else:
        assert np.array_equal(read_bytes(data), read_bytes(png.getvalue()))


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    ("dtype", "kind", "reason"),
    [
        ("i1", 2, "signed"),
        ("i2", 2, "signed"),
        ("i4", 2, "signed"),
        ("f2", 3, "float"),
        ("f4", 3, "float"),
        ("f8", 3, "float"),
        ("u4", 1, "deep"),
    ],
)
@pytest.mark.parametrize("pixels", [GREYS, COLOURS], ids=["grey", "colour"])
def test_other_samples_are_refused_by_name(read_bytes, pixels, dtype, kind, reason, packed):
    with pytest.raises(CaptureError) as caught:
        read_bytes(tiff((pixels // 2).astype(dtype), kind=kind, packed=packed))
    assert caught.value.reason == REFUSED[reason]


def test_cmyk_needs_adobes_marker(read_bytes):
    stream = io.BytesIO()
    Image.fromarray(COLOURS).convert("CMYK").save(stream, format="JPEG", quality=98)
    whole = stream.getvalue()
    start = whole.index(b"\xff\xee")
    length = 2 + int.from_bytes(whole[start + 2 : start + 4], "big")
    difference = read_bytes(whole).astype(int) - COLOURS
    assert np.abs(difference).mean() < 4
    with pytest.raises(
        CaptureError, match=r"^a CMYK JPEG without Adobe's marker: export it as RGB"
    ):
        read_bytes(whole[:start] + whole[start + length :])


@pytest.mark.parametrize("plugin", ["PNG", "WEBP", "AVIF"])
def test_an_animation_that_begins_with_nothing_is_refused(read_bytes, plugin):
    picture = Image.fromarray(COLOURS).convert("RGBA")
    empty = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    part = picture.copy()
    part.paste(empty.crop((0, 0, 20, 24)), (0, 0))

    def frames(first, *others):
        stream = io.BytesIO()
        first.save(stream, format=plugin, save_all=True, append_images=others, duration=100)
        return stream.getvalue()

    for first in (empty, part):
        with pytest.raises(CaptureError, match=r"^an animation that begins with a part"):
            read_bytes(frames(first, picture))
    assert np.abs(read_bytes(frames(picture, empty)).astype(int) - COLOURS).mean() < 8
    assert read_bytes(frames(part))[:, :20].min() > 240


def test_an_empty_picture_is_refused(read_bytes):
    stream = io.BytesIO()
    Image.new("LA", (40, 24), (90, 0)).save(stream, format="PNG")
    with pytest.raises(CaptureError, match="every pixel is transparent"):
        read_bytes(stream.getvalue())
