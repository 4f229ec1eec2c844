"""Scores that a run takes from the cache, those that it makes again, and the cost."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from PIL import Image

from piqa_cli.read.exif import EXIF_VERSION
from piqa_cli.records import Exif
from piqa_cli.resources import cache_file
from piqa_cli.runs.table_set import load_run
from piqa_cli.score.cache import Kept, Origin, ScoreCache
from tests.cpu_time import cpu_of, cpu_of_imports

WARM_CAPTURES = 30
# Of the time that importing the libraries takes.
WARM_CPU = 0.02  # a capture
START_CPU = 3.0  # of the program, whatever the number of captures


def ranked(piqa, captures, out, *args, code=0):
    result = piqa("rank", captures, "-o", out, "--quiet", *args)
    assert result.exit_code == code, result.output
    return load_run(out)


def kept(run):
    """Rows of the cache for a run's captures, by path."""
    keys = {row.path: row.fingerprint for row in run.tables.captures}
    with ScoreCache(cache_file()) as cache:
        found = cache.get(filter(None, keys.values()))
    return {path: found[key] for path, key in keys.items() if key in found}


def keep(run, change):
    """Changes what the cache knows of a run's captures."""
    keys = {row.path: row.fingerprint for row in run.tables.captures}
    items = kept(run)
    with ScoreCache(cache_file()) as cache:
        for path, item in items.items():
            changed = change(item)
            cache.put(keys[path], changed.scored, changed.origin)


def doubled(item):
    prediction = replace(item.scored.prediction, score=2 * item.scored.prediction.score)
    return Kept(replace(item.scored, prediction=prediction), item.origin)


def test_fresh_reads_nothing_from_the_cache_and_still_writes(piqa, captures, known, tmp_path):
    first = ranked(piqa, captures, tmp_path / "run")
    before = kept(first)
    assert len(before) == 8
    keep(first, doubled)
    again = ranked(piqa, captures, tmp_path / "run", "--fresh")
    assert again.info["counts"]["reused"] == 0
    assert again.tables.captures == first.tables.captures
    assert kept(first) == before


def test_fresh_works_without_a_usable_cache(piqa, captures, tmp_path):
    cache_file().mkdir(parents=True)
    assert "can't be used" in piqa("rank", captures, "-o", tmp_path / "run").stderr
    run = ranked(piqa, captures, tmp_path / "run", "--fresh")
    (warning,) = (line for line in run.info["warnings"] if "cache" in line)
    assert warning.startswith("scores of this run aren't kept: score cache ")


def test_a_damaged_cache_costs_time_and_a_warning(piqa, captures, known, tmp_path):
    first = ranked(piqa, captures, tmp_path / "run")
    cache_file().write_bytes(b"\0" * 50_000)
    again = ranked(piqa, captures, tmp_path / "run")
    assert again.tables.captures == first.tables.captures
    assert again.info["counts"]["reused"] == 0
    assert [line for line in again.info["warnings"] if "cache" in line] == [
        "the score cache was damaged: it was set aside as scores.damaged.sqlite, a new one was "
        "begun"
    ]
    assert ranked(piqa, captures, tmp_path / "run").info["counts"]["reused"] == 8


def test_failed_captures_are_tried_again(piqa, captures, known, tmp_path):
    bad = captures / "Bar" / "Aster" / "take_3.png"
    bad.write_bytes((captures / "Bar" / "Aster" / "take_1.png").read_bytes()[:900])
    for _ in range(2):  # it isn't the second time that it is left out
        run = ranked(piqa, captures, tmp_path / "run", code=5)
        (row,) = (row for row in run.tables.captures if row.status == "failed")
        assert (row.path, row.stage) == ("Bar/Aster/take_3.png", "read")
    Image.new("RGB", (128, 96), "teal").save(bad)
    run = ranked(piqa, captures, tmp_path / "run")
    assert run.info["counts"] | {"ok": 9, "failed": 0, "reused": 8} == run.info["counts"]


def test_exif_of_an_older_reader_is_read_again_without_scoring(piqa, captures, known, tmp_path):
    camera = captures / "Bar" / "Aster" / "camera.jpg"
    exif = Image.Exif()
    exif[0x010F] = "Kestrin"
    Image.new("RGB", (128, 96), "teal").save(camera, exif=exif)
    first = ranked(piqa, captures, tmp_path / "run")
    before = kept(first)

    def as_an_older_reader_would(item):
        facts = replace(item.scored.facts, exif=Exif(make="misread"))
        origin = Origin(item.origin.model, item.origin.processor, "exif-0")
        return Kept(replace(item.scored, facts=facts), origin)

    keep(first, as_an_older_reader_would)
    again = ranked(piqa, captures, tmp_path / "run")
    assert again.tables.captures == first.tables.captures
    assert (again.info["counts"]["reused"], again.tables.timings) == (9, [])
    assert kept(first) == before
    assert before["Bar/Aster/camera.jpg"].origin.exif_version == EXIF_VERSION


def test_a_processor_that_is_asked_for_makes_its_own_scores(piqa, captures, known, tmp_path):
    ranked(piqa, captures, tmp_path / "run")
    with closing(sqlite3.connect(cache_file(), isolation_level=None)) as db:
        db.execute("UPDATE scores SET processor = 'cuda'")
    reused = [
        ranked(piqa, captures, tmp_path / "run", "--compute", compute).info["counts"]["reused"]
        for compute in ("auto", "cpu", "cpu")
    ]
    assert reused == [8, 0, 8]


def test_a_warm_run_costs_next_to_nothing(piqa, captures, tmp_path, texture):
    rows = [
        "path,scene,device,face_x0,face_y0,face_x1,face_y1"
    ]  # a blank box: no face, no detector; warm, all is equal
    for number in range(WARM_CAPTURES):
        Image.fromarray(texture(number)).save(captures / f"{number}.png")
        rows.append(f"{number}.png,scene {number % 5},device {number % 4},,,,")
    manifest = captures / "list.csv"
    manifest.write_text("\n".join(rows))
    run = tmp_path / "run"
    command = ["rank", "-q", "-o", run, "--manifest", manifest]
    assert piqa(*command).exit_code == 0
    cpu_s = cpu_of("-m", "piqa_cli", *command)
    assert load_run(run).info["counts"]["reused"] == WARM_CAPTURES
    assert cpu_s <= (START_CPU + WARM_CPU * WARM_CAPTURES) * cpu_of_imports()


@pytest.mark.parametrize("limit", ["nonsense", "-1"])
def test_a_limit_that_is_none_stops_the_run(piqa, captures, tmp_path, monkeypatch, limit):
    monkeypatch.setenv("PIQA_CACHE_LIMIT", limit)
    result = piqa("rank", captures, "-o", tmp_path / "run")
    assert result.exit_code == 2
    assert f"PIQA_CACHE_LIMIT {limit!r}: give a size such as 500MB or 2GiB" in result.stderr
