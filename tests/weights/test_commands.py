"""The weights of dn-piqa by the command line, and a picture scored with them (small networks)."""

import json
import os

import pytest
import torch
from PIL import Image
from skimage import data

from piqa_cli.models.catalogue import MODELS
from piqa_cli.weights.load import load_tensors
from piqa_cli.weights.store import find


@pytest.fixture
def imported(authors, piqa):
    """The bundle that `piqa-cli weights import` made."""
    done = piqa("weights", "import", "dn-piqa", authors.piq_file, authors.liqe_file)
    bundle = find("dn-piqa")
    assert (done.exit_code, done.stdout) == (0, f"dn-piqa  {bundle.sha256}  {bundle.path}\n")
    return bundle


def test_imported_weights_are_verified(imported, piqa):
    assert f"dn-piqa  ok  {imported.path}\n" in piqa("weights", "verify").stdout


def test_damaged_weights_are_told_and_never_score(imported, piqa, tmp_path):
    os.truncate(imported.path, 1000)
    told = piqa("weights", "verify")
    assert told.exit_code == 4
    assert f"dn-piqa  DAMAGED  {imported.path}" in told.stdout
    refused = piqa("score", "--model", "dn-piqa", picture(tmp_path))
    assert refused.exit_code == 4
    assert f"{imported.path} is damaged: its SHA-256 begins " in refused.stderr


def test_missing_weights_never_score(piqa, tmp_path):
    refused = piqa("score", "--model", "dn-piqa", picture(tmp_path))
    assert refused.exit_code == 4
    assert "run `piqa-cli weights import dn-piqa PIQ_model.pth LIQE.pt`" in refused.stderr
    assert refused.stdout == ""


def test_imported_weights_score(imported, piqa, tmp_path):
    network = MODELS["dn-piqa"].build(*load_tensors(imported))
    views = network.views(data.coffee(), None)
    with torch.inference_mode():
        output = network({name: torch.from_numpy(view)[None] for name, view in views.items()})
    done = piqa("score", "--json", "--model", "dn-piqa", picture(tmp_path))
    (row,) = json.loads(done.stdout)["scores"]
    assert row["score"] == pytest.approx(float(output.scores.mean()), rel=1e-6)
    assert {name: row[name] for name in network.explain(output, 0)} == network.explain(output, 0)


def test_foreign_file_is_told(authors, piqa, tmp_path):
    refused = piqa("weights", "import", "dn-piqa", picture(tmp_path), authors.liqe_file)
    assert refused.exit_code == 3
    assert "coffee.png: no PyTorch weights file, or a damaged one" in refused.stderr


def picture(folder):
    """A real photograph without a face, 600x400."""
    file = folder / "coffee.png"
    Image.fromarray(data.coffee()).save(file)
    return file
