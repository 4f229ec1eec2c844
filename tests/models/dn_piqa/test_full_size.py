"""Parity of the full networks with figures of the authors' own code: 3 GB, minutes.

    pytest -m full_size tests/models/dn_piqa/test_full_size.py -s

makes stand-ins of both files (1.1 GB), imports them by the command line, scores with the network
and with `piqa-cli rank`, and prints the worst relative error of every quantity, which is
abs(found - expected) / max(1, abs(expected)).
"""

import os
import subprocess
import sys

import numpy as np
import open_clip
import pyarrow.parquet as pq
import pytest
import torch
from PIL import Image

from piqa_cli.models.blocks.liqe.prompts import prompts
from piqa_cli.models.catalogue import MODELS
from piqa_cli.weights.load import load_tensors
from piqa_cli.weights.store import find
from tests.models.reference.checkpoints import Sizes, digest, liqe_state, piq_state
from tests.models.reference.golden import GOLDEN, sha256

pytestmark = pytest.mark.full_size

TOLERANCE = 1e-4


def worst(found, expected):
    found, expected = np.asarray(found, np.float64), np.asarray(expected, np.float64)
    assert found.shape == expected.shape
    return float(np.max(np.abs(found - expected) / np.maximum(1, np.abs(expected))))


@pytest.fixture(scope="module")
def weights_folder(tmp_path_factory):
    """The weights folder after `piqa-cli weights import` of both regenerated files."""
    folder = tmp_path_factory.mktemp("full")
    for name, make in (("PIQ_model.pth", piq_state), ("LIQE.pt", liqe_state)):
        state = make(Sizes())
        assert digest(state) == GOLDEN[name]
        torch.save(state, folder / name)
    call(folder, folder / "weights", "weights", "import", "dn-piqa", "PIQ_model.pth", "LIQE.pt")
    (folder / "PIQ_model.pth").unlink()
    (folder / "LIQE.pt").unlink()
    return folder / "weights"


def call(folder, weights, *arguments):
    """Runs piqa-cli in a folder, in a process of its own."""
    command = [sys.executable, "-m", "piqa_cli", *arguments]
    environment = {**os.environ, "PIQA_WEIGHTS": str(weights)}
    subprocess.run(command, cwd=folder, env=environment, check=True)


@pytest.fixture(scope="module")
def loaded(weights_folder):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PIQA_WEIGHTS", str(weights_folder))
        return load_tensors(find("dn-piqa"))


@pytest.fixture(scope="module")
def model(loaded):
    return MODELS["dn-piqa"].build(*loaded)


def test_tokens_and_text_vectors(loaded):
    tokens = open_clip.get_tokenizer("ViT-B-32-quickgelu")(prompts())
    assert sha256(tokens.numpy().astype("<i4")) == GOLDEN["tokens_sha256_int32"]
    vectors = loaded[0]["liqe.text"]
    errors = [worst(vectors[row, :8], GOLDEN[f"text_row{row}_first8"]) for row in (0, 494)]
    print(f"\ntext vectors {max(errors):.1e}")
    assert max(errors) <= TOLERANCE


@pytest.mark.parametrize("name", GOLDEN["pictures"])
def test_parity(name, model, pictures):
    golden, box = GOLDEN["pictures"][name], GOLDEN["pictures"][name]["face_box"]
    views = model.views(pictures[name], None if box is None else tuple(box))
    assert [sha256(crop) for crop in views["full"]] == golden["full_crop_rgb_sha256"]
    assert [sha256(crop) for crop in views["face"]] == golden["face_crops_rgb_sha256"]
    views = {name: torch.from_numpy(view)[None] for name, view in views.items()}
    with torch.inference_mode():
        output = model(views)
        norms = {
            "full": model.full(model.normalize(views["full"][0])).norm(dim=1),
            "face": model.face(model.normalize(views["face"][0])).norm(dim=1),
        }
    errors = {
        "logits": worst(output.extras["liqe_logits"][0], golden["liqe_logits"]),
        "full features": worst(norms["full"], golden["full_feature_norms"]),
        "face features": worst(norms["face"], golden["face_feature_norms"]),
        "crop scores": worst(output.scores[0], golden["per_crop_scores"]),
        "score": worst(output.scores[0].double().mean(), golden["score"]),
    }
    print(f"\n{name}", *(f"{quantity} {error:.1e}" for quantity, error in errors.items()), sep="  ")
    assert max(errors.values()) <= TOLERANCE
    said = model.explain(output, 0)
    assert said["liqe_quality"] == pytest.approx(golden["liqe_quality_score"], abs=TOLERANCE)
    assert said["liqe_scene"] == golden["liqe_scene"]
    assert said["liqe_distortion"] == golden["liqe_distortion"]


def test_parity_of_a_run(weights_folder, pictures, tmp_path):
    rows = ["path,scene,device,face_x0,face_y0,face_x1,face_y1"]
    for name, pixels in pictures.items():
        Image.fromarray(pixels).save(tmp_path / f"{name}.png")
        box = GOLDEN["pictures"][name]["face_box"] or ("", "", "", "")
        rows.append(",".join(map(str, (f"{name}.png", "scene", name, *box))))
    (tmp_path / "manifest.csv").write_text("\n".join(rows))
    given = ("--manifest", "manifest.csv", "--model", "dn-piqa", "-o", "run")
    call(
        tmp_path, weights_folder, "rank", *given, "--working-size", "native", "--precision", "fp32"
    )
    found = pq.read_table(tmp_path / "run" / "captures.parquet").to_pylist()
    assert sorted(row["device"] for row in found) == sorted(pictures)
    errors = [worst(row["score"], GOLDEN["pictures"][row["device"]]["score"]) for row in found]
    print(f"\nrank  score {max(errors):.1e}")
    assert max(errors) <= TOLERANCE
