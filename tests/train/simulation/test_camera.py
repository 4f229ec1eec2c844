from __future__ import annotations

import hashlib
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from scipy import ndimage

from piqa_cli.train.simulation.camera import Camera, capture, encode_jpeg, jitter, render
from piqa_cli.train.simulation.severity import label_jod

GREY = np.full((96, 128, 3), 118, np.uint8)


def mean(pixels, channel=None):
    return float((pixels if channel is None else pixels[..., channel]).mean())


def detail(pixels):
    return float(ndimage.laplace(pixels[..., 1].astype(float)).var())


def test_the_same_seed_gives_the_same_bytes_and_another_seed_other_noise(clean):
    camera = Camera(iso=3200, motion_px=9, defocus_px=1, smear=0.3, sharpening=1, reframe=0.05)
    first, again = render(clean, camera, seed=3), render(clean, camera, seed=3)
    assert hashlib.sha256(first).digest() == hashlib.sha256(again).digest()
    assert not np.array_equal(first, render(clean, camera, seed=4))


def test_a_faultless_camera_changes_a_picture_by_its_base_noise_alone(clean):
    out = render(clean, Camera(iso=0), seed=0)
    assert np.abs(out.astype(int) - clean).max() <= 1


def test_one_stop_down_halves_the_light():
    out = render(GREY, Camera(exposure_ev=-1, iso=0), seed=0)
    assert mean(out) == 85  # sRGB 118 is 0.181 of full light; 0.0906 is sRGB 85


def test_warmth_moves_red_against_blue_and_keeps_the_luminance():
    out = render(GREY, Camera(warmth=0.5, iso=0), seed=0)
    assert mean(out, 0) - mean(out, 2) == pytest.approx(20, abs=2)
    assert out[0, 0] @ [0.2126, 0.7152, 0.0722] == pytest.approx(118, abs=1.5)


def test_noise_grows_with_the_root_of_iso_and_is_mostly_luminance():
    quiet, loud = (render(GREY, Camera(iso=iso), seed=1).astype(float) for iso in (400, 6400))
    assert loud[..., 1].std() / quiet[..., 1].std() == pytest.approx(4, rel=0.15)
    assert 5 < loud[..., 1].std() < 11
    assert (loud[..., 0] - loud[..., 1]).std() < 0.8 * loud[..., 1].std()


def test_motion_blurs_along_its_direction_only():
    stripes = np.zeros((128, 128, 3), np.uint8)
    stripes[:, 60:68] = 255
    along = render(stripes, Camera(motion_px=120, motion_deg=90, iso=0), seed=0)
    across = render(stripes, Camera(motion_px=120, motion_deg=0, iso=0), seed=0)
    assert along[64, 64, 0] > 250
    assert across[64, 64, 0] < 200


@pytest.mark.parametrize(
    "fault",
    [{"defocus_px": 6.0}, {"motion_px": 30.0}, {"smear": 0.8}, {"detail": 0.4}],
)
def test_what_blurs_takes_detail_away(clean, fault):
    assert detail(render(clean, Camera(**fault), seed=0)) < 0.7 * detail(clean)


def test_sharpening_adds_halos(clean):
    assert detail(render(clean, Camera(sharpening=3.0, halo_px=3.0), seed=0)) > 2 * detail(clean)


def test_reframing_loses_the_stated_part():
    assert render(GREY, Camera(reframe=0.1), seed=0).shape == (86, 115, 3)


def test_a_capture_is_the_picture_after_jpeg(clean):
    coarse, coarse_bytes = capture(clean, Camera(jpeg_quality=20), seed=0)
    _, fine_bytes = capture(clean, Camera(jpeg_quality=95), seed=0)
    assert coarse.shape == clean.shape
    assert coarse_bytes < fine_bytes / 3
    assert encode_jpeg(clean, 90)[:3] == b"\xff\xd8\xff"


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("exposure_ev", (0, -0.5, -1.5, -3)),
        ("exposure_ev", (0, 0.5, 1, 2)),
        ("iso", (50, 400, 1600, 12800)),
        ("smear", (0, 0.3, 1)),
        ("sharpening", (0.4, 1, 2, 4)),
        ("warmth", (0, -0.3, -0.9)),
        ("tint", (0, 0.1, 0.3)),
        ("defocus_px", (0, 1, 3, 9)),
        ("motion_px", (0, 3, 10, 40)),
        ("contrast", (0, -0.2, -0.5)),
        ("contrast", (0, 0.3, 0.7)),
        ("saturation", (1, 0.6, 0.2)),
        ("saturation", (1, 1.4, 1.8)),
        ("detail", (1, 0.7, 0.3)),
        ("jpeg_quality", (95, 60, 20)),
    ],
)
def test_a_stronger_fault_has_a_lower_label(name, values):
    labels = [label_jod(replace(Camera(), **{name: value})) for value in values]
    assert all(earlier > later for earlier, later in pairwise(labels))


def test_labels_are_as_stated():
    assert label_jod(Camera(iso=0)) == 0
    assert label_jod(Camera(iso=0, exposure_ev=-1)) == pytest.approx(-0.55)
    assert label_jod(Camera(iso=1200)) == pytest.approx(-1.0)
    assert label_jod(Camera(iso=0, defocus_px=1.2)) == pytest.approx(-1.2)
    assert label_jod(Camera(iso=0, smear=0.5, warmth=-0.5)) == pytest.approx(-1.3)


def test_takes_differ_a_little_and_repeat_by_seed():
    camera = Camera(defocus_px=2.0, motion_px=10, exposure_ev=-0.5)
    assert jitter(camera, 5) == jitter(camera, 5) != jitter(camera, 6)
    gaps = [abs(label_jod(jitter(camera, seed)) - label_jod(camera)) for seed in range(50)]
    assert 0 < max(gaps) < 1.0
