import signal
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from piqa_cli.errors import PiqaError
from piqa_cli.records import Box, Capture, Exif, Face, PhotoFacts, Prediction, Scored
from piqa_cli.score.cache import Kept, Origin, ScoreCache
from piqa_cli.score.cache_file import identity, set_aside
from piqa_cli.score.cache_rows import encode, seal
from piqa_cli.score.cache_upkeep import cache_info

ON_CPU = Origin("dn-piqa-mini", "cpu", "exif-1")

FACTS = PhotoFacts(
    sha256="ab" * 32,
    bytes=123,
    format="jpeg",
    decoder="pillow 1",
    width_px=8,
    height_px=6,
    working_width_px=4,
    working_height_px=3,
    bit_depth=8,
    icc_profile=None,
    has_gain_map=False,
    exif=Exif(make="Ünï", iso=50.0),
)


def scored(score: float, box: Box | None = None) -> Scored:
    return Scored(
        capture=Capture("", Path(), "", ""),
        facts=FACTS,
        face=Face(box, 0.5, 1, "detect"),
        prediction=Prediction(score, (score,), {"liqe_scene": "human"}),
    )


def cache_in(folder: Path, **options) -> ScoreCache:
    return ScoreCache(folder / "scores.sqlite", **options)


def test_what_was_put_comes_back_equal(tmp_path):
    item = scored(0.1 + 0.2, Box(1.5, 2, 3, 4.25))
    with cache_in(tmp_path / "deep") as cache:
        cache.put("key", item, ON_CPU)
    with cache_in(tmp_path / "deep") as cache:
        assert cache.get(["key", "other"]) == {"key": Kept(item, ON_CPU)}


def test_no_face_stays_no_face(tmp_path):
    with cache_in(tmp_path) as cache:
        cache.put("key", scored(1.0), ON_CPU)
        assert cache.get(["key"])["key"].scored.face.box is None


def test_many_keys_are_found_in_one_call(tmp_path):
    with cache_in(tmp_path) as cache:
        for number in range(1203):
            cache.put(str(number), scored(float(number)), ON_CPU)
        found = cache.get(str(number) for number in range(1300))
    assert len(found) == 1203
    assert found["1202"].scored.prediction.score == 1202.0


def test_a_score_made_on_another_processor_counts_unless_one_is_asked_for(tmp_path):
    on_gpu = Origin("dn-piqa-mini", "cuda", "exif-1")
    with cache_in(tmp_path) as cache:
        cache.put("key", scored(1.0), ON_CPU)
        assert cache.get(["key"], processor="cuda") == {}
        cache.put("key", scored(1.00001), on_gpu)
        assert cache.get(["key"], processor="cpu") == {"key": Kept(scored(1.0), ON_CPU)}
        assert cache.get(["key"]) == {"key": Kept(scored(1.00001), on_gpu)}


def test_a_damaged_file_is_set_aside(tmp_path):
    file = tmp_path / "scores.sqlite"
    file.write_bytes(b"this is no database at all, but long enough to look like one" * 99)
    with ScoreCache(file) as cache:
        cache.put("key", scored(1.0), ON_CPU)
        assert set(cache.get(["key"])) == {"key"}
    assert cache.warnings == [
        "the score cache was damaged: it was set aside as scores.damaged.sqlite, a new one was "
        "begun"
    ]
    assert (tmp_path / "scores.damaged.sqlite").read_bytes().startswith(b"this is no database")


def test_a_file_that_breaks_while_it_is_used_is_set_aside(tmp_path):
    with cache_in(tmp_path) as cache:
        for number in range(200):
            cache.put(str(number), scored(float(number)), ON_CPU)
    file = tmp_path / "scores.sqlite"
    whole = file.read_bytes()
    file.write_bytes(whole[:8192] + b"\xff" * (len(whole) - 8192))
    with cache_in(tmp_path) as cache:
        assert cache.get(map(str, range(200))) == {}
        cache.put("new", scored(1.0), ON_CPU)
        assert set(cache.get(["new"])) == {"new"}
    assert len(cache.warnings) == 1


def test_a_file_that_another_run_set_aside_first_is_left_to_it(tmp_path):
    file = tmp_path / "scores.sqlite"
    file.write_bytes(b"the new file of the other run")
    aside = set_aside(file, seen=identity(file) + 1)
    assert (file.exists(), aside.exists()) == (True, False)


def test_a_cache_that_cannot_be_used_is_named_with_the_way_out(tmp_path):
    (tmp_path / "scores.sqlite").mkdir()
    with pytest.raises(PiqaError) as caught:
        cache_in(tmp_path)
    assert str(caught.value) == (
        f"score cache {tmp_path / 'scores.sqlite'} can't be used (unable to open database file): "
        "name another folder with PIQA_CACHE, or run with --fresh"
    )


def test_a_cache_of_a_newer_version_is_left_alone(tmp_path):
    with sqlite3.connect(tmp_path / "scores.sqlite") as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(PiqaError, match="was made by a newer piqa-cli: name another folder"):
        cache_in(tmp_path)


def test_the_first_tables_make_room(tmp_path):
    with sqlite3.connect(tmp_path / "scores.sqlite") as db:
        db.execute("CREATE TABLE scores_0123456789ab (fingerprint TEXT PRIMARY KEY, row TEXT)")
    with cache_in(tmp_path) as cache:
        cache.put("key", scored(1.0), ON_CPU)
        assert set(cache.get(["key"])) == {"key"}


@pytest.mark.parametrize("change", ["row = '{'", "row = replace(row, '2.0', '2.5')"])
def test_a_damaged_row_is_made_again(tmp_path, change):
    with cache_in(tmp_path) as cache:
        cache.put("good", scored(1.0), ON_CPU)
        cache.put("bad", scored(2.0), ON_CPU)
    with sqlite3.connect(tmp_path / "scores.sqlite") as db:
        db.execute(f"UPDATE scores SET {change} WHERE fingerprint = 'bad'")
    with cache_in(tmp_path) as cache:
        assert set(cache.get(["good", "bad"])) == {"good"}


def test_beyond_the_limit_what_was_used_longest_ago_goes(tmp_path):
    now = [0]
    with cache_in(tmp_path, clock=lambda: now[0]) as cache:
        for number in range(300):
            now[0] = number
            cache.put(str(number), scored(float(number)), ON_CPU)
        now[0] = 10_000
        cache.get(["0", "1"])  # the oldest, but used again
    full = cache_info(tmp_path / "scores.sqlite").size_bytes
    with cache_in(tmp_path, limit_bytes=full // 2, clock=lambda: now[0]) as cache:
        cache.put("new", scored(1.0), ON_CPU)
    with cache_in(tmp_path) as cache:
        left = set(cache.get([*map(str, range(300)), "new"]))
    assert {"0", "1", "new", "299", "298"} <= left
    assert not left & {str(number) for number in range(2, 150)}
    assert cache_info(tmp_path / "scores.sqlite").size_bytes <= full // 2


WRITER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from test_cache import ON_CPU, cache_in, scored
sys.stdin.readline()
with cache_in(Path(sys.argv[2]), limit_bytes=10**9) as cache:
    for number in range(300):
        cache.put(f"{sys.argv[3]} {number}", scored(float(number)), ON_CPU)
        assert len(cache.get([f"one {number}", f"two {number}"])) >= 1
print(cache.warnings)
"""


def test_two_processes_make_and_fill_one_cache(tmp_path):
    here = Path(__file__).parent
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, here, tmp_path, name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in ("one", "two")
    ]
    for writer in writers:
        writer.stdin.write("go\n")
        writer.stdin.flush()
    assert [writer.communicate(timeout=60) for writer in writers] == [("[]\n", "")] * 2
    with cache_in(tmp_path) as cache:
        assert len(cache.get(f"{name} {n}" for name in ("one", "two") for n in range(300))) == 600


DIER = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from test_cache import ON_CPU, cache_in, scored
cache = cache_in(Path(sys.argv[2]))
for number in range(50):
    cache.put(str(number), scored(float(number)), ON_CPU)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_was_put_before_a_kill_is_kept(tmp_path):
    command = [sys.executable, "-c", DIER, Path(__file__).parent, tmp_path]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    with cache_in(tmp_path) as cache:
        assert len(cache.get(map(str, range(50)))) == 50


def test_a_row_from_before_pixels_were_hashed_still_counts(tmp_path):
    """A field that came later is null, and no score is made again for it."""
    hashed = replace(scored(1.0), facts=replace(FACTS, pixels_sha256="cd" * 32))
    with cache_in(tmp_path) as cache:
        cache.put("new", hashed, ON_CPU)
        row = encode(hashed).replace(f', "pixels_sha256": "{"cd" * 32}"', "")
        assert "pixels_sha256" not in row
    with sqlite3.connect(tmp_path / "scores.sqlite") as db:
        db.execute(
            "INSERT INTO scores SELECT 'old', shape, processor, model, exif_version, ?, ?, used_at "
            "FROM scores",
            (row, seal("old", row)),
        )
    with cache_in(tmp_path) as cache:
        kept = cache.get(["new", "old"])
    assert kept["new"].scored == hashed
    assert kept["old"].scored == scored(1.0)
