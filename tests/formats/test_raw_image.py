"""One rendering of every RAW file: sensor values in, sRGB out, never the preview."""

from __future__ import annotations

import os

import numpy as np
import pytest

from piqa_cli.errors import CaptureError
from piqa_cli.read.decode import decoder_of, read_photo
from tests import dng

rawpy = pytest.importorskip("rawpy")

RED, GREEN, BLUE, WHITE = (188, 63, 63), (63, 188, 63), (63, 63, 188), (231, 231, 231)
CORNERS = (RED, GREEN, BLUE, WHITE)  # upper left, upper right, lower left, lower right


@pytest.fixture
def scene():
    """Linear light (64, 96, 3) of four quarters: 0.5 or 0.05 in the coloured ones, 0.8 in white."""
    linear = np.full((64, 96, 3), 0.05)
    linear[:32, :48, 0] = linear[:32, 48:, 1] = linear[32:, :48, 2] = 0.5
    linear[32:, 48:] = 0.8
    return linear


@pytest.fixture
def read(tmp_path):
    def read_dng(data):
        (tmp_path / "shot.dng").write_bytes(data)
        return read_photo(tmp_path / "shot.dng", working_side_px=None)

    return read_dng


def corners(photo):
    """Colours within the four quarters, away from edges."""
    inner = (12, -13)
    return [tuple(map(int, photo.pixels[y, x])) for y in inner for x in inner]


def assert_near(found, wanted):
    np.testing.assert_allclose(np.array(found, int), np.array(wanted), atol=2)


def test_sensor_values_become_srgb_and_the_preview_is_not_used(scene, read):
    photo = read(dng.dng(dng.sensor(scene)))
    assert_near(corners(photo), CORNERS)
    facts = photo.facts
    assert (facts.format, facts.bit_depth, facts.icc_profile) == ("raw", 10, None)
    assert (facts.width_px, facts.height_px) == (96, 64)
    assert facts.exif.model == "Test Sensor"


def test_the_white_balance_of_the_camera_is_used(scene, read):
    neutral = (0.5, 1.0, 0.6)
    assert_near(
        corners(read(dng.dng(dng.sensor(scene, neutral=neutral), neutral=neutral))), CORNERS
    )


@pytest.mark.parametrize(
    ("orientation", "order"),
    [(1, "0123"), (2, "1032"), (3, "3210"), (4, "2301"), (5, "0213"), (6, "2031"), (7, "3120"),
     (8, "1302")],
)  # fmt: skip
def test_it_is_turned_once_as_the_file_says(scene, read, orientation, order):
    photo = read(dng.dng(dng.sensor(scene), orientation=orientation))
    assert_near(corners(photo), [CORNERS[int(place)] for place in order])
    size = (photo.facts.width_px, photo.facts.height_px)
    assert size == ((96, 64) if orientation < 5 else (64, 96))
    assert photo.facts.exif.orientation == orientation


@pytest.mark.parametrize("brightest", [0.1, 0.45, 0.8])
def test_brightness_does_not_depend_on_what_is_in_the_picture(scene, read, brightest):
    scene[32:, 48:] = brightest
    assert_near(corners(read(dng.dng(dng.sensor(scene))))[:3], CORNERS[:3])


@pytest.mark.parametrize(("ev", "level"), [(None, 124), (0, 124), (1, 170), (-1, 90), (40, 124)])
def test_baseline_exposure_brightens_as_the_file_states(read, ev, level):
    grey = np.full((64, 96, 3), 0.2)
    assert_near(corners(read(dng.dng(dng.sensor(grey), baseline_ev=ev))), [(level,) * 3] * 4)


def test_a_sensor_without_colour_filters_gives_grey(read):
    mosaic = dng.sensor(np.full((64, 96, 3), 0.5))
    assert_near(corners(read(dng.dng(mosaic, monochrome=True))), [(188,) * 3] * 4)


def test_colours_that_exif_states_are_those_of_the_preview(scene, read):
    adobe = ((0xA001, dng.SHORT, [2]),)
    photo = read(dng.dng(dng.sensor(scene), exif=adobe))
    assert photo.facts.exif.color_space == "Adobe RGB"
    assert_near(corners(photo), CORNERS)


def test_gain_maps_of_previews_do_not_count(scene, read):
    assert not read(dng.dng(dng.sensor(scene)) + b"urn:iso:std:iso:ts:21496:-1").facts.has_gain_map


def test_exif_is_read(scene, read):
    exif = read(
        dng.dng(
            dng.sensor(scene),
            exif=((33434, dng.RATIONAL, [0.01]), (34855, dng.SHORT, [100])),
        )
    ).facts.exif
    assert (exif.make, exif.exposure_time_s, exif.iso) == ("Piqa", 0.01, 100)


def test_the_decoder_names_libraries_and_rendering(scene, read):
    decoder = read(dng.dng(dng.sensor(scene))).facts.decoder
    assert decoder == decoder_of("raw")
    assert decoder.startswith(f"rawpy {rawpy.__version__}, libraw ")
    assert "rendering raw-1" in decoder


def test_what_is_no_raw_says_so(read):
    with pytest.raises(CaptureError, match="no RAW that LibRaw knows"):
        read(b"II*\0" + bytes(100))


def test_importing_libraw_leaves_the_threads_of_others_alone(monkeypatch):
    from piqa_cli.formats.raw import load_rawpy

    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    load_rawpy()
    assert os.environ["OMP_NUM_THREADS"] == "7"
    monkeypatch.delenv("OMP_NUM_THREADS")
    load_rawpy()
    assert "OMP_NUM_THREADS" not in os.environ
