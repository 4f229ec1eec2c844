from __future__ import annotations

import numpy as np

from piqa_cli.train.zoo.augment import maybe_flipped, random_crop, turned_crop


def test_crops_come_from_every_place():
    pixels = np.arange(6 * 5 * 3, dtype=np.uint8).reshape(6, 5, 3)
    crops = {random_crop(pixels, 4, np.random.default_rng(n))[0, 0, 0] for n in range(60)}
    assert crops == {0, 3, 15, 18, 30, 33}


def test_one_of_two_pictures_is_mirrored():
    pixels = np.arange(2 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3)
    found = [maybe_flipped(pixels, np.random.default_rng(n)) for n in range(200)]
    mirrored = sum(bool((flipped == pixels[:, ::-1]).all()) for flipped in found)
    assert 70 < mirrored < 130
    assert all(((f == pixels) | (f == pixels[:, ::-1])).all() for f in found)


def test_a_turned_crop_invents_no_corner():
    pixels = np.full((300, 400, 3), 200, np.uint8)
    for seed in range(40):
        rng = np.random.default_rng(seed)
        crop = turned_crop(pixels, 64, rng, shares=(0.4, 1.0), degrees=20.0)
        assert crop.shape == (64, 64, 3)
        assert crop.min() == crop.max() == 200


def test_without_a_turn_it_is_a_resized_square():
    ramp = np.broadcast_to(np.arange(200, dtype=np.uint8)[None, :, None], (100, 200, 3))
    crop = turned_crop(
        np.ascontiguousarray(ramp), 100, np.random.default_rng(3), shares=(0.5, 0.5), degrees=0.0
    )
    steps = np.diff(crop[50, 5:-5, 0].astype(int))
    assert abs(steps.mean() - 0.5) < 0.02  # 50 px are shown at 100 px
