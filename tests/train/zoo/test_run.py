"""One training as a lab meets it: command, interruption, weights that `rank` and `import` take."""

from __future__ import annotations

import csv
import json
import signal
from dataclasses import replace

import pytest
import torch

from piqa_cli.errors import MissingPartError, PiqaError, UsageError
from piqa_cli.resources import weights_dir
from piqa_cli.runs.table_set import load_run
from piqa_cli.train.checkpoint_file import checkpoint_file
from piqa_cli.train.zoo import run as run_module
from piqa_cli.train.zoo import start
from piqa_cli.train.zoo.options import ZooSettings
from piqa_cli.train.zoo.recipe import changed
from piqa_cli.train.zoo.recipes import RECIPES
from piqa_cli.train.zoo.run import train_model
from piqa_cli.weights.importing import import_weights
from piqa_cli.weights.store import find
from tests.train.zoo.conftest import SIZES

torch.set_num_threads(1)
EPOCHS = 2


@pytest.fixture(scope="module")
def settings(simulated, tmp_path_factory):
    """RQ-Net, because it has an average of weights that must be gone on with, too."""
    recipe = changed(
        RECIPES["rq-net"].recipe,
        {"epochs": EPOCHS, "repeats": 2, "scenes": 2, "captures": 3, "warmup_epochs": 1},
        where="test",
    )
    return ZooSettings(
        "rq-net",
        tmp_path_factory.mktemp("work"),
        recipe,
        captures=simulated,
        sizes=SIZES["rq-net"],
        validation_share=0.25,
        compute="cpu",
    )


@pytest.fixture(scope="module")
def result(settings):
    return train_model(settings, quiet=True)


def elsewhere(settings, folder, **changes):
    """The same run in another folder that has the prepared pictures already."""
    folder.mkdir(exist_ok=True)
    (folder / "prepared").symlink_to(settings.out / "prepared")
    return replace(settings, out=folder, **changes)


class Interrupted(Exception):
    """Stands for a machine that goes down after some step."""


def test_a_run_cut_off_within_an_epoch_goes_on_as_if_unbroken(
    settings, result, tmp_path, monkeypatch
):
    short = elsewhere(settings, tmp_path / "cut", checkpoint_steps=2)
    keep, kept = run_module.keep, []

    def keep_and_fall(run, progress):
        keep(run, progress)
        kept.append((progress.epoch, progress.step))
        if kept[-1] == (1, 2):
            raise Interrupted

    monkeypatch.setattr(run_module, "keep", keep_and_fall)
    with pytest.raises(Interrupted):
        train_model(short, quiet=True)
    monkeypatch.undo()
    again = train_model(short, quiet=True)
    assert kept == [(0, 2), (0, 4), (1, 0), (1, 2)]
    assert again.weights.read_bytes() == result.weights.read_bytes()
    assert (short.out / "log.csv").read_text().count("\n") == EPOCHS + 1


def test_the_whole_run_again_gives_equal_bytes(settings, result, tmp_path):
    again = train_model(elsewhere(settings, tmp_path / "again"), quiet=True)
    assert again.sha256 == result.sha256


def test_parts_of_a_batch_learn_what_the_batch_learns(settings, result, tmp_path):
    parts = train_model(elsewhere(settings, tmp_path / "parts", part=1), quiet=True)
    assert parts.loss == pytest.approx(result.loss, rel=1e-4)


def test_half_precision_learns_too(settings, result, tmp_path):
    half = train_model(elsewhere(settings, tmp_path / "half", precision="bf16"), quiet=True)
    assert half.loss == pytest.approx(result.loss, rel=0.1)
    assert half.loss != result.loss


def test_ctrl_c_writes_a_checkpoint_first(settings, result, tmp_path, monkeypatch):
    pressed = elsewhere(settings, tmp_path / "pressed", checkpoint_steps=1)
    keep, steps = run_module.keep, []

    def keep_while_pressed(run, progress):
        keep(run, progress)
        steps.append(progress.step)
        if progress.step == 1:
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(run_module, "keep", keep_while_pressed)
    with pytest.raises(KeyboardInterrupt):
        train_model(pressed, quiet=True)
    assert steps == [1]
    assert checkpoint_file(pressed.out).is_file()


def test_other_choices_are_refused_by_an_old_checkpoint(settings, result):
    for other in (
        replace(settings, seed=7),
        replace(settings, recipe=replace(settings.recipe, head_rate=1e-3)),
        replace(settings, precision="bf16"),
    ):
        with pytest.raises(PiqaError, match="belongs to other pictures or settings"):
            train_model(other, quiet=True)


def test_a_loss_that_is_no_number_ends_the_run(settings, result, tmp_path):
    wild = replace(settings.recipe, head_rate=1e30, backbone_rate=1e30, warmup_epochs=0)
    with pytest.raises(PiqaError, match="the loss is no number any more: lower head_rate"):
        train_model(elsewhere(settings, tmp_path / "wild", recipe=wild), quiet=True)


def test_a_run_stops_when_validation_gets_no_better(settings, result, tmp_path):
    still = replace(settings.recipe, head_rate=0.0, backbone_rate=0.0, epochs=9, patience=1)
    done = train_model(elsewhere(settings, tmp_path / "still", recipe=still), quiet=True)
    assert (done.epochs, done.best_epoch, done.stopped_early) == (2, 1, True)


def test_torchrun_is_refused(settings, monkeypatch):
    monkeypatch.setenv("WORLD_SIZE", "2")
    with pytest.raises(UsageError, match="runs in one process"):
        train_model(settings, quiet=True)


def test_rank_scores_with_the_weights(settings, result, simulated, piqa, tmp_path):
    options = ("--compute", "cpu", "--workers", 1, "--pictures", "none")
    done = piqa(
        "rank", "--manifest", simulated, "-m", "rq-net", "--weights-file", result.weights,
        "-o", tmp_path / "run", *options,
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert {row.status for row in load_run(tmp_path / "run").tables.captures} == {"ok"}


def test_import_takes_the_weights_byte_for_byte(result):
    bundle = import_weights("rq-net", [result.weights], folder=weights_dir())
    assert bundle.path.read_bytes() == result.weights.read_bytes()
    assert find("rq-net") == bundle


def test_import_refuses_the_weights_of_another_model(result):
    with pytest.raises(MissingPartError, match="is for rq-net/1, this version prepares"):
        import_weights("sar", [result.weights], folder=weights_dir())
    assert not weights_dir().exists()


@pytest.fixture
def small(monkeypatch):
    """The command trains published sizes; here those are very small."""
    kind = start.teaching_of(
        ZooSettings("monet", None, RECIPES["monet"].recipe), 3
    ).__class__  # fmt: skip
    monkeypatch.setattr(kind, "published", SIZES["monet"])


def test_the_command_trains_tests_and_says_how_to_score(small, piqa, piq23, tmp_path):
    (tmp_path / "recipe.toml").write_text("epochs = 1\nscenes = 4\n")
    done = piqa(
        "train", "model", "monet", "--dataset", "piq23", piq23, "--backbone", "none",
        "--recipe", tmp_path / "recipe.toml", "--set", "scenes=6", "-o", tmp_path / "work",
        "--compute", "cpu", "--validation-share", 0.25,
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert f"--model monet --weights-file {tmp_path / 'work' / 'monet.safetensors'}" in done.stdout
    assert "test SRCC" in done.stdout
    with (tmp_path / "work" / "test.csv").open() as stream:
        assert len(list(csv.DictReader(stream))) == 6
    imported = piqa("weights", "import", "monet", tmp_path / "work" / "monet.safetensors")
    assert imported.exit_code == 0, imported.output
    sidecar = json.loads((tmp_path / "work" / "monet.json").read_text())
    assert sidecar["sources"] == []


@pytest.fixture
def piq23(simulated, tmp_path):
    """Five scenes as PIQ23 lays them out; the last one is the test set."""
    folder = tmp_path / "piq23"
    (folder / "Overall").mkdir(parents=True)
    with simulated.open() as stream:
        rated = list(csv.DictReader(stream))
    rated += [{**row, "path": row["path"], "scene": "scene 4"} for row in rated[:6]]
    scores, splits = ["IMAGE PATH,JOD,SCENE"], ["SCENE,SPLIT"]
    for row in rated:
        name = f"{row['scene'].replace(' ', '')}_{row['device'].replace(' ', '')}.png"
        (folder / "Overall" / name).symlink_to(simulated.parent / row["path"])
        scores.append(f"Overall\\{name},{row['jod']},{row['scene']}")
    splits += [f"scene {n},{'Test' if n == 4 else 'Train'}" for n in range(5)]
    (folder / "Scores_Overall.csv").write_text("\n".join(scores))
    (folder / "Scene Split.csv").write_text("\n".join(splits))
    return folder


def test_the_command_wants_a_backbone_or_none(piqa, simulated):
    refused = piqa("train", "model", "sar", "--captures", simulated)
    assert refused.exit_code == 2
    assert "name --backbone FILE, CLIP ViT-B/16" in refused.stderr
    assert "or --backbone none" in refused.stderr


def test_the_command_prints_its_recipe(piqa):
    shown = piqa("train", "model", "rq-net", "--set", "epochs=7", "--print-recipe")
    assert shown.exit_code == 0
    assert 'quality = "scale-shift-invariant"' in shown.stdout
    assert "epochs = 7" in shown.stdout


def test_without_weights_the_way_to_them_is_named(piqa, captures):
    missing = piqa("rank", captures, "-m", "sem-hyperiqa")
    assert missing.exit_code == 4
    assert "train your own with `piqa-cli train model sem-hyperiqa`" in missing.stderr


@pytest.mark.parametrize("files", [["sar.pth"], ["a.safetensors", "b.safetensors"]])
def test_import_says_which_file_it_wants(files, tmp_path):
    for name in files:
        (tmp_path / name).touch()
    message = "train your own with `piqa-cli train model sar`, and give the sar.safetensors that"
    with pytest.raises(PiqaError, match=message):
        import_weights("sar", [tmp_path / name for name in files], folder=weights_dir())


def test_a_bundle_that_is_not_there_is_named(tmp_path):
    with pytest.raises(PiqaError, match=r"x\.safetensors is no file: give sar\.safetensors"):
        import_weights("sar", [tmp_path / "x.safetensors"], folder=weights_dir())
