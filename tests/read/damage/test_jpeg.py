import itertools
import random

import numpy as np
import pytest
from PIL import Image

from tests.read.damage.conftest import encoded, with_noise, with_zeros

EOI = b"\xff\xd9"
FILM = b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 200
KINDS = {
    "baseline": {"quality": 90},
    "optimised": {"quality": 90, "optimize": True},
    "restarts": {"quality": 90, "restart_marker_blocks": 8},
    "full colour": {"quality": 90, "subsampling": 0},
    "progressive": {"quality": 90, "progressive": True},
}


@pytest.fixture(params=KINDS)
def whole(request, textured):
    return encoded(textured, "JPEG", **KINDS[request.param])


def test_a_cut_scan_that_was_closed_tells_how_far_it_goes(textured, fault):
    whole = encoded(textured, "JPEG", quality=90)
    reason = fault(whole[: int(len(whole) * 0.6)] + EOI)
    assert reason.startswith("damaged JPEG: the scan ends after ")
    share = int(reason.split("after ")[1].split(" %")[0])
    assert 52 <= share <= 66
    assert fault(whole) is None


def test_a_cut_progressive_scan_is_refused(textured, fault):
    whole = encoded(textured, "JPEG", quality=90, progressive=True)
    for share in (0.3, 0.6, 0.9):
        reason = fault(whole[: int(len(whole) * share)] + EOI)
        assert reason == "damaged JPEG: a scan ends before all of the picture is there"


@pytest.mark.parametrize(("start", "end"), [(0.5, 0.52), (0.5, 0.6), (0.6, 1.0), (0.95, 0.99)])
def test_a_hole_of_zeros_is_refused(whole, fault, start, end):
    assert fault(with_zeros(whole, start, end)).startswith("damaged JPEG: ")
    assert fault(whole) is None


def test_random_bytes_within_the_scan_are_refused(whole, fault):
    middle = len(whole) // 2
    for seed in range(5):
        noise = random.Random(seed).randbytes(256)
        broken = whole[:middle] + noise + whole[middle + len(noise) :]
        assert fault(broken).startswith("damaged JPEG: ")


def test_a_cut_picture_before_a_whole_film_is_refused(textured, fault):
    whole = encoded(textured, "JPEG", quality=90)
    assert fault(whole + FILM) is None
    assert fault(whole[: len(whole) // 2] + FILM).startswith("damaged JPEG: ")
    assert fault(whole[: len(whole) // 2] + EOI + FILM).startswith("damaged JPEG: the scan ends")


def test_pictures_behind_the_first_do_not_count(textured, fault):
    whole = encoded(textured, "JPEG", quality=90)
    gain_map = encoded(textured.convert("L").resize((80, 64)), "JPEG")
    assert fault(whole + gain_map) is None
    assert fault(whole + gain_map[: len(gain_map) // 2]) is None
    assert fault(whole + b"SEFHk\0\0\0Samsung trailer" + bytes(5000)) is None
    several = encoded(textured, "MPO", save_all=True, append_images=[textured.convert("L")])
    assert fault(several) is None


def test_harmless_oddities_are_not_damage(textured, fault):
    whole = encoded(textured, "JPEG", quality=90)
    assert fault(whole[:-2] + bytes(20) + EOI) is None
    scan = whole.index(b"\xff\xda")
    assert fault(whole[: scan + 11] + b"\0\0\0" + whole[scan + 14 :]) is None
    assert fault(whole[: scan + 11] + b"\0\0\0" + whole[scan + 14 : -900] + EOI) is not None
    assert fault(whole[:20] + b"\1\2\3" + whole[20:]) is None


CONTENTS = ("textured", "black", "white", "noise", "half")


def _content(name, textured):
    pixels = np.asarray(textured)[:97, :131].copy()
    if name == "half":
        pixels[48:] = 0
    elif name == "noise":
        pixels = np.random.default_rng(0).integers(0, 256, pixels.shape, np.uint8)
    elif name != "textured":
        pixels[:] = 255 * (name == "white")
    return Image.fromarray(pixels)


@pytest.mark.parametrize("content", CONTENTS)
def test_no_whole_picture_is_refused(content, textured, fault):
    picture = _content(content, textured)
    for mode, quality in itertools.product(("RGB", "L", "CMYK"), (1, 50, 100)):
        for sampling, progressive in itertools.product((0, 1, 2, "4:1:1"), (False, True)):
            for optimise, restart in ((False, 0), (True, 0), (True, 1)):
                data = encoded(
                    picture.convert(mode),
                    "JPEG",
                    quality=quality,
                    subsampling=sampling,
                    progressive=progressive,
                    optimize=optimise,
                    restart_marker_blocks=restart,
                )
                assert fault(data) is None


def test_greys_beyond_black_or_white_are_refused(textured, fault):
    """A wrong difference shifts all that is behind it; other faults of the scan come up, too."""
    contrast = textured.point(lambda value: min(max(3 * value - 200, 0), 255))
    whole = encoded(contrast, "JPEG", quality=90)
    assert fault(whole) is None
    reasons = [fault(with_noise(whole, place / 40, length=2)) for place in range(4, 36)]
    assert reasons.count(
        "damaged JPEG: bytes of the scan are wrong: greys behind them are beyond black or white"
    ) >= 3  # fmt: skip
    for quality in (1, 60, 100):
        for grey in (0, 1, 254, 255):
            assert fault(encoded(Image.new("L", (64, 64), grey), "JPEG", quality=quality)) is None


@pytest.mark.parametrize(("place", "symbol"), [(3, 0x02), (3, 0x0F), (30, 0x01)])
def test_tables_that_are_no_codes_are_refused(textured, fault, place, symbol):
    whole = encoded(textured, "JPEG", quality=90)
    symbols = whole.index(b"\xff\xc4", whole.index(b"\xff\xc4") + 2) + 21
    broken = whole[: symbols + place] + bytes([symbol]) + whole[symbols + place + 1 :]
    assert fault(broken) == "damaged JPEG: its Huffman tables are broken"
