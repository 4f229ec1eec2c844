from __future__ import annotations

import io
from dataclasses import asdict, replace

import numpy as np
import pillow_heif
import pytest
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from piqa_cli.read.exif import read_exif
from piqa_cli.records import Exif

KINDS = ["jpeg", "png", "tiff", "webp", "heic", "avif"]


def camera_exif():
    exif = Image.Exif()
    exif[0x010F] = "Aster"
    exif[0x0110] = "Aster One\0F"
    exif[0x0131] = "AS1.2\x07.3 "
    exif[0x013B] = "Some Owner"  # Artist
    exif[0x8298] = "Some Owner"  # Copyright
    exif.get_ifd(0x8825)[2] = (52.0, 30.0, 0.0)  # GPSLatitude
    exif.get_ifd(0x8769).update(
        {
            0x829A: IFDRational(1, 50),
            0x829D: IFDRational(18, 10),
            0x8822: 2,
            0x8827: 320,
            0x9003: "2026:03:01 17:05:09",
            0x9011: "+02:00",
            0x9291: "250",
            0x9203: IFDRational(25, 10),
            0x9204: IFDRational(-1, 3),
            0x9207: 5,
            0x9208: 0,
            0x9209: 0x10,
            0x920A: IFDRational(569, 100),
            0xA001: 65535,
            0xA401: 3,
            0xA402: 0,
            0xA403: 1,
            0xA404: IFDRational(0, 1),
            0xA405: 26,
            0xA406: 3,
            0xA430: "Some Owner",
            0xA431: "SN-0001",
            0xA433: "Aster",
            0xA434: "Aster One main camera 5.69mm f/1.8",
            0xA460: 3,
        }
    )
    return exif


EXPECTED = Exif(
    make="Aster",
    model="Aster One",
    software="AS1.2.3",
    lens_make="Aster",
    lens_model="Aster One main camera 5.69mm f/1.8",
    exposure_time_s=0.02,
    aperture_f_number=1.8,
    iso=320.0,
    exposure_bias_ev=pytest.approx(-1 / 3),
    brightness_ev=2.5,
    exposure_program="normal program",
    exposure_mode="auto",
    metering_mode="pattern",
    flash="not fired, forced off",
    white_balance="manual",
    light_source=None,
    focal_length_mm=5.69,
    focal_length_35mm_mm=26.0,
    digital_zoom_ratio=1.0,
    scene_capture_type="night",
    custom_rendered="HDR (original saved)",
    composite_image="composite while shooting",
    captured_at="2026-03-01T17:05:09.250+02:00",
    color_space="uncalibrated",
    ev100=5.6618,  # log2(1.8^2 / 0.02) - log2(3.2)
)
READERS = {
    "jpeg": "exifread",
    "png": "exifread",
    "tiff": "exifread",
    "webp": "pillow",
    "heic": "pillow",
    "avif": "exifread",
}


def _plain(exif):
    return replace(exif, reader=None, error=None, orientation=None)


@pytest.mark.parametrize("kind", KINDS)
def test_every_format_gives_the_same_columns(squares, save, read, kind):
    exif = read(save(squares, kind, exif=camera_exif().tobytes())).facts.exif
    assert _plain(exif) == EXPECTED
    assert exif.reader.startswith(READERS[kind])


@pytest.mark.parametrize("kind", KINDS)
def test_people_places_and_serial_numbers_are_never_kept(squares, save, read, kind):
    exif = read(save(squares, kind, exif=camera_exif().tobytes())).facts.exif
    text = str(asdict(exif))
    assert "Owner" not in text
    assert "SN-0001" not in text
    assert "52" not in text


@pytest.mark.parametrize("kind", KINDS)
def test_no_exif_is_no_error(squares, save, read, kind):
    exif = read(save(squares, kind)).facts.exif
    assert _plain(exif) == Exif()


def test_pillow_fills_a_jpeg_whose_exif_stands_late(squares, save, read):
    file = save(squares, "jpeg", exif=camera_exif().tobytes())
    data = file.read_bytes()
    segment = b"\xff\xe2" + (6002).to_bytes(2, "big") + b"x" * 6000
    file.write_bytes(data[:2] + segment + data[2:])
    exif = read(file).facts.exif
    assert (_plain(exif), exif.reader) == (EXPECTED, "pillow")


def test_pillow_fills_a_10_bit_heic(tmp_path, read):
    file = tmp_path / "deep.heic"
    deep = pillow_heif.from_bytes("RGB;16", (64, 64), np.zeros((64, 64, 3), "<u2").tobytes())
    deep.save(file, exif=camera_exif().tobytes())
    exif = read(file).facts.exif
    assert (_plain(exif), exif.reader) == (EXPECTED, "pillow")


@pytest.mark.parametrize("kind", ["jpeg", "tiff", "heic"])
def test_the_orientation_tag_is_kept_as_stored(squares, save, read, kind):
    tags = Image.Exif()
    tags[0x0112] = 6
    assert read(save(squares, kind, exif=tags.tobytes())).facts.exif.orientation == 6


def _with(squares, save, read, ifd_values, base_values=None):
    exif = Image.Exif()
    exif.update(base_values or {})
    exif.get_ifd(0x8769).update(ifd_values)
    return read(save(squares, "jpeg", exif=exif.tobytes())).facts.exif


def test_values_that_mean_nothing_are_null(squares, save, read):
    exif = _with(
        squares,
        save,
        read,
        {
            0x829A: IFDRational(0, 0),
            0x829D: IFDRational(0, 1),
            0x9203: IFDRational(0xFFFFFFF, 1),
            0x9003: "0000:00:00 00:00:00",
            0xA405: 0,
            0x9207: 0,
            0xA460: 0,
        },
        {0x010F: " \0 ", 0x0112: 77},
    )
    assert exif == Exif()


def test_unknown_numbers_are_shown(squares, save, read):
    assert _with(squares, save, read, {0x9207: 42}).metering_mode == "other (42)"


def test_overflowing_iso_comes_from_the_wider_tag(squares, save, read):
    assert _with(squares, save, read, {0x8827: 65535, 0x8832: 102400}).iso == 102400


def test_a_clock_without_offset_stays_local(squares, save, read):
    exif = _with(squares, save, read, {0x9003: "2026:03:01 17:05:09", 0x9011: "   :  "})
    assert exif.captured_at == "2026-03-01T17:05:09"


def test_strings_are_capped_and_cleaned(squares, save, read):
    exif = _with(squares, save, read, {}, {0x0110: "A\u202eB".encode() + b"x" * 999})
    assert exif.model == "AB" + "x" * 198


@pytest.mark.parametrize("kind", ["jpeg", "webp"])
def test_strings_beyond_ascii_are_utf_8_else_latin_1(squares, save, read, kind):
    tags = Image.Exif()
    tags[0x010F] = "小米".encode()
    tags[0x0110] = b"Andr\xe9"
    exif = read(save(squares, kind, exif=tags.tobytes())).facts.exif
    assert (exif.make, exif.model) == ("小米", "André")


def test_a_reader_that_raises_is_named_and_the_other_speaks(squares, save):
    file = save(squares, "heic", exif=camera_exif().tobytes(), chroma=420, quality=90)
    data = file.read_bytes()
    exif = read_exif(data, Image.open(io.BytesIO(data)))
    assert (exif.model, exif.reader) == ("Aster One", "pillow")
    assert exif.error == "exifread: the structure of the file is not what it expects"


def test_hostile_exif_costs_neither_the_picture_nor_the_run(squares, save, read):
    rng = np.random.default_rng(4)
    file = save(squares, "jpeg", exif=camera_exif().tobytes())
    data = np.frombuffer(file.read_bytes(), np.uint8)
    start = file.read_bytes().index(b"Exif")
    end = start - 2 + int.from_bytes(data[start - 2 : start].tobytes(), "big")
    for _ in range(200):
        broken = data.copy()
        broken[rng.integers(start, end, 6)] = rng.integers(0, 256, 6)
        file.write_bytes(broken.tobytes())
        photo = read(file)
        assert {photo.facts.width_px, photo.facts.height_px} == {64, 48}
        assert isinstance(photo.facts.exif, Exif)
