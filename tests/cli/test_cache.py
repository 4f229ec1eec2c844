"""The cache can be looked into and made smaller."""

import json

import pytest

from piqa_cli.provenance import unix_time_s
from piqa_cli.records import Capture, Exif, Face, PhotoFacts, Prediction, Scored
from piqa_cli.resources import cache_file
from piqa_cli.score.cache import Origin, ScoreCache

FACTS = PhotoFacts("ab" * 32, 1, "png", "pillow 1", 8, 6, 8, 6, 8, None, False, Exif())
DAY_S = 86_400


@pytest.fixture
def filled(piqa):
    """Three scores: dn-piqa used 100 days ago, dn-piqa-mini 10 and 0 days ago."""
    now = [0]
    with ScoreCache(cache_file(), clock=lambda: now[0]) as cache:
        for days, model in ((100, "dn-piqa"), (10, "dn-piqa-mini"), (0, "dn-piqa-mini")):
            now[0] = unix_time_s() - days * DAY_S
            capture = Capture("", cache_file(), "", "")
            item = Scored(capture, FACTS, Face(None, None, 0, "detect"), Prediction(1.0, (1.0,)))
            cache.put(f"{days} days", item, Origin(model, "cpu", "exif-1"))


def good(result):
    assert result.exit_code == 0, result.output
    return result.stdout


def refused(result):
    assert result.exit_code == 2, result.output
    return result.stderr


def test_info_of_no_cache(piqa):
    lines = good(piqa("cache", "info")).splitlines()
    assert lines[0] == f"cache   {cache_file()} (not there yet)"
    assert lines[1] == "size    0 B of at most 2 GB (PIQA_CACHE_LIMIT)"
    assert lines[2:] == ["scores  0"]


def test_info_counts_by_model(piqa, filled):
    lines = good(piqa("cache", "info")).splitlines()
    assert lines[2] == "scores  3"
    assert [line.split()[:2] for line in lines[-2:]] == [["dn-piqa", "1"], ["dn-piqa-mini", "2"]]


def test_info_for_machines(piqa, filled, monkeypatch):
    monkeypatch.setenv("PIQA_CACHE_LIMIT", "5MB")
    told = json.loads(good(piqa("cache", "info", "--json")))
    assert (told["file"], told["limit_bytes"], told["scores"]) == (str(cache_file()), 5_000_000, 3)
    mini = told["models"][1]
    assert mini["model"] == "dn-piqa-mini"
    assert mini["oldest_use"] < mini["newest_use"]
    assert mini["newest_use"].endswith("+00:00")


@pytest.mark.parametrize(
    ("choice", "forgotten"),
    [
        (["--older-than", "90d"], 1),
        (["--older-than", "1w"], 2),
        (["--older-than", "24h", "--model", "dn-piqa-mini"], 1),
        (["--model", "dn-piqa"], 1),
        (["--max-size", "1GB"], 0),
        (["--all"], 3),
    ],
)
def test_prune_forgets_what_it_is_told(piqa, filled, choice, forgotten):
    noun = "score" if forgotten == 1 else "scores"
    would = good(piqa("cache", "prune", *choice, "--dry-run"))
    assert would.startswith(f"{forgotten} {noun} would be forgotten (")
    did = good(piqa("cache", "prune", *choice))
    assert did == would.replace(" would be", "")
    assert did.endswith(f", {3 - forgotten} kept\n")
    assert json.loads(good(piqa("cache", "info", "--json")))["scores"] == 3 - forgotten


def test_prune_wants_to_be_told_what(piqa):
    assert "say what to forget: --older-than, --max-size" in refused(piqa("cache", "prune"))
    assert "--all forgets every score" in refused(piqa("cache", "prune", "--all", "-m", "dn-piqa"))
    assert "give hours, days or weeks" in refused(piqa("cache", "prune", "--older-than", "soon"))
    assert "give a size such as" in refused(piqa("cache", "prune", "--max-size", "big"))
    assert "leave --model out" in refused(piqa("cache", "prune", "--max-size", "1", "-m", "x"))


def test_prune_names_the_model_that_is_near(piqa, filled):
    said = refused(piqa("cache", "prune", "-m", "dn-pika"))
    assert "--model 'dn-pika': the cache has no such scores; did you mean 'dn-piqa'?" in said
    said = refused(piqa("cache", "prune", "-m", "zzz"))
    assert "known are 'bdvqa', " in said
    assert json.loads(good(piqa("cache", "info", "--json")))["scores"] == 3


def test_prune_of_a_known_model_without_scores_is_no_slip(piqa):
    assert good(piqa("cache", "prune", "-m", "dn-piqa")).startswith("0 scores forgotten")


def test_a_limit_that_is_none_is_named(piqa, monkeypatch):
    monkeypatch.setenv("PIQA_CACHE_LIMIT", "plenty")
    assert "PIQA_CACHE_LIMIT 'plenty': give a size" in refused(piqa("cache", "info"))
