from __future__ import annotations

import pytest
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from piqa_cli.read.exif_exposure import iso


def exif_of(squares, save, read, values, kind="jpeg"):
    exif = Image.Exif()
    exif.get_ifd(0x8769).update(values)
    return read(save(squares, kind, exif=exif.tobytes())).facts.exif


@pytest.mark.parametrize("kind", ["jpeg", "webp"])  # exifread, pillow
def test_apex_values_stand_in_for_missing_ones(squares, save, read, kind):
    tags = {0x9201: IFDRational(5643856, 1000000), 0x9202: IFDRational(16959938, 10000000)}
    exif = exif_of(squares, save, read, tags, kind)
    assert exif.exposure_time_s == pytest.approx(0.02, rel=1e-5)
    assert exif.aperture_f_number == pytest.approx(1.8, rel=1e-5)


def test_apex_values_stand_in_for_ones_that_mean_nothing(squares, save, read):
    tags = {0x829A: IFDRational(0, 0), 0x9201: IFDRational(6, 1), 0x829D: IFDRational(0, 1)}
    exif = exif_of(squares, save, read, tags)
    assert (exif.exposure_time_s, exif.aperture_f_number) == (2**-6, None)


def test_usual_values_come_before_apex_ones(squares, save, read):
    tags = {0x829A: IFDRational(1, 50), 0x9201: IFDRational(6, 1)}
    assert exif_of(squares, save, read, tags).exposure_time_s == 0.02


@pytest.mark.parametrize("apex", [(0, 1), (0, 0), (1, 0), (0x7FFFFFFF, 1)])
def test_apex_values_that_mean_nothing_are_null(squares, save, read, apex):
    exif = exif_of(squares, save, read, {0x9201: IFDRational(*apex), 0x9202: IFDRational(*apex)})
    assert (exif.exposure_time_s, exif.aperture_f_number) == (None, None)


@pytest.mark.parametrize("kind", ["jpeg", "webp"])
@pytest.mark.parametrize(("ratio", "zoom"), [((0, 0), None), ((0, 1), 1.0), ((3, 2), 1.5)])
def test_digital_zoom(squares, save, read, kind, ratio, zoom):
    exif = exif_of(squares, save, read, {0xA404: IFDRational(*ratio)}, kind)
    assert exif.digital_zoom_ratio == zoom


@pytest.mark.parametrize(
    ("tags", "speed"),
    [
        ({0x8827: 320}, 320),
        ({0x8827: [0, 400]}, 400),
        ({0x8827: (200, 0)}, 200),
        ({0x8827: [65535], 0x8832: 102400}, 102400),
        ({0x8827: [65535, 65535], 0x8833: 80000}, 80000),
        ({0x8827: 65535}, None),
        ({0x8827: 65535, 0x8830: 1, 0x8831: 70000, 0x8832: 90000, 0x8833: 80000}, 70000),
        ({0x8827: 65535, 0x8830: 2, 0x8831: 70000, 0x8832: 90000, 0x8833: 80000}, 90000),
        ({0x8827: 65535, 0x8830: 3, 0x8831: 70000, 0x8832: 90000, 0x8833: 80000}, 80000),
        ({0x8827: 65535, 0x8830: 5, 0x8833: 80000}, 80000),
        ({0x8830: 1, 0x8831: 640}, 640),
        ({0x8831: 640}, 640),
        ({0x8827: 0, 0x8830: 99, 0x8832: 500}, 500),
        ({0x8827: [], 0x8832: 0xFFFFFFFF}, None),
        ({0x8827: "fast"}, None),
        ({}, None),
    ],
)
def test_iso_speeds(tags, speed):
    assert iso({("exif", tag): value for tag, value in tags.items()}) == speed


def test_a_list_of_speeds_is_read_from_a_file(squares, save, read):
    assert exif_of(squares, save, read, {0x8827: (0, 400)}).iso == 400
