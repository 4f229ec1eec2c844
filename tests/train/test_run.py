from __future__ import annotations

import csv
import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors import safe_open

from piqa_cli.errors import PiqaError
from piqa_cli.train.dataset import opinion_fold
from piqa_cli.train.judge import judge, load_model
from piqa_cli.train.options import TrainSettings
from piqa_cli.train.run import train

torch.set_num_threads(1)


@pytest.fixture(scope="module")
def settings(photos, tmp_path_factory) -> TrainSettings:
    out = tmp_path_factory.mktemp("work")
    return TrainSettings(
        out=out, photos=photos, epochs=2, batch=12, captures_per_photo=12, scenes_per_photo=1
    )


@pytest.fixture(scope="module")
def result(settings):
    return train(settings, quiet=True)


def losses(out):
    return [line["loss"] for line in json.loads((out / "train.json").read_text())]


def test_training_lowers_the_loss_and_writes_weights_that_score(settings, result):
    first, second = losses(settings.out)
    assert second < 0.95 * first
    assert result.epochs == 2
    assert result.weights.stat().st_size < 8_000_000
    model = load_model(result.weights)
    assert not model.training


def test_weights_say_what_they_were_trained_on(result):
    with safe_open(result.weights, "pt") as file:
        metadata = json.loads(file.metadata()["piqa"])
        assert file.get_tensor("mean").dtype == torch.float16
    assert metadata["captures"] == "60"  # one of six photographs is held out for the test
    assert metadata["scenes"] == "5"
    assert metadata["preprocessing"] == "dn-piqa-mini/4"
    stated = json.loads(result.weights.with_suffix(".json").read_text())
    assert stated["sha256"] == result.sha256


def test_a_resumed_run_makes_the_same_bytes(settings, result, tmp_path):
    def run(epochs):
        return train(replace(settings, out=tmp_path, epochs=epochs), quiet=True)

    for name in ("captures", "views"):
        (tmp_path / name).symlink_to(settings.out / name)
    run(1)
    resumed = run(2)
    assert losses(tmp_path) == losses(settings.out)
    assert resumed.sha256 == result.sha256


def test_a_finished_run_is_not_trained_again(settings, result):
    assert train(settings, quiet=True) == result


def test_a_checkpoint_of_other_settings_is_refused(settings, result):
    with pytest.raises(PiqaError, match=r"other photographs or settings: .*--restart"):
        train(replace(settings, batch=6), quiet=True)


def test_a_damaged_checkpoint_is_refused(settings, result, tmp_path):
    (tmp_path / "checkpoint.pt").write_bytes(b"PK\3\4 not a checkpoint")
    with pytest.raises(PiqaError, match=r"checkpoint.pt is damaged"):
        train(replace(settings, out=tmp_path), quiet=True)


def test_judging_shows_the_model_beside_the_simple_measures(photos, result):
    rows = judge(result.weights, photos, quiet=True)
    assert [row.measure for row in rows] == [
        "model",
        "model, pictures reduced to 60 %",
        "model without the whole picture",
        "model without the face",
        "model without the words",
        "log-Laplacian sharpness",
        "sharpest blocks",
        "brightness",
        "file size",
    ]
    assert {(row.n_scenes, row.n_captures) for row in rows} == {(1, 20)}
    assert all(-1 <= row.srcc <= 1 for row in rows)


def test_a_labs_own_captures_and_opinions_train_too(tmp_path):
    rng = np.random.default_rng(0)
    for number in range(12):
        pixels = rng.normal(128, 5 + 4 * number, (80, 80, 3)).clip(0, 255).astype(np.uint8)
        Image.fromarray(pixels).save(tmp_path / f"{number}.png")
    with (tmp_path / "lab.csv").open("w", newline="") as stream:
        rows = [(f"{n}.png", f"scene{n % 3}", -n / 3, "", "", "", "") for n in range(12)]
        csv.writer(stream).writerows(
            [("path", "scene", "label", "face_x0", "face_y0", "face_x1", "face_y1"), *rows]
        )
    (tmp_path / "mos.csv").write_text(
        "file,mos,mos_std\n" + "".join(f"{n}.png,{90 - 5 * n},15\n" for n in range(12))
    )
    result = train(
        TrainSettings(
            out=tmp_path / "work",
            captures=tmp_path / "lab.csv",
            opinions=tmp_path / "mos.csv",
            epochs=1,
            batch=8,
        ),
        quiet=True,
    )
    assert result.weights.is_file()


def test_rated_photographs_teach_the_light_but_not_those_of_the_held_out_fold(photos, tmp_path):
    for number in range(12):
        name = f"{number}.png"
        (tmp_path / name).write_bytes((photos / "scene0.png").read_bytes())
    (tmp_path / "mos.csv").write_text(
        "file,mos,mos_std\n" + "".join(f"{n}.png,{90 - 5 * n},15\n" for n in range(12))
    )
    settings = TrainSettings(
        out=tmp_path / "work",
        photos=photos,
        opinions=tmp_path / "mos.csv",
        epochs=1,
        captures_per_photo=3,
        scenes_per_photo=1,
        held_out_fold=2,
    )
    train(settings, quiet=True)
    with (tmp_path / "work" / "captures.csv").open(newline="") as stream:
        scenes = {row["scene"] for row in csv.DictReader(stream)}
    rated = {scene for scene in scenes if scene.startswith("rated-")}
    kept_out = {n for n in range(12) if opinion_fold(f"{n}.png") == 2}
    assert 0 < len(kept_out) < 12
    assert rated == {f"rated-{n}-look10" for n in set(range(12)) - kept_out}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("path,scene\na.jpg,s\n", "needs rows with the columns path, scene, label"),
        ("path,scene,label\na.jpg,s,good\n", "line 2: could not convert string to float: 'good'"),
        ("path,scene,label\na.jpg,s,1\nb.jpg,s,2\n", "can't read .*a.jpg"),
    ],
)
def test_a_bad_table_is_refused_with_its_place(tmp_path, content, message):
    table = tmp_path / "lab.csv"
    table.write_text(content)
    with pytest.raises(PiqaError, match=message):
        train(TrainSettings(out=tmp_path / "work", captures=table), quiet=True)


def test_nothing_to_train_on_is_refused(tmp_path):
    with pytest.raises(PiqaError, match="nothing to train on"):
        train(TrainSettings(out=tmp_path), quiet=True)
    with pytest.raises(PiqaError, match="no folder of photographs"):
        train(TrainSettings(out=tmp_path, photos=tmp_path / "none"), quiet=True)
