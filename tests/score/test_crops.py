from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from piqa_cli.runs.crops import crops_bytes
from piqa_cli.runs.pictures import PictureFolder
from piqa_cli.score.crops import by_interest, make_crops
from piqa_cli.score.readers import Readers
from piqa_cli.settings import ScoreSettings
from tests.runs.samples import failed, scored


def test_every_scenes_worst_and_best_come_first_and_each_file_once():
    scores = {"A": 1.0, "B": 3.0, "C": 2.0}
    hall = [scored("Hall", device, score) for device, score in scores.items()]
    park = [scored("Park", device, -score) for device, score in scores.items()]
    twin = replace(hall[2], capture=replace(hall[2].capture, take="2"))
    order = by_interest([*hall, failed("Hall", "D"), *park, twin])
    assert [(one.capture.scene, one.capture.device) for one in order] == [
        ("Hall", "A"),
        ("Park", "B"),
        ("Hall", "B"),
        ("Park", "A"),
        ("Hall", "C"),
        ("Park", "C"),
    ]


@pytest.fixture
def taken(tmp_path):
    """Three captures with files of 700 x 500 px of noise."""
    results = []
    for place, device in enumerate("ABC"):
        result = scored("Hall", device, float(place), face=False)
        pixels = np.random.default_rng(place).integers(0, 256, (500, 700, 3), np.uint8)
        file = tmp_path / f"{device}.png"
        Image.fromarray(pixels).save(file)
        facts = replace(result.facts, width_px=700, height_px=500)
        results.append(replace(result, facts=facts, capture=replace(result.capture, file=file)))
    return results


def test_crops_stay_within_the_budget_and_hold_the_original_pixels(taken, tmp_path):
    folder = tmp_path / "pictures"
    settings = ScoreSettings()
    with Readers(workers=1, timeout_s=60.0) as readers:
        assert make_crops(taken, settings, readers, PictureFolder(folder, crops_mb=400)) == ()
        assert len(list(folder.iterdir())) == 6
        one = crops_bytes(taken[0].facts.sha256, folder)
        make_crops(taken, settings, readers, PictureFolder(folder, crops_mb=2.2 * one / 1e6))
        kept = {file.name.partition("-")[0] for file in folder.iterdir()}
        assert kept == {taken[0].facts.sha256, taken[2].facts.sha256}  # the worst and the best
        with Image.open(folder / f"{taken[0].facts.sha256}-cornercrop.webp") as shown:
            original = np.asarray(Image.open(taken[0].capture.file))[:384, :384]
            assert np.array_equal(np.asarray(shown.convert("RGB")), original)
        make_crops(taken, settings, readers, PictureFolder(folder))
        assert list(folder.iterdir()) == []


def test_a_file_that_is_gone_is_one_warning_and_the_others_have_their_crops(taken, tmp_path):
    taken[1].capture.file.unlink()
    folder = tmp_path / "pictures"
    with Readers(workers=1, timeout_s=60.0) as readers:
        (warning,) = make_crops(taken, ScoreSettings(), readers, PictureFolder(folder, crops_mb=9))
    assert warning.startswith("crops can't be made in ")
    assert len(list(folder.iterdir())) == 4
