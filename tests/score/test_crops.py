from __future__ import annotations

import shutil
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from piqa_cli.records import Box
from piqa_cli.runs.crops import drop_crops
from piqa_cli.runs.pictures import PictureFolder, PictureSource, face_label
from piqa_cli.score import worker
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
        assert len(list(folder.iterdir())) == 3 * 2 + 2 * 2
        sizes = [file.stat().st_size for file in folder.iterdir()]
        some = 0.7 * sum(sizes) / 1e6
        make_crops(taken, settings, readers, PictureFolder(folder, crops_mb=some))
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
    assert len(list(folder.iterdir())) == 6


def test_every_capture_is_laid_beside_the_best_of_another_device(taken, tmp_path):
    folder = tmp_path / "pictures"
    with Readers(workers=1, timeout_s=60.0) as readers:
        make_crops(taken, ScoreSettings(), readers, PictureFolder(folder, crops_mb=9))
    found = PictureSource.in_folder(folder).differences
    assert len(found) == 2
    for name, one in found.items():
        sha256, _, label = name.removesuffix(".webp").partition("-differscrop")
        assert one.other == taken[2].facts.sha256
        for kind, place, result in (
            ("differscrop", one.place, next(r for r in taken if r.facts.sha256 == sha256)),
            ("bestcrop", one.other_place, taken[2]),
        ):
            with Image.open(folder / f"{sha256}-{kind}{label}.webp") as shown:
                original = Image.open(result.capture.file).crop(place)
                assert np.array_equal(np.asarray(shown.convert("RGB")), np.asarray(original))


def test_captures_that_differ_nowhere_are_not_compared_again(taken, tmp_path, monkeypatch):
    folder = PictureFolder(tmp_path / "pictures", crops_mb=9)
    shutil.copy(taken[2].capture.file, taken[0].capture.file)
    alike = taken[0]
    with Readers(workers=1, timeout_s=60.0) as readers:
        make_crops([taken[2], alike], ScoreSettings(), readers, folder)
        assert PictureSource.in_folder(folder.path).differences == {}
        monkeypatch.setattr(readers, "submit", None)
        assert make_crops([taken[2], alike], ScoreSettings(), readers, folder) == ()


def test_one_file_has_crops_for_every_scene_and_face(taken, tmp_path):
    folder = tmp_path / "pictures"
    boxes = [Box(10.0, 10.0, 60.0, 80.0), Box(600.0, 400.0, 660.0, 480.0)]
    twins = [
        replace(
            taken[0],
            face=replace(taken[0].face, box=box),
            capture=replace(taken[0].capture, scene=scene),
        )
        for scene, box in zip(("Hall", "Park"), boxes, strict=True)
    ]
    seen = []

    def progress(items, total, step):
        seen.append((step, total))
        return items

    with Readers(workers=1, timeout_s=60.0) as readers:
        make_crops(
            [*twins, taken[2]],
            ScoreSettings(),
            readers,
            PictureFolder(folder, crops_mb=9),
            progress=progress,
        )
    sha256 = taken[0].facts.sha256
    names = {f"{sha256}-facecrop{face_label(box)}.webp" for box in boxes}
    assert {file.name for file in folder.glob(f"{sha256}-facecrop*")} == names
    assert seen == [("crops", 3)]


@pytest.fixture
def six_scenes(tmp_path):
    """Six scenes of four captures of noise."""
    found = []
    for number in range(24):
        file = tmp_path / f"{number}.png"
        pixels = np.random.default_rng(number).integers(0, 256, (500, 700, 3), np.uint8)
        Image.fromarray(pixels).save(file)
        place = number // 6
        one = scored(f"scene {number % 6}", "ABCD"[place], float(place), face=False)
        facts = replace(one.facts, width_px=700, height_px=500, sha256=f"{number:064x}")
        found.append(replace(one, facts=facts, capture=replace(one.capture, file=file)))
    return found


def test_a_process_reads_a_scenes_best_capture_once(six_scenes, tmp_path, monkeypatch):
    own, read = worker.read_original, []
    monkeypatch.setattr(worker, "read_original", lambda file, **_: read.append(file) or own(file))
    monkeypatch.setattr(Readers, "submit", lambda _, function, *args, **named: (function, args))
    monkeypatch.setattr(Readers, "result_of", lambda _, call: call[0](*call[1]))
    folder = PictureFolder(tmp_path / "pictures", crops_mb=99)
    with Readers(workers=1, timeout_s=60.0) as readers:
        make_crops(six_scenes, ScoreSettings(workers=1), readers, folder)
    assert len(read) == 24 + 6 + 2  # two captures are made first, to know how large crops are
    assert len(worker._best_read) == 1


def test_what_does_not_fit_is_the_last_by_interest(six_scenes, tmp_path):
    folder, settings = tmp_path / "pictures", ScoreSettings(workers=1)
    with Readers(workers=1, timeout_s=60.0) as readers:
        make_crops(six_scenes, settings, readers, PictureFolder(folder, crops_mb=99))
        sizes = {one.facts.sha256: 0 for one in by_interest(six_scenes)}
        for file in folder.iterdir():
            sizes[file.name.partition("-")[0]] += file.stat().st_size
        limit = sum(list(sizes.values())[:13]) / 1e6
        drop_crops(folder)
        make_crops(six_scenes, settings, readers, PictureFolder(folder, crops_mb=limit))
    kept = {file.name.partition("-")[0] for file in folder.iterdir()}
    assert kept == set(list(sizes)[:13])
