from __future__ import annotations

from dataclasses import fields

import numpy as np

from piqa_cli.train.simulation.camera import Camera
from piqa_cli.train.simulation.devices import (
    STRENGTHS,
    camera_of,
    draw_camera,
    draw_combined_camera,
    draw_scene,
)
from piqa_cli.train.simulation.frozen_test import load_frozen_test
from piqa_cli.train.simulation.severity import label_jod


def test_training_never_draws_what_is_kept_out():
    rng = np.random.default_rng(0)
    for strength in STRENGTHS.values():
        drawn = [strength.draw(rng) for _ in range(200)]
        for low, high in strength.kept_out:
            assert not any(low <= value <= high for value in drawn)
            assert strength.low <= low < high <= strength.high


def test_combined_cameras_have_several_faults_of_strengths_that_training_may_see():
    rng = np.random.default_rng(0)
    cameras = [draw_combined_camera(rng) for _ in range(200)]
    plain = camera_of({"halo_px": 1.0}, rng, reframe=0.0)
    free = {"halo_px", "reframe", "motion_deg"}
    settings = {field.name for field in fields(Camera)} - free
    wrong = [
        sum(getattr(camera, name) != getattr(plain, name) for name in settings)
        for camera in cameras
    ]
    assert {2, 3, 4, 5} <= set(wrong) <= {1, 2, 3, 4, 5}
    for name in ("defocus_px", "smear", "sharpening"):
        bands = STRENGTHS[name].kept_out
        assert not any(low <= getattr(one, name) <= high for one in cameras for low, high in bands)


def test_the_frozen_devices_are_kept_out_too():
    for camera in load_frozen_test().devices.values():
        for name in ("defocus_px", "motion_px", "smear", "sharpening"):
            value = getattr(camera, name)
            assert value == 0 or any(a <= value <= b for a, b in STRENGTHS[name].kept_out)


def test_frozen_neighbours_are_close():
    labels = sorted(label_jod(camera) for camera in load_frozen_test().devices.values())
    assert len(labels) == 10
    assert float(np.median(np.diff(labels))) <= 0.4


def test_every_second_camera_of_a_scene_differs_in_one_fault():
    cameras = draw_scene(np.random.default_rng(1), 6)
    differing = [
        field.name
        for field in fields(Camera)
        if getattr(cameras[0], field.name) != getattr(cameras[1], field.name)
    ]
    assert set(differing) - {"reframe"}
    assert len({*differing} - {"reframe", "halo_px", "tint", "motion_deg"}) <= 1


def test_cameras_repeat_by_seed():
    first, again = (draw_camera(np.random.default_rng(3)) for _ in range(2))
    assert first == again
