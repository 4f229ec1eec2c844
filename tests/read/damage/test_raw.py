"""RAW files that are cut are refused, whoever notices."""

from __future__ import annotations

import os
import struct

import numpy as np
import pytest

from piqa_cli.errors import CaptureError
from piqa_cli.read.damage.raw import damage
from piqa_cli.read.decode import read_photo
from tests import dng

WHOLE = dng.dng(dng.sensor(np.full((64, 96, 3), 0.4)))
BEYOND = "the sensor's strip 1 of 1 lies beyond the end of the file"


@pytest.mark.parametrize("missing", [1, 2, 500, 64 * 96 * 2])
def test_a_cut_dng_is_refused(missing, tmp_path):
    pytest.importorskip("rawpy")
    (tmp_path / "cut.dng").write_bytes(WHOLE[:-missing])
    with pytest.raises(CaptureError) as caught:
        read_photo(tmp_path / "cut.dng", working_side_px=None)
    assert caught.value.reason == f"damaged RAW: {BEYOND}"


def test_a_dng_cut_within_its_directories_is_refused(tmp_path):
    pytest.importorskip("rawpy")
    for size in (9, 60, 200, 400):
        (tmp_path / "cut.dng").write_bytes(WHOLE[:size])
        with pytest.raises(CaptureError, match="damage"):
            read_photo(tmp_path / "cut.dng", working_side_px=None)


def test_what_libraw_reports_on_stderr_is_damage(tmp_path, monkeypatch):
    pytest.importorskip("rawpy")
    from piqa_cli.formats import raw_image

    render = raw_image.rendered

    def noisy(raw, *, bright):
        os.write(2, b"unknown file: data corrupted at 1234\n")
        return render(raw, bright=bright)

    monkeypatch.setattr(raw_image, "rendered", noisy)
    (tmp_path / "a.dng").write_bytes(WHOLE)
    with pytest.raises(CaptureError, match="damaged RAW: data corrupted at 1234"):
        read_photo(tmp_path / "a.dng", working_side_px=None)


def test_only_the_sensor_counts():
    assert damage(WHOLE) is None
    assert damage(WHOLE[:-1]) == BEYOND
    assert damage(WHOLE + b"more") is None


def test_raf_and_cr3_are_judged_by_the_lengths_they_state():
    raf = b"FUJIFILMCCD-RAW ".ljust(100, b"\0") + struct.pack(">II", 108, 50) + bytes(50)
    cr3 = struct.pack(">I8sII", 24, b"ftypcrx ", 1, 0) + b"crx isom"
    cr3 = cr3[:24] + struct.pack(">I4s", 108, b"mdat") + bytes(100)
    for whole in (raf, cr3):
        assert damage(whole) is None
        assert damage(whole[:-1]) == "the file ends within the sensor's values"
