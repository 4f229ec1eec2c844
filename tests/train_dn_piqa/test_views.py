"""Training and scoring cut the same views."""

from __future__ import annotations

import csv
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from piqa_cli.discover.manifest import open_manifest
from piqa_cli.errors import PiqaError, UsageError
from piqa_cli.train.dn_piqa.options import DnPiqaSettings
from piqa_cli.train.dn_piqa.prepared import load_prepared, prepare
from piqa_cli.train.dn_piqa.start import start_network
from piqa_cli.train.dn_piqa.steps import scores_of, set_mode, trained_parameters
from piqa_cli.train.dn_piqa.validate import score_files
from piqa_cli.train.precision import half_of
from piqa_cli.train.team import Team

torch.set_num_threads(1)
ALONE = Team(0, 1, torch.device("cpu"))


@pytest.fixture(scope="module")
def model(starts, tmp_path_factory):
    settings = DnPiqaSettings(
        tmp_path_factory.mktemp("out"),
        start_full=starts.full,
        start_face=starts.face,
        liqe=starts.liqe,
    )
    return start_network(settings).model.eval()


def made(captures, folder, model, liqe="f00d"):
    return prepare(
        captures, folder, model, liqe_sha256=liqe, face_rule="confident", team=ALONE, quiet=True
    )


@pytest.mark.parametrize(("row", "face"), [(0, (40, 50, 160, 180)), (3, None)])
def test_a_prepared_picture_scores_as_the_picture_itself(rated, model, tmp_path, row, face):
    capture = open_manifest(rated)[0][row]
    files = made([capture], tmp_path, model)
    pixels = np.asarray(Image.open(capture.file))
    views = {name: torch.from_numpy(v)[None] for name, v in model.views(pixels, face).items()}
    with torch.inference_mode():
        expected = float(model(views).scores.mean())
    assert score_files(model, files, ALONE)[0] == pytest.approx(expected, abs=1e-5)


def test_pictures_are_prepared_once_for_each_liqe(rated, model, tmp_path):
    captures = open_manifest(rated)[0][:2]
    first = made(captures, tmp_path, model)
    before = [file.stat().st_mtime_ns for file in first]
    assert made(captures, tmp_path, model) == first
    assert [file.stat().st_mtime_ns for file in first] == before
    assert set(made(captures, tmp_path, model, liqe="beef")).isdisjoint(first)


def test_a_picture_without_a_face_stands_in_itself(rated, model, tmp_path):
    picture = load_prepared(made([open_manifest(rated)[0][1]], tmp_path, model)[0])
    assert picture.face is picture.full
    assert (picture.full.shape, picture.liqe.shape) == ((448, 477, 3), (495,))


def test_a_damaged_and_a_small_picture_are_named(rated, model, tmp_path):
    capture = open_manifest(rated)[0][0]
    (tmp_path / "cut.png").write_bytes(capture.file.read_bytes()[:500])
    with pytest.raises(PiqaError, match=r"cut\.png: damaged PNG.*: mend it or leave it out"):
        made([replace(capture, file=tmp_path / "cut.png")], tmp_path, model)
    Image.new("RGB", (223, 300)).save(tmp_path / "small.png")
    with pytest.raises(PiqaError, match=r"small\.png: its shorter side is under 224 px"):
        made([replace(capture, file=tmp_path / "small.png")], tmp_path, model)


def gradient(model, checkpointing):
    for swin in (model.full, model.face):
        swin.set_grad_checkpointing(checkpointing)
    set_mode(model, training=True)
    model.zero_grad()
    torch.manual_seed(1)
    crops = torch.from_numpy(np.random.default_rng(1).integers(0, 256, (2, 384, 384, 3), np.uint8))
    scores_of(model, crops, crops, torch.zeros(2, 495)).sum().backward()
    return [parameter.grad.clone() for parameter in trained_parameters(model)]


def test_gradient_checkpointing_changes_no_gradient(model):
    kept, computed_again = gradient(model, False), gradient(model, True)
    model.full.set_grad_checkpointing(False)
    model.face.set_grad_checkpointing(False)
    assert all(torch.allclose(a, b, atol=1e-6) for a, b in zip(kept, computed_again, strict=True))
    assert all(float(grad.abs().max()) > 0 for grad in kept[:4])


def test_half_precision_is_for_gpus():
    cpu = torch.device("cpu")
    assert half_of("auto", cpu) is None
    assert half_of("bf16", cpu) is torch.bfloat16
    with pytest.raises(UsageError, match="fp16 needs a GPU"):
        half_of("fp16", cpu)


def piq23_of(rated, folder):
    """The rated pictures as PIQ23: four scenes to train on, one to test."""
    rows = list(csv.DictReader(rated.open()))
    parts = {"Train": rows[:16], "Test": rows[16:]}
    for part, chosen in parts.items():
        lines = ["IMAGE PATH,JOD,IMAGE,SCENE"]
        lines += [f"Overall\\{r['path']},{r['jod']},{r['path']},{r['scene']}" for r in chosen]
        (folder / f"SceneSplit_{part}_Scores_Overall.csv").write_text("\n".join(lines))
    (folder / "Overall").symlink_to(rated.parent)
    return folder


def test_the_command_trains_on_piq23_and_tests_once(rated, starts, piqa, tmp_path):
    folder = tmp_path / "PIQ23"
    folder.mkdir()
    out = tmp_path / "out"
    done = piqa(
        *("train", "dn-piqa", "--dataset", "piq23", piq23_of(rated, folder), "--out", out),
        *("--start-full", starts.full, "--start-face", starts.face, "--liqe", starts.liqe),
        *("--epochs", 1, "--batch", 4, "--learning-rate", 1e-3, "--compute", "cpu"),
    )
    assert done.exit_code == 0, done.output
    assert "test SRCC        1.000 mean, 1.000 median over scenes" in done.stdout
    assert f"score with       PIQA_WEIGHTS={out}/weights piqa-cli rank -m dn-piqa" in done.stdout
    table = list(csv.DictReader((out / "test.csv").open()))
    assert [row["scene"] for row in table] == ["scene 4"] * 4
    assert [float(row["jod"]) for row in table] == [-2.25, -0.75, 0.75, 2.25]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "name either --dataset piq23 FOLDER or --captures FILE"),
        (("--dataset", "koniq", "x"), "--dataset 'koniq': only piq23 is known"),
    ],
)
def test_the_command_says_what_to_name(piqa, words, message):
    done = piqa("train", "dn-piqa", *words)
    assert (done.exit_code, message in done.stderr) == (2, True)
