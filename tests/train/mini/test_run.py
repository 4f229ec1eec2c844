from __future__ import annotations

import csv
import json
from dataclasses import replace

import pytest
import torch

from piqa_cli.errors import MissingPartError, PiqaError
from piqa_cli.train.judges.scoring import MODEL, score_branches
from piqa_cli.train.mini.features import read_views
from piqa_cli.train.mini.ratings import read_ratings
from piqa_cli.train.mini.run import train
from piqa_cli.train.mini.start import load_model
from piqa_cli.train.options import TrainSettings
from piqa_cli.weights.load import load_tensors
from piqa_cli.weights.store import Bundle, sha256_of


@pytest.fixture(scope="module")
def settings(rated, tmp_path_factory) -> TrainSettings:
    """Four steps on two of the three scenes: that of fold 2 is left out."""
    folder = tmp_path_factory.mktemp("train")
    return TrainSettings(
        out=folder / "work",
        material=folder / "material",
        captures=(rated,),
        fold=2,
        steps=4,
        checkpoint_steps=2,
    )


@pytest.fixture(scope="module")
def result(settings):
    return train(settings, quiet=True)


@pytest.fixture(scope="module")
def simulated(settings, photos):
    """Settings and result of a run on simulated captures as well."""
    with_photos = replace(settings, out=settings.out.with_name("both"), photos=photos, steps=1)
    return with_photos, train(with_photos, quiet=True)


def stored(weights):
    return load_tensors(Bundle("dn-piqa-mini", weights, sha256_of(weights)))


def losses(out):
    return [line["loss"] for line in json.loads((out / "train.json").read_text())]


def test_training_writes_small_weights_in_half_precision(settings, result):
    assert result.weights == settings.out / "dn-piqa-mini.safetensors"
    assert result.weights.stat().st_size < 12_000_000
    assert (result.steps, result.n_captures) == (4, 12)
    assert result.loss == losses(settings.out)[-1]
    assert len(losses(settings.out)) == 2
    assert {value.dtype for value in stored(result.weights)[0].values()} == {torch.float16}


def test_only_the_upper_stages_and_the_score_are_trained_on_ratings(network, result):
    before, after = network.state_dict(), load_model(result.weights).state_dict()
    changed = {name for name in before if not torch.equal(before[name], after[name])}
    frozen = ("backbone.stem", "backbone.stages.0", "backbone.stages.1", "backbone.stages.2")
    assert not {name for name in changed if name.startswith(frozen)}
    assert {"backbone.stages.3.0.project.weight", "backbone.stages.6.0.project.bias"} <= changed
    assert {"score.weight", "standardise.mean", "standardise.deviation"} <= changed


def test_weights_remember_what_they_were_trained_on(settings, result, rated):
    metadata = stored(result.weights)[1]
    assert json.loads(metadata.pop("seen")) == {sha256_of(rated): {"captures": 18, "name": "rated"}}
    assert metadata == {
        "preprocessing": "dn-piqa-mini/5",
        "start": "imagenet",
        "fold": "2",
        "steps": "4",
        "seed": "0",
    }
    stated = json.loads(result.weights.with_suffix(".json").read_text())
    assert stated["sha256"] == result.sha256


def test_an_interrupted_run_makes_the_same_bytes_as_one_in_one_go(settings, result, tmp_path):
    """The log can't be written after the second step, as on a full disk."""
    interrupted = replace(settings, out=tmp_path)
    (tmp_path / "train.json.part").mkdir()
    with pytest.raises(OSError, match=r"train\.json\.part"):
        train(interrupted, quiet=True)
    assert not (tmp_path / "dn-piqa-mini.safetensors").exists()
    (tmp_path / "train.json.part").rmdir()
    resumed = train(interrupted, quiet=True)
    assert losses(tmp_path) == losses(settings.out)
    assert resumed.sha256 == result.sha256


def test_a_finished_run_is_not_trained_again(settings, result):
    stamp = (settings.out / "checkpoint.pt").stat().st_mtime_ns
    assert train(settings, quiet=True) == result
    assert (settings.out / "checkpoint.pt").stat().st_mtime_ns == stamp


@pytest.mark.parametrize("change", [{"rate": 1e-3}, {"steps": 5}, {"fold": 0}, {"seed": 1}])
def test_a_checkpoint_of_other_settings_is_refused(settings, result, change):
    with pytest.raises(PiqaError, match=r"belongs to other pictures or settings: .*--restart"):
        train(replace(settings, **change), quiet=True)


def test_a_damaged_checkpoint_is_refused(settings, result, tmp_path):
    (tmp_path / "checkpoint.pt").write_bytes(b"PK\3\4 not a checkpoint")
    with pytest.raises(PiqaError, match=r"checkpoint\.pt is damaged: .*--restart"):
        train(replace(settings, out=tmp_path), quiet=True)


def test_a_left_out_fold_is_not_learnt_from(settings, result, rated, tmp_path):
    """Other ratings of its pictures make the same weights."""
    with rated.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        row["jod"] = -float(row["jod"]) if row["scene"] == "s1" else row["jod"]
    table = rated.with_name("other.csv")
    with table.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    other = train(replace(settings, out=tmp_path, captures=(table,)), quiet=True)
    assert other.sha256 != result.sha256  # their metadata name another table
    first, second = stored(result.weights)[0], stored(other.weights)[0]
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_simulated_captures_teach_what_faults_cost(simulated, network):
    result = simulated[1]
    assert result.n_captures == 12 + 5 * 8  # one of six photographs is held out for the test
    seen = json.loads(stored(result.weights)[1]["seen"])
    assert sorted(one["captures"] for one in seen.values()) == [18, 40]
    model = load_model(result.weights)
    for own, fresh in (
        (model.costs, network.costs),
        (model.detail_costs, network.detail_costs),
    ):
        assert not torch.equal(own[0].weight, fresh[0].weight.half().float())
    assert float(model.standardise_detail.deviation.std()) > 0


def test_a_lab_trains_the_weights_on_with_its_own_captures(simulated, rated, tmp_path):
    start = simulated[1].weights
    lines = [f"0-{n}.png,scene,{n},,,," for n in range(4)]
    table = rated.with_name("lab.csv")
    table.write_text("path,scene,label,face_x0,face_y0,face_x1,face_y1\n" + "\n".join(lines) + "\n")
    settings = TrainSettings(out=tmp_path, captures=(table,), start=str(start), steps=2)
    own = train(settings, quiet=True).weights
    assert stored(own)[1]["start"] == "weights"
    before, after = stored(start)[0], stored(own)[0]
    kept = {name.split(".")[0] for name in before if torch.equal(before[name], after[name])}
    assert {"costs", "detail_costs", "standardise", "standardise_detail"} <= kept
    assert not torch.equal(before["score.weight"], after["score.weight"])


def test_trained_weights_adapt_to_ratings_without_a_step(rated, simulated, tmp_path):
    table = rated.with_name("opposite.csv")
    lines = [f"0-{n}.png,scene,{n}," for n in range(4)]  # the others rate the noisiest lowest
    table.write_text("path,scene,jod,face_box\n" + "\n".join(lines) + "\n")
    start = simulated[1].weights
    settings = TrainSettings(out=tmp_path, captures=(table,), start=str(start), steps=1, rate=0.0)
    own = train(settings, quiet=True).weights

    def gap(weights) -> float:
        scores = [
            score_branches(weights, read_views(row))[MODEL] for row in read_ratings(table).rows
        ]
        return scores[3] - scores[0]

    assert gap(own) > gap(start)


def test_scenes_of_one_capture_are_too_little(rated, tmp_path):
    table = rated.with_name("single.csv")
    table.write_text("path,scene,jod,face_box\n0-0.png,a,1,\n0-1.png,b,2,\n")
    settings = TrainSettings(out=tmp_path, captures=(table,), steps=1)
    with pytest.raises(PiqaError, match="single: too little to train on: no scene has two"):
        train(settings, quiet=True)


def test_nothing_to_train_on_is_refused(tmp_path):
    with pytest.raises(PiqaError, match="nothing to train on"):
        train(TrainSettings(out=tmp_path), quiet=True)
    with pytest.raises(PiqaError, match="no folder of photographs"):
        train(TrainSettings(out=tmp_path, photos=tmp_path / "none"), quiet=True)


def test_weights_to_start_from_that_are_not_there_are_refused(rated, tmp_path):
    start = str(tmp_path / "gone.safetensors")
    with pytest.raises(MissingPartError, match="name a weights file"):
        train(TrainSettings(out=tmp_path, captures=(rated,), start=start), quiet=True)
