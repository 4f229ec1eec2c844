import sqlite3
import sys
from pathlib import Path

import pytest

from piqa_cli.errors import UsageError
from piqa_cli.score.cache import Origin, ScoreCache
from piqa_cli.score.cache_size import bytes_of, limit_bytes, written
from piqa_cli.score.cache_upkeep import CacheInfo, ModelUse, Pruned, PruneRules, cache_info, prune

sys.path.insert(0, str(Path(__file__).parent))
from test_cache import scored


@pytest.fixture
def file(tmp_path):
    """Ten scores of dn-piqa-mini used at 100..109 s, two of dn-piqa used at 50 and 51 s."""
    now = [0]
    with ScoreCache(tmp_path / "scores.sqlite", clock=lambda: now[0]) as cache:
        for time_s in (*range(100, 110), 50, 51):
            now[0] = time_s
            model = "dn-piqa" if time_s < 100 else "dn-piqa-mini"
            cache.put(str(time_s), scored(1.0), Origin(model, "cpu", "exif-1"))
    return tmp_path / "scores.sqlite"


def keys(file):
    with sqlite3.connect(file) as db:
        return {int(key) for (key,) in db.execute("SELECT fingerprint FROM scores")}


def test_info_counts_by_model(file):
    info = cache_info(file)
    assert info.models == (ModelUse("dn-piqa", 2, 50, 51), ModelUse("dn-piqa-mini", 10, 100, 109))
    assert info.scores == 12
    assert info.size_bytes >= file.stat().st_size


def test_no_cache_is_an_empty_cache(tmp_path):
    assert cache_info(tmp_path / "scores.sqlite") == CacheInfo(0, ())
    assert prune(tmp_path / "scores.sqlite", PruneRules(everything=True)) == Pruned(0, 0, 0)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("rules", "left"),
    [
        (PruneRules(model="dn-piqa"), set(range(100, 110))),
        (PruneRules(unused_since_s=105), set(range(105, 110))),
        (PruneRules(model="dn-piqa", unused_since_s=51), {51, *range(100, 110)}),
        (PruneRules(everything=True), set()),
        (PruneRules(max_bytes=10**9), {50, 51, *range(100, 110)}),
        (PruneRules(max_bytes=0), set()),
    ],
)
def test_rules_say_what_goes(file, rules, left):
    told = prune(file, rules)
    assert keys(file) == left
    assert (told.forgotten, told.kept) == (12 - len(left), len(left))


def test_a_dry_run_tells_the_same_and_forgets_nothing(file):
    rules = PruneRules(unused_since_s=105)
    told = prune(file, rules, dry_run=True)
    assert len(keys(file)) == 12
    assert prune(file, rules) == told == Pruned(7, 5, told.freed_bytes)


def test_a_size_takes_what_was_used_longest_ago_and_gives_back_the_disk(tmp_path):
    now = [0]
    file = tmp_path / "scores.sqlite"
    with ScoreCache(file, clock=lambda: now[0]) as cache:
        for time_s in range(400):
            now[0] = time_s
            cache.put(str(time_s), scored(1.0), Origin("dn-piqa", "cpu", "exif-1"))
    told = prune(file, PruneRules(max_bytes=200_000))
    assert keys(file) == set(range(told.forgotten, 400))
    assert 100_000 < cache_info(file).size_bytes <= 200_000
    assert told.freed_bytes > 100_000


@pytest.mark.parametrize(
    ("text", "size"),
    [("1000", 1000), ("500MB", 500_000_000), ("2 GiB", 2 << 30), ("1.5kB", 1500), ("0", 0)],
)
def test_sizes_are_read_as_people_write_them(text, size):
    assert bytes_of(text, name="--max-size") == size


@pytest.mark.parametrize("text", ["", "lots", "5 parsecs", "-1", "1e3"])
def test_what_is_no_size_is_named(text):
    with pytest.raises(UsageError, match=r"--max-size .*: give a size such as 500MB or 2GiB"):
        bytes_of(text, name="--max-size")


def test_the_limit_is_two_gigabytes_unless_the_environment_says_otherwise(monkeypatch):
    monkeypatch.delenv("PIQA_CACHE_LIMIT", raising=False)
    assert limit_bytes() == 2_000_000_000
    monkeypatch.setenv("PIQA_CACHE_LIMIT", "10MB")
    assert limit_bytes() == 10_000_000


def test_sizes_are_written_in_three_figures():
    assert [written(n) for n in (12, 3_210, 45_678_901, 2_000_000_000)] == [
        "12 B",
        "3.21 kB",
        "45.7 MB",
        "2 GB",
    ]
