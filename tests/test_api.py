"""The Python API: the examples of docs/python.md run, and agree with the command line."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import piqa_cli
from piqa_cli.errors import CaptureError, PiqaError
from piqa_cli.records import Box

ROOT = Path(__file__).parents[1]
EXAMPLES = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "python.md").read_text(), re.DOTALL)


@pytest.fixture(scope="module")
def model():
    return piqa_cli.load_model()


@pytest.fixture(scope="module")
def picture(tmp_path_factory):
    file = tmp_path_factory.mktemp("api") / "one.png"
    pixels = np.random.default_rng(0).integers(0, 256, (90, 120, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(file)
    return file


def test_the_examples_of_the_document_run(tmp_path, monkeypatch):
    (tmp_path / "sample_sets").symlink_to(ROOT / "sample_sets")
    monkeypatch.chdir(tmp_path)
    assert len(EXAMPLES) == 4
    names: dict[str, object] = {}
    for example in EXAMPLES:
        exec(example, names)
    assert names["failed"] == []
    assert names["table"].num_rows == len(names["run"].tables.captures) == 39


def test_a_file_scores_as_on_the_command_line(model, picture, piqa):
    line = json.loads(piqa("score", picture, "--json").stdout)["scores"][0]
    assert model.score(picture).score == line["score"]


def test_a_file_may_be_a_url(model, picture):
    assert model.score(f"file://{picture}") == model.score(picture)


def test_pixels_score_as_their_file(model, picture):
    pixels = np.asarray(Image.open(picture))
    assert model.score(pixels).score == model.score(str(picture)).score


def test_a_given_face_is_used(model, picture):
    face = Box(10, 10, 60, 60)
    assert model.score(picture, face=face).score != model.score(picture, face=None).score


@pytest.mark.parametrize("pixels", [np.zeros((9, 9), np.uint8), np.zeros((9, 9, 3))])
def test_other_arrays_are_refused(model, pixels):
    with pytest.raises(CaptureError, match="height, width, 3"):
        model.score(pixels)


def test_a_detected_face_counts_as_on_the_command_line(model, piqa):
    photo = ROOT / "sample_sets/portraits-mini/studio/kestrin-k2/IMG_0413.jpg"
    reduced = ["--working-size", "333"]
    line = json.loads(piqa("score", photo, *reduced, "--json").stdout)["scores"][0]
    small = piqa_cli.load_model(working_side_px=333)
    assert small.score(photo).score == line["score"] != small.score(photo, face=None).score


def test_what_the_command_line_refuses_is_refused(model):
    with pytest.raises(CaptureError, match="shorter side is 9 px, dn-piqa-mini needs at least 64"):
        model.score(np.zeros((9, 90, 3), np.uint8))
    with pytest.raises(CaptureError, match="lies outside the upright picture"):
        model.score(np.zeros((90, 90, 3), np.uint8), face=Box(200, 200, 300, 300))


def test_a_table_that_changed_since_is_refused(tmp_path):
    shutil.copytree(ROOT / "tests" / "data" / "schema-1" / "model", tmp_path / "run")
    run = piqa_cli.open_run(tmp_path / "run")
    assert run.arrow("captures").num_rows == len(run.tables.captures)
    with (tmp_path / "run" / "captures.parquet").open("ab") as stream:
        stream.write(b" ")
    with pytest.raises(PiqaError, match=r"doesn't match run\.json"):
        run.arrow("captures")


def test_opening_a_run_loads_no_torch():
    code = "import sys, piqa_cli; piqa_cli.open_run; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'nosuch'"):
        _ = piqa_cli.nosuch
