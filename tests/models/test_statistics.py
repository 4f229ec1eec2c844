from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from piqa_cli.models.statistics import picture_statistics, statistics_names, statistics_vector
from piqa_cli.models.statistics_cast import cast_statistics


def texture(seed: int = 0, sigma: float = 0.0, side: int = 128):
    """Grey noise of deviation 40 around 128, blurred, as (side, side, 3) uint8."""
    plane = ndimage.gaussian_filter(np.random.default_rng(seed).normal(size=(side, side)), sigma)
    plane = 128 + 40 * plane / plane.std()
    return np.repeat(np.clip(plane, 0, 255).astype(np.uint8)[..., None], 3, 2)


def test_names_are_the_vectors_order():
    pixels = texture()
    named = picture_statistics(pixels, None)
    assert tuple(named) == statistics_names()
    assert statistics_vector(pixels, None).tolist() == pytest.approx(list(named.values()))
    assert statistics_vector(pixels, None).dtype == np.float32


@pytest.mark.parametrize("shape", [(64, 64), (64, 512), (512, 64), (100, 70), (16, 16)])
@pytest.mark.parametrize("value", [0, 119, 255])
def test_flat_pictures_of_any_shape_give_finite_figures(shape, value):
    pixels = np.full((*shape, 3), value, np.uint8)
    vector = statistics_vector(pixels, pixels[:10, :10])
    assert vector.shape == (len(statistics_names()),)
    assert np.isfinite(vector).all()
    assert np.abs(vector).max() < 10


def test_tone_of_a_half_black_half_white_picture():
    pixels = np.zeros((64, 64, 3), np.uint8)
    pixels[:, 32:] = 255
    found = picture_statistics(pixels, None)
    assert found["luma_mean"] == pytest.approx(0.5)
    assert found["luma_deviation"] == pytest.approx(0.5)
    assert (found["black"], found["white"]) == pytest.approx((0.5, 0.5))
    assert (found["luma_p25"], found["luma_p75"]) == pytest.approx((0.0, 1.0))


def test_colour_of_a_warm_grey():
    pixels = np.full((64, 64, 3), (140, 128, 116), np.uint8)
    found = picture_statistics(pixels, None)
    assert found["red_mean"] == pytest.approx(9.78 / 255, abs=1e-4)  # 140 - luma 130.22
    assert found["blue_mean"] == pytest.approx(-14.22 / 255, abs=1e-4)
    assert found["red_deviation"] == pytest.approx(0, abs=1e-6)


def test_a_white_noise_laplacian_has_twenty_times_its_variance():
    rng = np.random.default_rng(0)
    pixels = np.repeat((128 + rng.normal(0, 10, (256, 256, 1))).round().astype(np.uint8), 3, 2)
    found = picture_statistics(pixels, None)  # 1 + 1 + 1 + 1 + 4^2 = 20
    assert found["mean_lap_0"] == pytest.approx(np.log(20 * 100), abs=0.05)
    assert found["shape_0"] == pytest.approx(0.682, abs=0.005)  # 2/pi is Gaussian


def test_blur_lowers_sharpness_and_raises_the_autocorrelation_of_steps():
    sharp, soft = (picture_statistics(texture(sigma=sigma), None) for sigma in (0.0, 2.0))
    assert soft["sharp95_0"] < sharp["sharp95_0"] - 3
    assert sharp["autocorrelation_1_0"] == pytest.approx(-0.5, abs=0.02)
    assert soft["autocorrelation_1_0"] > 0.7


def test_motion_shows_in_the_weakest_direction():
    still = texture(sigma=1.0)
    moved = ndimage.uniform_filter1d(still.astype(float), 15, axis=1).astype(np.uint8)
    assert picture_statistics(still, None)["motion_all_0"] > -1.2
    assert picture_statistics(moved, None)["motion_all_0"] < -2.5


def test_blocking_shows_on_the_grid_of_eight():
    smooth = texture(sigma=4.0)
    blocky = smooth[4::8, 4::8].repeat(8, 0).repeat(8, 1)
    assert picture_statistics(smooth, None)["blocking"] < 0.3
    assert picture_statistics(blocky, None)["blocking"] > 2


def test_the_face_has_figures_of_its_own():
    pixels = texture(sigma=3.0)
    pixels[40:90, 40:90] = texture(1)[40:90, 40:90]
    found = picture_statistics(pixels, pixels[40:90, 40:90])
    assert found["face_present"] == 1
    assert found["face_sharp95_0"] > found["middle50_0"] + 3
    alone = picture_statistics(pixels, None)
    assert alone["face_present"] == 0
    assert alone["face_sharp95_0"] == alone["sharp95_0"]


def bars(sigma: float, overshoot: float = 0.0):
    """Grey bars 32 px wide with blurred edges, (128, 256, 3) uint8, and halos on request."""
    plane = np.where(np.arange(256) // 32 % 2, 180.0, 80.0)
    soft = ndimage.gaussian_filter1d(plane, sigma)
    soft += overshoot * (soft - ndimage.gaussian_filter1d(soft, 2.0))
    return np.broadcast_to(soft[None, :, None], (128, 256, 3)).round().astype(np.uint8)


def test_edges_tell_blur_from_halos():
    hard, soft = (picture_statistics(bars(sigma), None) for sigma in (0.6, 2.0))
    halos = picture_statistics(bars(0.6, overshoot=1.5), None)
    # only the bars' edges: the other axis has none, so its profile is zero and halves the mean
    assert soft["edge_1"] == pytest.approx(np.exp(-1 / 8) / 2, abs=0.03)  # a Gaussian's
    assert soft["edge_3"] > 0.1 > abs(hard["edge_3"])
    assert halos["edge_2"] < hard["edge_2"] - 0.05


def test_the_spectrum_of_white_noise_is_flat_and_of_a_blurred_one_falls():
    white, soft = (picture_statistics(texture(sigma=sigma), None) for sigma in (0.0, 1.5))
    bands = [white[f"dct_mid_{band}"] for band in range(9)]
    assert bands == pytest.approx([np.log(1600)] * 9, abs=0.25)
    assert soft["dct_mid_0"] - soft["dct_mid_8"] > 8
    assert soft["dct_zeros_8"] > 0.5 > white["dct_zeros_8"]


def test_noise_shows_where_the_light_is():
    plane = np.full((128, 128), 40.0)
    plane[:, 64:] = 220.0
    plane[:, :64] += np.random.default_rng(0).normal(0, 6, (128, 64))
    pixels = np.repeat(plane.round().astype(np.uint8)[..., None], 3, 2)
    found = picture_statistics(pixels, None)
    assert found["noise_light"] == pytest.approx(np.log(0.05), abs=1e-3)
    assert picture_statistics(pixels[:, :64], None)["noise_dark"] == pytest.approx(
        np.log(36), abs=0.25
    )


def test_a_cast_shows_in_every_guess_at_grey():
    rng = np.random.default_rng(0)
    grey = np.repeat(rng.integers(20, 200, (64, 64, 1)), 3, axis=2).astype(np.float32)
    warm = grey * np.array([1.2, 1.0, 0.8], np.float32)
    neutral, tinted = cast_statistics(grey), cast_statistics(warm)
    assert list(neutral.values()) == pytest.approx([0] * 8, abs=1e-6)
    assert all(tinted[name] > 0.1 for name in tinted if "red" in name)
    assert all(tinted[name] < -0.1 for name in tinted if "blue" in name)
