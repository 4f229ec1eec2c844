"""Several models score a capture after one reading and one search, each as it would alone."""

from dataclasses import replace

import pytest
import torch

from piqa_cli.models.catalogue import spec_of
from piqa_cli.models.dn_piqa_mini.views import mini_views
from piqa_cli.records import Box, Capture, Failed
from piqa_cli.score import networks
from piqa_cli.score.engine import Job
from piqa_cli.score.front import FaceSearch
from piqa_cli.score.front_process import FrontModel, FrontPlan, prepare_capture
from piqa_cli.score.local import LocalEngine
from piqa_cli.score.readers import Readers
from piqa_cli.score.run import score_by_models, score_captures
from piqa_cli.settings import ScoreSettings
from tests.fake_models import add_models

NAMES = ("dn-piqa-mini", "light", "dark", "twin")


@pytest.fixture
def scoring(monkeypatch, tmp_path, captures, one_thread):
    """Four captures, and settings of four models that are kept nowhere."""
    add_models(monkeypatch, tmp_path / "weights", light=1, dark=-1)
    files = sorted(captures.rglob("take_1.png"))
    found = [
        Capture(f.name + f.parent.name + f.parts[-3], f, f.parts[-3], f.parts[-2]) for f in files
    ]
    settings = [ScoreSettings(model=name, use_cache=False) for name in NAMES]
    return found, settings


def scores(findings):
    return [result.score for result in findings.results]


@pytest.fixture
def counted(monkeypatch):
    """Counts readings."""
    calls = {"read": 0}
    real = Readers.submit

    def counting(*args, **named):
        calls["read"] += 1
        return real(*args, **named)

    monkeypatch.setattr(Readers, "submit", counting)
    return calls


def test_every_capture_is_read_and_searched_once_for_all_models(scoring, counted):
    captures, settings = scoring
    found = score_by_models(captures, settings)
    assert counted == {"read": len(captures)}
    assert [one.source.name for one in found] == list(NAMES)
    assert scores(found[0]) == scores(found[3])
    assert scores(found[1]) == [-score for score in scores(found[2])]
    read = [{t.path for t in one.timings if t.stage == "read"} for one in found]
    assert [len(paths) for paths in read] == [len(captures), 0, 0, 0]


def test_one_search_serves_all_models(scoring, monkeypatch):
    searches = []
    real = FaceSearch._search
    monkeypatch.setattr(
        FaceSearch, "_search", lambda self, photo: searches.append(photo) or real(self, photo)
    )
    models = {name: FrontModel(replace(spec_of("twin"), name=name), mini_views) for name in NAMES}
    plan = FrontPlan("several", models, 1350, "refuse", "confident")
    done = prepare_capture(plan, Job(scoring[0][0], NAMES))
    assert len(searches) == 1
    assert [part.model for part in done.parts] == list(NAMES)
    assert [list(part.seconds) for part in done.parts] == [
        ["read", "pictures", "face", "views"],
        *[["face", "views"]] * 3,
    ]


def test_each_model_scores_as_it_would_alone(scoring):
    captures, settings = scoring
    for one, alone in zip(score_by_models(captures, settings), settings, strict=True):
        by_itself = score_captures(captures, alone)
        assert one.results == by_itself.results
        assert (one.recipe, one.fingerprints) == (by_itself.recipe, by_itself.fingerprints)
        assert by_itself.hardware == {"compute": "cpu", "threads": 1}
        assert one.hardware == by_itself.hardware | {"networks": "side by side"}


@pytest.mark.parametrize("room_bytes", [1, 1 << 30])
def test_models_that_do_not_fit_together_score_in_turn(scoring, monkeypatch, room_bytes):
    captures, settings = scoring
    beside = score_by_models(captures, settings)
    loaded = []
    start = LocalEngine._start

    def watched(engine, batch):
        for started in start(engine, batch):
            loaded.append([s.is_loaded for s in engine._networks._scorers.values()].count(True))
            yield started

    monkeypatch.setattr(LocalEngine, "_start", watched)
    monkeypatch.setattr(networks, "_room", lambda *_: room_bytes)
    in_turn = score_by_models(captures, settings)
    assert [scores(one) for one in in_turn] == [scores(one) for one in beside]
    assert in_turn[0].hardware["networks"] == "in turn"
    chunks = 1 if room_bytes > 1 else len(captures)
    assert loaded == [1] * (chunks * len(NAMES))


def test_memory_decides(scoring, monkeypatch):
    models = [networks.WeightedModel(None, type("B", (), {"path": scoring[0][0].file}))] * 2
    cpu = torch.device("cpu")
    monkeypatch.setattr(networks, "free_memory_bytes", lambda: 32 << 30)
    assert networks._room(models, cpu, 16) == 0
    assert networks._room(models, cpu, 64) == networks._LEAST_VIEWS_BYTES
    monkeypatch.setattr(networks, "free_memory_bytes", lambda: 1 << 30)
    assert networks._room(models[:1], cpu, 1) == 0
    assert networks._room(models, cpu, 1) == networks._LEAST_VIEWS_BYTES


def test_a_capture_that_one_model_cannot_score_keeps_the_others(scoring, monkeypatch):
    from piqa_cli.models.catalogue import MODELS

    captures, settings = scoring
    large = replace(MODELS["light"], spec=replace(MODELS["light"].spec, min_side_px=500))
    monkeypatch.setitem(MODELS, "light", large)
    mini, light, *_ = score_by_models(captures, settings)
    assert not any(isinstance(result, Failed) for result in mini.results)
    assert {result.reason for result in light.results} == {
        "shorter side is 96 px, light needs at least 500 px"
    }


def test_what_one_model_knows_only_the_other_scores(scoring, counted):
    captures, settings = scoring
    kept = [replace(one, use_cache=True) for one in settings]
    score_captures(captures, kept[1])
    before = dict(counted)
    mini, light = score_by_models(captures, [kept[0], kept[1]])
    assert (mini.reused, light.reused) == (0, len(captures))
    assert counted["read"] - before["read"] == len(captures)
    assert score_by_models(captures, kept[:2])[0].hardware == {}


def test_equal_files_keep_their_own_given_faces_with_a_model_that_looks_at_none(scoring):
    captures, settings = scoring
    boxes = Box(0, 0, 20, 20), Box(5, 5, 40, 40)
    twins = [
        replace(captures[0], path=name, face_source="given", given_face=box)
        for name, box in zip("ab", boxes, strict=True)
    ]
    found = score_captures(twins, settings[1])
    assert tuple(result.face.box for result in found.results) == boxes
    assert len(set(scores(found))) == 1
