"""Scores of very large runs on disk: the same run as from memory, and no file is left."""

import gc
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from piqa_cli.records import Exif, FaceCandidate, on_demand
from piqa_cli.resources import cache_file
from piqa_cli.score import outcome_store
from piqa_cli.score.cache_rows import NOBODY
from piqa_cli.score.outcome_store import ScoresOnDisk, room_for_scores
from tests.fake_models import add_models
from tests.runs.samples import scored

HAS_PROC = Path("/proc/self/fd").is_dir()


def open_files():
    """Files of the cache's folder that this process holds open."""
    gc.collect()
    held = []
    for link in Path("/proc/self/fd").iterdir():
        if link.is_symlink() and str(cache_file().parent) in (target := str(link.readlink())):
            held.append(target)
    return held


def full_score():
    one = scored("Bar", "Aster", 2.5)
    exif = Exif(make="Aster", iso=100.0, captured_at="2026-01-01T00:00:00.5")
    return replace(
        one,
        facts=replace(one.facts, exif=exif, warnings=("odd",), pixels_sha256="ab"),
        face=replace(one.face, candidates=(FaceCandidate(one.face.box, 0.5),), match="same"),
        prediction=replace(one.prediction, explanation={"fault_costs": [0.5, 0.25]}),
        warning="look",
    )


def test_a_score_comes_back_whole_with_a_blank_capture():
    store = ScoresOnDisk()
    first, second = full_score(), scored("Bar", "Birch", 1.0)
    store.update(a=first, b=second)
    assert store["a"] == replace(first, capture=NOBODY)
    store["a"] = second
    assert store["a"] == store["b"] == replace(second, capture=NOBODY)
    assert (list(store), len(store), "c" in store) == (["a", "b"], 2, False)
    del store["a"]
    with pytest.raises(KeyError):
        store["a"]


def test_only_large_runs_need_the_disk(monkeypatch):
    monkeypatch.setattr(on_demand, "IN_MEMORY", 10)
    assert room_for_scores(10) == {}
    assert isinstance(room_for_scores(11), ScoresOnDisk)


@pytest.mark.skipif(not HAS_PROC, reason="open files are listed on Linux")
def test_its_file_has_no_name_and_goes_with_it():
    store = ScoresOnDisk()
    store["a"] = full_score()
    assert len(open_files()) == 1
    assert list(cache_file().parent.iterdir()) == []
    del store
    assert open_files() == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a disk that is full")
def test_a_full_disk_leaves_scores_in_memory(monkeypatch):
    store = ScoresOnDisk()
    store["a"] = full_score()
    with Path("/dev/full").open("r+b", buffering=0) as full, monkeypatch.context() as patch:
        patch.setattr(store._file, "_file", full)
        store["b"] = scored("Bar", "Birch", 1.0)
    store["c"] = scored("Bar", "Cedar", 3.0)
    assert [store[key].score for key in "abc"] == [2.5, 1.0, 3.0]


def test_where_the_cache_cannot_be_another_place_takes_the_file(tmp_path, monkeypatch):
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("PIQA_CACHE", str(tmp_path / "file"))
    store = ScoresOnDisk()
    store["a"] = full_score()
    assert store["a"].score == 2.5


@pytest.fixture
def several(captures, monkeypatch, tmp_path, one_thread):
    """Captures with a failure, a copy and another file; options of three models."""
    add_models(monkeypatch, tmp_path / "weights", light=1, dark=-1)
    (captures / "Bar" / "Birch" / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nno more")
    (captures / "Park" / "notes.txt").write_text("tripod")
    picture = Image.open(captures / "Bar" / "Aster" / "take_1.png")
    picture.save(captures / "Bar" / "Aster" / "copy.png", compress_level=1)
    models = [word for name in ("dn-piqa-mini", "light", "dark") for word in ("--model", name)]
    return captures, [*models, "--combine", "rank", "--crops-mb", "1", "--csv"]


def files_of(run):
    """All files of a run but what tells times."""
    return {
        str(file.relative_to(run)): file.read_bytes()
        for file in run.rglob("*")
        if file.is_file() and file.stem not in ("timings", "run", ".run-lock")
    }


def test_a_run_from_disk_is_the_run_from_memory(piqa, several, tmp_path, monkeypatch):
    captures, words = several

    def rank(name, *more):
        result = piqa("rank", captures, "-o", tmp_path / name / "run", *words, *more)
        assert result.exit_code == 5, result.output
        return files_of(tmp_path / name / "run"), result.stdout.replace(str(tmp_path / name), "")

    ours, said = rank("memory", "--fresh")
    monkeypatch.setattr(on_demand, "IN_MEMORY", 0)
    theirs, said_of_them = rank("disk", "--fresh")
    all_known, _ = rank("known")
    for others in (theirs, all_known):
        assert sorted(ours) == sorted(others)
        assert [name for name in ours if ours[name] != others[name]] == []
    assert said == said_of_them
    assert any("crop" in name for name in ours)
    assert not HAS_PROC or open_files() == []


@pytest.mark.skipif(not HAS_PROC, reason="open files are listed on Linux")
def test_a_run_that_breaks_off_leaves_no_file(piqa, several, tmp_path, monkeypatch):
    captures, words = several
    monkeypatch.setattr(on_demand, "IN_MEMORY", 0)
    real, seen = outcome_store.ScoresOnDisk.__setitem__, []

    def stops(store, key, one):
        real(store, key, one)
        seen.append(open_files())
        if len(seen) == 5:
            raise KeyboardInterrupt

    monkeypatch.setattr(outcome_store.ScoresOnDisk, "__setitem__", stops)
    assert piqa("rank", captures, "-o", tmp_path / "run", *words).exit_code == 130
    assert len([file for file in seen[-1] if "deleted" in file]) == 3
    assert [file for file in open_files() if "deleted" in file] == []
