"""Abilities of the weights that ship, on a photograph that they were not trained on."""

from __future__ import annotations

import time
from itertools import pairwise

import numpy as np
import pytest
import torch
from PIL import Image
from skimage import data

from piqa_cli.models.dn_piqa_mini.faults import FAULTS
from piqa_cli.train.measures import log_laplacian
from piqa_cli.train.mini.start import load_model
from piqa_cli.train.simulation.camera import Camera, capture
from piqa_cli.weights.store import find

FACE = (171, 70, 269, 198)  # of the astronaut


@pytest.fixture(scope="module")
def model():
    return load_model(None)


def score(model, pixels, face=FACE):
    return float(output_of(model, pixels, face).scores)


def output_of(model, pixels, face=FACE):
    views = model.views(pixels, face)
    with torch.inference_mode():
        return model({name: torch.from_numpy(view)[None] for name, view in views.items()})


def taken(**faults):
    return capture(data.astronaut(), Camera(**{"iso": 120, "sharpening": 0.3} | faults), seed=1)[0]


def test_the_weights_are_small():
    assert find("dn-piqa-mini").path.stat().st_size < 12_000_000


@pytest.mark.parametrize(
    ("fault", "strengths"),
    [
        ("defocus_px", (0, 1.5, 3, 6)),
        ("motion_px", (0, 6, 15, 35)),
        ("iso", (100, 1000, 4000, 12000)),
        ("smear", (0, 0.6, 0.9)),  # less of it is lost at 512 px
        ("exposure_ev", (0, -0.8, -1.6, -2.6)),
        ("exposure_ev", (0.2, 1.0, 1.8)),
        ("sharpening", (0.3, 2.4, 4)),  # people like a little
        ("contrast", (0, -0.3, -0.5)),
        ("detail", (1, 0.6, 0.3)),
        ("jpeg_quality", (94, 60, 30, 12)),
    ],
)
def test_more_of_a_fault_never_scores_higher(model, fault, strengths):
    scores = [score(model, taken(**{fault: strength})) for strength in strengths]
    assert all(milder > stronger for milder, stronger in pairwise(scores))


def test_oversharpening_fools_a_sharpness_measure_but_not_the_model(model):
    natural, harsh = taken(), taken(sharpening=2.6, halo_px=1.4)
    assert log_laplacian(harsh) > log_laplacian(natural) + 1
    assert score(model, harsh) < score(model, natural) - 0.5


@pytest.mark.parametrize(
    ("fault", "setting"),
    [
        ("blur", {"defocus_px": 5}),
        ("dark", {"exposure_ev": -2.2}),
        ("noise", {"iso": 9000}),
        ("cast", {"warmth": 0.9}),
        ("blocking", {"jpeg_quality": 12}),
    ],
)
def test_the_cost_that_rises_most_names_the_fault(model, fault, setting):
    plain, worse = (
        model.explain(output_of(model, pixels), 0)["fault_costs"]
        for pixels in (taken(), taken(**setting))
    )
    rise = np.array(worse) - plain
    assert FAULTS[int(rise.argmax())] == fault


def test_fine_detail_counts(model):
    """At 1350 px, of which a picture of 384 px shows nothing."""
    large = np.asarray(Image.fromarray(taken()).resize((1350, 1350), Image.Resampling.BICUBIC))
    grain = np.random.default_rng(0).normal(0, 9, large.shape[:2])
    noisy = np.clip(large + grain[..., None], 0, 255).astype(np.uint8)
    face = tuple(edge * 1350 / 512 for edge in FACE)
    assert score(model, noisy, face) < score(model, large, face)


def test_motion_and_blur_count_for_more_than_a_cast(model):
    cast = score(model, taken(warmth=0.3))
    assert score(model, taken(motion_px=12, motion_deg=30)) < cast - 0.5
    assert score(model, taken(defocus_px=3.5)) < cast - 0.5


def test_a_slightly_different_framing_hardly_moves_the_score(model):
    pixels = taken()
    moved = pixels[8:, 6:]
    face = (FACE[0] - 6, FACE[1] - 8, FACE[2] - 6, FACE[3] - 8)
    assert score(model, moved, face) == pytest.approx(score(model, pixels), abs=0.4)


REFERENCE_GFLOP_PER_S = 97  # of float32 matrix products on one core of the reference machine


def gflop_per_s() -> float:
    """Speed of this core now: machines are shared, and slow down by a factor of two."""
    square = torch.rand(1000, 1000)
    started = time.process_time()
    for _ in range(5):
        square @ square
    return 10 / (time.process_time() - started)


# The goal is a quarter of a second; .2 to .26 s were measured on processors of two makers.
MOST_CPU_S = 0.32


def test_a_capture_costs_about_a_quarter_second_of_one_core(model):
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    photo = Image.fromarray(data.astronaut()).resize((1800, 1350))
    pixels = np.asarray(photo)
    costs = []
    for _ in range(4):
        started = time.process_time()
        score(model, pixels, (700, 200, 1100, 700))
        spent = time.process_time() - started
        # A slower core is excused; one that is fast at products alone is no slower for it.
        costs.append(spent * min(1.0, gflop_per_s() / REFERENCE_GFLOP_PER_S))
    torch.set_num_threads(threads)
    assert min(costs) < MOST_CPU_S
