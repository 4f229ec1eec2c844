import sqlite3
from pathlib import Path

import pytest

from piqa_cli.errors import PiqaError
from piqa_cli.records import Box, Capture, Exif, Face, PhotoFacts, Prediction, Scored
from piqa_cli.score.cache import ScoreCache

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


def test_what_was_put_comes_back_equal(tmp_path):
    item = scored(0.1 + 0.2, Box(1.5, 2, 3, 4.25))
    with ScoreCache(tmp_path / "deep" / "scores.sqlite") as cache:
        cache.put("key", item)
    with ScoreCache(tmp_path / "deep" / "scores.sqlite") as cache:
        assert cache.get(["key", "other"]) == {"key": item}


def test_no_face_stays_no_face(tmp_path):
    with ScoreCache(tmp_path / "s.sqlite") as cache:
        cache.put("key", scored(1.0))
        assert cache.get(["key"])["key"].face.box is None


def test_many_keys_are_found_in_one_call(tmp_path):
    with ScoreCache(tmp_path / "s.sqlite") as cache:
        for number in range(1203):
            cache.put(str(number), scored(float(number)))
        found = cache.get(str(number) for number in range(1300))
    assert len(found) == 1203
    assert found["1202"].prediction.score == 1202.0


def test_two_runs_may_write_at_once(tmp_path):
    with ScoreCache(tmp_path / "s.sqlite") as one, ScoreCache(tmp_path / "s.sqlite") as two:
        one.put("a", scored(1.0))
        two.put("b", scored(2.0))
        assert set(one.get(["a", "b"])) == {"a", "b"}


def test_a_damaged_file_is_named_with_the_way_out(tmp_path):
    file = tmp_path / "s.sqlite"
    file.write_bytes(b"this is no database at all, but long enough to look like one" * 99)
    with pytest.raises(PiqaError, match=r"s\.sqlite can't be used .*: .*delete the file") as caught:
        ScoreCache(file)
    assert caught.value.exit_code == 3


def test_a_damaged_row_is_made_again(tmp_path):
    with ScoreCache(tmp_path / "s.sqlite") as cache:
        cache.put("good", scored(1.0))
        cache.put("bad", scored(2.0))
    with sqlite3.connect(tmp_path / "s.sqlite") as db:
        (table,) = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchone()
        db.execute(f"UPDATE {table} SET row = '{{' WHERE fingerprint = 'bad'")
    with ScoreCache(tmp_path / "s.sqlite") as cache:
        assert set(cache.get(["good", "bad"])) == {"good"}
