"""Damaged captures from end to end: refused, or scored with a warning where that is asked for."""

import json

import pytest

from piqa_cli.runs.table_set import load_run

REASON = "damaged PNG: the checksum of a chunk IDAT doesn't fit its data"
NOTE = "damaged, scored all the same: the checksum of a chunk IDAT doesn't fit its data"

pytestmark = pytest.mark.usefixtures("known")


@pytest.fixture
def broken(captures):
    """A capture with one wrong byte among its pixels."""
    file = captures / "Bar" / "Aster" / "take_1.png"
    data = bytearray(file.read_bytes())
    data[data.index(b"IDAT") + 40] ^= 1
    file.write_bytes(data)
    return file


def row_of(piqa, captures, out, *options):
    result = piqa("rank", captures, "-o", out, *options)
    assert result.exit_code in (0, 5), result.output
    run = load_run(out)
    (row,) = (row for row in run.tables.captures if row.path == "Bar/Aster/take_1.png")
    return row, run.info


def test_a_damaged_capture_fails(piqa, captures, broken, tmp_path):
    row, info = row_of(piqa, captures, tmp_path / "run")
    assert (row.status, row.stage, row.reason) == ("failed", "read", REASON)
    assert row.score is None
    assert info["counts"]["failed"] == 1


def test_it_is_scored_with_a_warning_where_that_is_asked_for(piqa, captures, broken, tmp_path):
    row, info = row_of(piqa, captures, tmp_path / "run", "--damaged", "score")
    assert row.status == "ok"
    assert row.score is not None
    assert row.damage == NOTE.split(": ", 1)[1]
    assert row.warning == NOTE
    assert f"Bar/Aster/take_1.png: {NOTE}" in info["warnings"]
    whole = [other for other in load_run(tmp_path / "run").tables.captures if other != row]
    assert {other.damage for other in whole} == {None}


def test_its_kept_score_is_not_given_where_damage_is_refused(piqa, captures, broken, tmp_path):
    row_of(piqa, captures, tmp_path / "first", "--damaged", "score")
    row, _ = row_of(piqa, captures, tmp_path / "second")
    assert (row.status, row.reason) == ("failed", REASON)
    row, info = row_of(piqa, captures, tmp_path / "third", "--damaged", "score")
    assert (row.status, row.warning) == ("ok", NOTE)
    assert info["counts"]["reused"] == info["counts"]["ok"]


def test_variable_and_settings_file_ask_for_it_too(piqa, captures, broken, tmp_path, monkeypatch):
    settings = tmp_path / "piqa.toml"
    settings.write_text('damaged = "score"\n')
    result = piqa("--config", settings, "score", broken)
    assert result.exit_code == 0
    assert f"take_1.png: {NOTE}" in result.stderr
    monkeypatch.setenv("PIQA_DAMAGED", "refuse")
    assert piqa("--config", settings, "score", broken).exit_code == 3
    monkeypatch.setenv("PIQA_DAMAGED", "score")
    (row,) = json.loads(piqa("score", broken, "--json").stdout)["scores"]
    assert (row["status"], row["damage"]) == ("ok", NOTE.split(": ", 1)[1])


def test_a_cut_capture_is_scored_as_far_as_it_goes(piqa, captures, texture, tmp_path):
    from PIL import Image

    file = tmp_path / "cut.jpg"
    Image.fromarray(texture(1)).save(file, quality=95)
    data = file.read_bytes()
    file.write_bytes(data[: len(data) * 2 // 3])
    assert "the scan ends after" in piqa("score", file).stderr
    result = piqa("score", file, "--damaged", "score")
    assert result.exit_code == 0
    assert "damaged, scored all the same: the scan ends after" in result.stderr
