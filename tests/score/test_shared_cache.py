"""Machines that share scores: what one has scored, no other scores again."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest

from piqa_cli.score.cache import Origin
from piqa_cli.score.cache_rows import SHAPE
from piqa_cli.score.shared_cache import SharedCache
from tests.fake_models import add_models
from tests.runs.samples import scored


@pytest.fixture(autouse=True)
def models(monkeypatch, tmp_path, one_thread):
    add_models(monkeypatch, tmp_path / "weights", light=1, dark=-1)


@pytest.fixture
def machine(monkeypatch, tmp_path, piqa):
    """Calls a command on a machine with a cache of its own: machine("a", "rank", folder)."""

    def call(name, *words):
        monkeypatch.setenv("PIQA_CACHE", str(tmp_path / "cache" / name))
        result = piqa(*words, "--json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    return call


@pytest.fixture
def shared(tmp_path):
    return f"file://{tmp_path}/shared"


def reused(run):
    return json.loads((run / "run.json").read_text())["counts"]["reused"]


def test_a_second_machine_scores_nothing(machine, captures, shared, tmp_path, monkeypatch):
    models = ("--model", "light", "--model", "dark", "--shared-cache", shared)
    machine("a", "rank", captures, "-o", tmp_path / "a", *models)
    assert reused(tmp_path / "a") == 0
    files = sorted((tmp_path / "shared").rglob("*.json"))
    assert len(files) == 16
    key = files[0].name
    assert files[0].parent == tmp_path / "shared" / f"scores-{SHAPE}" / key[:2] / key[2:4]
    assert files[0].name.endswith(".cpu.json")

    monkeypatch.setattr("piqa_cli.score.run.start_local", None)  # would end the run
    monkeypatch.setattr("piqa_cli.pipeline.start_local", None)
    machine("b", "rank", captures, "-o", tmp_path / "b", *models)
    assert reused(tmp_path / "b") == 8
    shutil.rmtree(tmp_path / "shared")  # what was taken from there is kept here
    machine("b", "rank", captures, "-o", tmp_path / "c", *models)
    assert reused(tmp_path / "c") == 8


def test_shards_fill_the_cache_of_all(machine, captures, tmp_path):
    more = ("--model", "light", "--shared-cache", tmp_path / "shared")
    for number in ("1", "2"):
        words = ("--shard", f"{number}/2", "-o", tmp_path / "parts" / number)
        assert machine(number, "score", captures, *words, *more)["reused"] == 0
    machine("c", "rank", captures, "-o", tmp_path / "run", *more)
    assert reused(tmp_path / "run") == 8


def test_machines_write_at_the_same_time(shared):
    keys = [f"{number:064x}" for number in range(40)]
    result = scored("Bar", "Aster", 1.5)
    machines = [SharedCache(shared) for _ in range(3)]

    def write(cache):
        for key in keys:
            cache.put(key, result, Origin("light", "cpu", "1"))
        cache.close()

    with ThreadPoolExecutor(3) as threads:
        list(threads.map(write, machines))
    found = SharedCache(shared).get(keys)
    assert [found[key].scored.prediction.score for key in keys] == [1.5] * 40


def test_damaged_objects_are_made_again(machine, captures, shared, tmp_path):
    words = ("rank", captures, "--model", "light", "--shared-cache", shared)
    machine("a", *words, "-o", tmp_path / "a")
    first, second, *_ = files = sorted((tmp_path / "shared").rglob("*.json"))
    whole = first.read_bytes()
    first.write_bytes(whole[:40])
    second.write_bytes(second.read_bytes().replace(b'"seal": "', b'"seal": "0'))
    machine("b", *words, "-o", tmp_path / "b")
    assert reused(tmp_path / "b") == len(files) - 2
    assert first.read_bytes() == whole


def test_scores_of_another_processor_count_only_where_any_will_do(machine, captures, tmp_path):
    shared = tmp_path / "shared"
    words = ("rank", captures, "--model", "light", "--shared-cache", shared)
    machine("a", *words, "-o", tmp_path / "a")
    for file in shared.rglob("*.json"):
        file.rename(file.with_name(file.name.replace(".cpu.", ".cuda.")))
    machine("b", *words, "-o", tmp_path / "b", "--compute", "cpu")
    assert reused(tmp_path / "b") == 0
    machine("c", *words, "-o", tmp_path / "c")
    assert reused(tmp_path / "c") == 8


def test_a_cache_that_cannot_be_used_is_one_line(piqa, captures, tmp_path):
    (tmp_path / "file").write_text("")
    result = piqa("rank", captures, "--model", "light", "--shared-cache", tmp_path / "file")
    assert result.exit_code == 3
    (line,) = result.stderr.strip().splitlines()
    assert f"shared score cache {tmp_path}/file can't be used (File exists)" in line


def test_a_cache_that_fails_meanwhile_is_a_warning(piqa, captures, tmp_path, monkeypatch):
    def full(file, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("piqa_cli.score.shared_cache.write_whole", full)
    words = ("--model", "light", "--shared-cache", tmp_path / "shared", "-o", tmp_path / "run")
    result = piqa("rank", captures, *words)
    assert result.exit_code == 0, result.output
    warnings = json.loads((tmp_path / "run" / "run.json").read_text())["warnings"]
    (line,) = [text for text in warnings if "shared" in str(text)]
    assert "scores of this run aren't shared" in str(line)
    assert "No space left on device" in str(line)
