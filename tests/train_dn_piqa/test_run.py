from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file

from piqa_cli.errors import PiqaError
from piqa_cli.runs.table_set import load_run
from piqa_cli.train.checkpoint_file import checkpoint_file
from piqa_cli.train.dn_piqa import run as run_module
from piqa_cli.train.dn_piqa.options import DnPiqaSettings
from piqa_cli.train.dn_piqa.run import train_dn_piqa

torch.set_num_threads(1)
EPOCHS, RATE, BATCH = 2, 1e-3, 4


@pytest.fixture(scope="module")
def settings(rated, starts, tmp_path_factory):
    return DnPiqaSettings(
        out=tmp_path_factory.mktemp("work"),
        captures=rated,
        start_full=starts.full,
        start_face=starts.face,
        liqe=starts.liqe,
        epochs=EPOCHS,
        batch=BATCH,
        learning_rate=RATE,
        validation_share=0.25,
        compute="cpu",
    )


@pytest.fixture(scope="module")
def result(settings):
    return train_dn_piqa(settings, quiet=True)


def elsewhere(settings, folder, **changes):
    """The same run in another folder that has the prepared pictures already."""
    folder.mkdir(exist_ok=True)
    (folder / "prepared").symlink_to(settings.out / "prepared")
    return replace(settings, out=folder, **changes)


def log_of(out):
    return [json.loads(line) for line in (out / "log.jsonl").read_text().splitlines()]


def test_two_epochs_lower_the_loss_and_find_the_order(settings, result):
    first, second = log_of(settings.out)
    assert second["loss"] < 0.9 * first["loss"]
    assert result.validation_srcc >= 0.8
    assert result.epochs == 2


def test_the_logs_say_the_same_in_three_forms(settings, result):
    with (settings.out / "log.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    assert [float(row["loss"]) for row in rows] == [line["loss"] for line in log_of(settings.out)]
    assert [float(row["learning_rate"]) for row in rows] == [RATE, RATE]
    assert (settings.out / "log.svg").read_text().count("<circle") == 2 * EPOCHS


def test_the_weights_score_with_rank(settings, result, rated, piqa, monkeypatch, tmp_path):
    monkeypatch.setenv("PIQA_WEIGHTS", str(result.weights.parent))
    done = piqa(
        "rank",
        "--manifest",
        rated,
        "-m",
        "dn-piqa",
        "-o",
        tmp_path / "run",
        "--compute",
        "cpu",
        "--workers",
        1,
    )
    assert done.exit_code == 0, done.output
    rows = load_run(tmp_path / "run").tables.captures
    scores = {row.path: row.score for row in rows}
    assert len(scores) == 20
    assert all(scores[f"scene{n}_3.png"] > scores[f"scene{n}_0.png"] for n in range(5))


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
        if kept[-1] == (1, 4):
            raise Interrupted

    monkeypatch.setattr(run_module, "keep", keep_and_fall)
    with pytest.raises(Interrupted):
        train_dn_piqa(short, quiet=True)
    monkeypatch.undo()
    again = train_dn_piqa(short, quiet=True)
    assert kept == [(0, 2), (0, 4), (1, 0), (1, 2), (1, 4)]
    assert again.loss == result.loss
    whole, pieces = load_file(result.weights), load_file(again.weights)
    assert all(torch.equal(whole[name], pieces[name]) for name in whole)


def test_two_processes_learn_what_one_learns(settings, result, tmp_path):
    alone = train_dn_piqa(elsewhere(settings, tmp_path / "one", part=2, epochs=1), quiet=True)
    team = elsewhere(settings, tmp_path / "two", epochs=1)
    options = {
        "captures": team.captures, "start-full": team.start_full, "start-face": team.start_face,
        "liqe": team.liqe, "out": team.out, "epochs": 1, "batch": BATCH, "learning-rate": RATE,
        "validation-share": 0.25, "compute": "cpu",
    }  # fmt: skip
    said = [str(word) for name, value in options.items() for word in (f"--{name}", value)]
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    done = subprocess.run(
        [*torchrun, "--nproc-per-node=2", "-m", "piqa_cli", "train", "dn-piqa", *said, "--json"],
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["loss"] == pytest.approx(alone.loss, rel=1e-4)
    one, two = load_file(alone.weights), load_file(team.out / "weights" / "dn-piqa.safetensors")
    assert max(float((one[name] - two[name]).abs().max()) for name in one) < 0.2 * RATE


def test_ctrl_c_writes_a_checkpoint_first(settings, result, tmp_path, monkeypatch):
    pressed = elsewhere(settings, tmp_path / "pressed", checkpoint_steps=1)
    keep, steps = run_module.keep, []

    def keep_while_pressed(run, progress):
        keep(run, progress)
        steps.append(progress.step)
        if progress.step == 1:
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(run_module, "keep", keep_while_pressed)
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        train_dn_piqa(pressed, quiet=True)
    assert steps == [1, 2]
    assert checkpoint_file(pressed.out).is_file()
    assert signal.getsignal(signal.SIGINT) is before


def test_a_run_stops_when_validation_gets_no_better(settings, result, tmp_path):
    stale = elsewhere(settings, tmp_path / "stale", learning_rate=0.0, epochs=9, patience=1)
    done = train_dn_piqa(stale, quiet=True)
    assert (done.epochs, done.best_epoch, done.stopped_early) == (2, 1, True)


def test_half_precision_learns_too(settings, result, tmp_path):
    half = elsewhere(settings, tmp_path / "half", precision="bf16", epochs=1)
    assert train_dn_piqa(half, quiet=True).loss == pytest.approx(
        log_of(settings.out)[0]["loss"], rel=0.1
    )


def test_other_material_is_refused_by_an_old_checkpoint(settings, result):
    for other in (replace(settings, seed=7), replace(settings, precision="bf16")):
        with pytest.raises(PiqaError, match="belongs to other pictures or settings"):
            train_dn_piqa(other, quiet=True)


def test_a_run_without_start_weights_is_loud(settings, result, tmp_path, monkeypatch):
    lines: list[str] = []
    fresh = elsewhere(settings, tmp_path / "fresh", start_full=None, epochs=1)
    train_dn_piqa(fresh, quiet=True, show=lines.append)
    assert any("RANDOM START: the photo's Swin transformer" in line for line in lines)
