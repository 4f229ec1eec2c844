"""`train run` and `train judge`, from ratings to weights to figures."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Two scenes of six captures, the noisier the worse, and a work folder beside them."""
    folder = tmp_path_factory.mktemp("lab")
    lines = ["path,scene,jod,face_box,fold"]
    for scene in range(2):
        rng = np.random.default_rng(scene)
        for number in range(6):
            pixels = 128 + rng.normal(0, 4 + 9 * number, (90, 120, 3))
            name = f"{scene}-{number}.png"
            Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(folder / name)
            lines.append(f"{name},s{scene},{-number},,{scene}")
    (folder / "lab.csv").write_text("\n".join(lines) + "\n")
    return folder


@pytest.fixture(scope="module")
def trained(lab):
    from typer.testing import CliRunner

    from piqa_cli.cli.main import app

    table, out = str(lab / "lab.csv"), str(lab / "work")
    options = ["--captures", table, "--fold", "0", "--steps", "1", "--out", out, "--json"]
    return CliRunner().invoke(app, ["train", "run", *options])


def test_train_run_makes_weights_of_rated_captures(lab, trained):
    assert trained.exit_code == 0, trained.stderr
    found = json.loads(trained.stdout)
    assert found["weights"] == str(lab / "work" / "dn-piqa-mini.safetensors")
    assert (found["steps"], found["n_captures"], len(found["sha256"])) == (1, 6, 64)


def test_train_judge_shows_agreement_and_calibration(piqa, lab, trained):
    weights = lab / "work" / "dn-piqa-mini.safetensors"
    done = piqa("train", "judge", "--captures", lab / "lab.csv", "--weights", weights)
    assert done.exit_code == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].split() == "lab, within scenes (1) SRCC PLCC by weights captures".split()
    assert any(line.startswith("without fine detail") for line in lines)
    assert any(line.startswith("preference stated") for line in lines)
    assert "JOD for one unit of score, so that both agree: " in done.stdout
    assert "\\n" not in done.stdout


def test_captures_are_scored_with_weights_that_are_named(piqa, lab, trained):
    file = lab / "work" / "dn-piqa-mini.safetensors"
    picture = sorted((lab).rglob("*.png"))[0]
    own, shipped = (
        json.loads(piqa("score", picture, *more, "--json").stdout)
        for more in (("--weights-file", file), ())
    )
    assert own["weights_sha256"] == json.loads(trained.stdout)["sha256"]
    assert own["weights_sha256"] != shipped["weights_sha256"]
    assert own["scores"][0]["score"] != shipped["scores"][0]["score"]


@pytest.mark.parametrize(
    ("model", "name", "said"),
    [
        ("dn-piqa-mini", "gone.safetensors", "gone.safetensors: No such file or directory: name"),
        ("dn-piqa-mini", "lab.csv", "lab.csv is no safetensors file"),
        ("dn-piqa", "work/dn-piqa-mini.safetensors", "is for dn-piqa-mini/"),
    ],
)
def test_weights_that_cannot_score_are_refused(piqa, lab, trained, model, name, said):
    picture = sorted(lab.rglob("*.png"))[0]
    done = piqa("score", picture, "--model", model, "--weights-file", lab / name)
    assert done.exit_code == 4
    assert said in done.stderr


def test_train_judge_gives_its_figures_as_json(piqa, lab, trained):
    weights = lab / "work" / "dn-piqa-mini.safetensors"
    done = piqa("train", "judge", "--captures", lab / "lab.csv", "--weights", weights, "--json")
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)
    assert list(found) == ["ratings lab", "calibration lab"]
    assert found["ratings lab"][0]["n_captures"] == 6
    assert found["calibration lab"][0]["jod_per_unit"] > 0


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("judge",), 2, "name PHOTOS, --captures FILE or --hires FOLDER"),
        (("judge", "--hires", "x", "--faults"), 2, "--faults simulates on PHOTOS"),
        (("judge", "x", "--framing"), 2, "--framing moves rated captures"),
        (("run",), 2, "--photos"),
        (("run", "--captures", "a.csv", "--fold", "5"), 2, "--fold"),
        (("run", "--captures", "gone.csv"), 3, "gone.csv does not exist; check the path"),
        (("judge", "--captures", "gone.csv"), 3, "gone.csv does not exist; check the path"),
    ],
)
def test_bad_orders_are_refused(piqa, tmp_path, monkeypatch, args, code, said):
    monkeypatch.chdir(tmp_path)
    done = piqa("train", *args)
    assert done.exit_code == code
    assert said in done.stderr
