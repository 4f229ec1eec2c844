from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from piqa_cli.models.dn_piqa_mini.faults import FAULTS
from piqa_cli.train.measures import log_laplacian
from piqa_cli.train.simulation.camera import Camera
from piqa_cli.train.simulation.fine import draw_fine_camera, fine_costs, fine_scene

FINE = {"blur", "noise", "smear", "halo", "blocking"}
PLAIN = Camera(iso=80, sharpening=0.2, halo_px=0.5, grain_px=0.5)


def named(camera):
    return dict(zip(FAULTS, fine_costs(camera), strict=True))


def test_fine_cameras_have_fine_faults_alone():
    rng = np.random.default_rng(0)
    costs = [named(draw_fine_camera(rng)) for _ in range(200)]
    costly = {fault for one in costs for fault, cost in one.items() if cost > 0}
    assert costly == FINE
    assert max(max(one.values()) for one in costs) == 1.0  # label-JOD, the most a square tells


def test_an_enlarged_picture_costs_as_one_out_of_focus():
    """By 1 / 0.5: a disc of 1.1 px at 1350 px."""
    halved = named(replace(PLAIN, detail=0.5))["blur"]
    blurred = named(replace(PLAIN, defocus_px=1.1 * 512 / 1350))["blur"]
    assert named(PLAIN)["blur"] == 0 < halved == pytest.approx(blurred)


def test_a_scene_is_one_square_as_several_cameras_take_it(clean):
    captures = list(fine_scene(clean, None, np.random.default_rng(1), 8))
    assert {capture.pixels.shape for capture in captures} == {(224, 224, 3)}
    first, *others = captures
    assert sum(first.costs) < 0.1
    assert all(sum(other.costs) > sum(first.costs) for other in others)
    again = list(fine_scene(clean, None, np.random.default_rng(1), 8))
    assert [one.pixels.tobytes() for one in again] == [one.pixels.tobytes() for one in captures]
    assert [one.costs for one in again] == [one.costs for one in captures]


def test_half_of_the_squares_show_the_face():
    """A bright face, and texture with more detail everywhere else."""
    picture = np.random.default_rng(0).integers(0, 120, (600, 800, 3), np.uint8)
    picture[200:400, 300:500] = 250
    face = (300.0, 200.0, 500.0, 400.0)
    means = [
        next(fine_scene(picture, face, np.random.default_rng(seed), 1)).pixels.mean()
        for seed in range(16)
    ]
    assert 4 <= sum(mean > 200 for mean in means) <= 12


def test_without_a_face_the_square_with_most_detail_is_taken():
    picture = np.full((600, 1200, 3), 90, np.uint8)
    picture[:, :900] = np.random.default_rng(0).integers(0, 256, (600, 900, 3))
    square = next(fine_scene(picture, None, np.random.default_rng(0), 1)).pixels
    assert log_laplacian(square) > 5
