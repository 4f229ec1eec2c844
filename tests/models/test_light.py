from __future__ import annotations

import numpy as np
import pytest

from piqa_cli.models.light import BIN_WIDTH, BINS, FIGURES, LEVELS, SKIN_FIGURES, light_figures

HISTOGRAM = BINS * BINS
DETAIL = 2 * LEVELS  # the last figures


def greys(height: int, width: int, seed: int = 0):
    levels = np.random.default_rng(seed).integers(30, 220, (height // 8, width // 8), np.uint8)
    return np.repeat(np.repeat(levels, 8, axis=0), 8, axis=1)[..., None].repeat(3, axis=2)


def lit(picture, red: float, blue: float):
    """The picture in a light with more red and blue, as log ratios to green."""
    gains = np.exp(np.array([red, 0, blue])) * 0.8
    return np.clip((picture.astype(float) + 4) * gains - 4, 0, 255).astype(np.uint8)


def surfaces(figures):
    return figures[-2 * HISTOGRAM - DETAIL : -HISTOGRAM - DETAIL].reshape(BINS, BINS)


@pytest.mark.parametrize("size", [(1, 1), (1, 40), (2, 2), (3, 3), (16, 16), (200, 300), (600, 90)])
@pytest.mark.parametrize("level", [0, 128, 255])
def test_always_as_many_figures_and_all_finite(size, level):
    figures = light_figures(np.full((*size, 3), level, np.uint8), None)
    assert figures.shape == (FIGURES,)
    assert figures.dtype == np.float32
    assert np.isfinite(figures).all()


def test_greys_in_neutral_light_have_no_colour():
    figures = light_figures(greys(128, 160), None)
    guesses = np.concatenate([figures[:30], figures[31:33]])
    assert np.abs(guesses).max() < 1e-4
    middle = surfaces(figures)[BINS // 2 - 1 : BINS // 2 + 1, BINS // 2 - 1 : BINS // 2 + 1]
    assert float((middle**2).sum()) == pytest.approx(1, abs=1e-4)


def test_a_cast_shifts_the_histogram_of_surfaces():
    neutral = light_figures(greys(128, 160), None)
    yellow = light_figures(lit(greys(128, 160), BIN_WIDTH, -2 * BIN_WIDTH), None)
    shifted = np.roll(surfaces(neutral), (-2, 1), axis=(0, 1))
    assert np.abs(surfaces(yellow) - shifted).mean() < 0.02
    assert np.abs(surfaces(yellow) - surfaces(neutral)).mean() > 0.05


def test_grey_pixels_find_the_light_beside_a_coloured_wall():
    """Grey world is misled by a large red wall; pixels with equal log gradients are not."""
    picture = greys(128, 256)
    picture[:, 128:] = (200, 60, 50)
    figures = light_figures(lit(picture, 0.0, -0.3), None)
    grey_world, grey_pixels = figures[2:4], figures[42:44]
    assert grey_pixels.tolist() == pytest.approx([0, -0.3], abs=0.05)
    assert grey_world[0] > 0.2


def test_skin_is_read_where_there_is_a_face():
    picture = greys(128, 128)
    skin = np.full((40, 30, 3), (210, 160, 130), np.uint8)
    without, seen = light_figures(picture, None), light_figures(picture, skin)
    changed = np.flatnonzero(without != seen)
    assert changed.tolist() == list(SKIN_FIGURES)
    assert seen[changed].tolist() == pytest.approx(
        [np.log(214 / 164), np.log(134 / 164), np.log(164), 1], abs=1e-5
    )


def test_detail_is_told_at_the_level_where_it_lies():
    """Steps of 6 levels around 200 in one half, none in the other, and one seam between them."""
    picture = np.full((128, 128, 3), 40, np.uint8)
    picture[:, 64:] = np.where(np.arange(64) % 2, 203, 197)[None, :, None]
    figures = light_figures(picture, None)[-DETAIL:]
    share, mean_step = figures[:LEVELS], np.exp(figures[LEVELS:])
    assert share.sum() == pytest.approx(1, abs=1e-4)
    inside, seam = 63 * 6, 157  # of every row
    assert share[200 // 16] == pytest.approx(inside / (inside + seam), abs=1e-3)
    assert share[118 // 16] == pytest.approx(seam / (inside + seam), abs=1e-3)
    assert mean_step[200 // 16] == pytest.approx(3, abs=0.3)  # down no step, across one of 6
    assert mean_step[40 // 16] < 0.01


def test_clipped_light_leaves_no_steps_where_it_is_clipped():
    texture = np.random.default_rng(1).integers(150, 250, (128, 128, 1), np.uint8)
    picture = texture.repeat(3, axis=2)
    clipped = np.minimum(picture.astype(int) * 2, 255).astype(np.uint8)
    right, over = (light_figures(one, None)[-LEVELS:] for one in (picture, clipped))
    assert over[-1] < right[-2] - 3
