from __future__ import annotations

import numpy as np

from piqa_cli.train.simulation.devices import STRENGTHS
from piqa_cli.train.simulation.looks import vary
from piqa_cli.train.simulation.metered import draw_metered_scene
from piqa_cli.train.simulation.severity import severities


def costly(camera):
    return {fault for fault, cost in severities(camera).items() if cost > 0}


def test_the_first_is_right_and_each_other_has_one_error_of_the_light():
    own, *wrong = draw_metered_scene(np.random.default_rng(0), 12)
    assert costly(own) == {"noise"}  # of the base sensitivity, which all have
    errors = [costly(camera) - {"noise"} for camera in wrong]
    assert {len(error) for error in errors} == {1}
    assert set.union(*errors) == {"cast", "bright", "dark"}
    for setting in ("warmth", "tint", "exposure_ev"):
        signs = {float(np.sign(getattr(camera, setting))) for camera in wrong}
        assert signs == {-1.0, 0.0, 1.0}


def test_strengths_that_the_frozen_test_keeps_are_left_out():
    rng = np.random.default_rng(1)
    cameras = [camera for _ in range(40) for camera in draw_metered_scene(rng, 12)]
    strengths = {
        "warmth": [abs(camera.warmth) for camera in cameras],
        "tint": [abs(camera.tint) for camera in cameras],
        "darkness_ev": [-camera.exposure_ev for camera in cameras],
        "brightness_ev": [camera.exposure_ev for camera in cameras],
    }
    for name, drawn in strengths.items():
        assert max(drawn) > STRENGTHS[name].high / 2
        for low, high in STRENGTHS[name].kept_out:
            assert not any(low <= value <= high for value in drawn)


def test_a_metered_scene_keeps_the_light_of_the_photograph():
    image = np.random.default_rng(2).integers(0, 256, (400, 500, 3), np.uint8)
    pixels, _ = vary(image, None, rng=np.random.default_rng(3), own_light=True)
    windows = [image, image[:, ::-1]]
    height, width = pixels.shape[:2]
    found = [
        one[top : top + height, left : left + width]
        for one in windows
        for top, left in np.argwhere((one == pixels[0, 0]).all(axis=2))
    ]
    assert any(np.array_equal(window, pixels) for window in found)
