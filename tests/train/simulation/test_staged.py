from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from piqa_cli.train.simulation.camera import Camera, render
from piqa_cli.train.simulation.graded import draw_graded_scene
from piqa_cli.train.simulation.optics import corner_mask, subject_mask
from piqa_cli.train.simulation.severity import label_jod
from piqa_cli.train.simulation.staged import draw_staged_scene

SETTINGS = {"exposure_ev", "iso", "warmth", "tint", "defocus_px", "misfocus_px", "bokeh_px"}
SETTINGS |= {"motion_px", "motion_deg", "reframe"}
FAULTY = {f.name for f in fields(Camera)} - {"halo_px", "motion_deg", "reframe"}


def differing(cameras):
    return {f.name for f in fields(Camera) if len({getattr(c, f.name) for c in cameras}) > 1}


@pytest.mark.parametrize("seed", range(5))
def test_a_staged_scene_varies_settings_never_the_body(seed):
    cameras = draw_staged_scene(np.random.default_rng(seed), 12, portrait=True)
    assert differing(cameras) <= SETTINGS
    assert len({label_jod(camera) for camera in cameras}) > 4


def test_only_portraits_are_misfocused_or_have_blurred_backgrounds():
    def scene(portrait):
        return draw_staged_scene(np.random.default_rng(1), 60, portrait=portrait)

    assert differing(scene(True)) >= {"misfocus_px", "bokeh_px"}
    assert differing(scene(False)).isdisjoint({"misfocus_px", "bokeh_px"})


@pytest.mark.parametrize("seed", range(8))
def test_a_graded_scene_has_one_fault_a_camera(seed):
    cameras = draw_graded_scene(np.random.default_rng(seed), 12, portrait=True)
    for grades in (cameras[0:4], cameras[4:8], cameras[8:12]):
        assert len(differing(grades) & FAULTY) <= 1
        assert len({(c.warmth > 0, c.tint > 0) for c in grades if c.warmth or c.tint}) <= 1


def test_masks_are_where_they_should_be():
    corners = corner_mask((60, 80))
    assert corners[0, 0] == 1
    assert corners[30, 40] < 0.01
    subject = subject_mask((100, 200), (40, 30, 60, 50))
    assert subject[40, 50] == 1
    assert subject[40, 150] == 0
    assert subject[95, 50] > subject[5, 50]


def sharpness(pixels):
    return float(np.abs(np.diff(pixels.astype(float), axis=1)).mean())


def test_blur_of_the_subject_leaves_the_rest_sharp_and_bokeh_the_subject(clean):
    face = (80.0, 50.0, 120.0, 90.0)
    inner, outer = (slice(60, 80), slice(90, 110)), (slice(60, 80), slice(0, 20))
    plain = render(clean, Camera(iso=0), seed=0, face=face)
    missed = render(clean, Camera(iso=0, misfocus_px=8), seed=0, face=face)
    pretty = render(clean, Camera(iso=0, bokeh_px=8), seed=0, face=face)
    assert sharpness(missed[inner]) < 0.6 * sharpness(plain[inner])
    assert np.array_equal(missed[outer], plain[outer])
    assert sharpness(pretty[outer]) < 0.6 * sharpness(plain[outer])
    assert np.array_equal(pretty[inner], plain[inner])
    assert label_jod(Camera(bokeh_px=8)) == label_jod(Camera())


def test_coloured_speckles_show_and_local_compression_brings_light_and_dark_together(clean):
    cameras = (Camera(iso=3200), Camera(iso=3200, chroma=1.0))
    pictures = [render(clean, camera, seed=0).astype(float) for camera in cameras]
    rough = [float(np.abs(np.diff(p[..., 0] - p[..., 2], axis=1)).mean()) for p in pictures]
    assert rough[1] > 1.1 * rough[0]
    assert label_jod(Camera(iso=3200, chroma=1.0)) < label_jod(Camera(iso=3200))
    halves = np.full((160, 200, 3), 40, np.uint8)
    halves[:, 100:] = 200
    flat = render(halves, Camera(iso=0, local=1.0), seed=0)
    assert 60 < int(flat[80, 180, 0]) - int(flat[80, 20, 0]) < 100
    assert label_jod(Camera(local=0.3)) == label_jod(Camera())
    assert label_jod(Camera(local=0.8)) < label_jod(Camera())
