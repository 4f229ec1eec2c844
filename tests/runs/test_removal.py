"""Removal takes what it should, leaves the rest whole, and a kill in between does no harm."""

import json

import pytest

from piqa_cli.errors import PiqaError
from piqa_cli.runs.listing import list_runs
from piqa_cli.runs.pruning import PruneRules, plan
from piqa_cli.runs.removal import finish_removals, remove
from piqa_cli.runs.table_set import load_run


def verdict(runs, *, tables=False):
    return plan([runs], PruneRules(1, tables=tables)).verdicts[0]


def test_pictures_and_pages_go_and_the_tables_stay(dated, runs):
    folder = dated("2026-01-05")
    dated("2026-01-06")
    (folder / "report.html").write_bytes(bytes(30))
    (folder / "figures").mkdir()
    (folder / "figures" / "ranking.svg").write_bytes(bytes(4))
    before = load_run(folder).tables
    one = verdict(runs)
    assert remove(one, tables=False) == one.goes == 1234
    left = {file.name for file in folder.iterdir() if not file.name.startswith(".")}
    assert left == {"run.json", *json.loads((folder / "run.json").read_bytes())["files"]}
    assert load_run(folder).tables == before
    assert verdict(runs).goes == 0


def test_files_of_others_in_the_folder_of_pictures_stay(dated, runs):
    folder = dated("2026-01-05")
    dated("2026-01-06")
    (folder / "pictures" / "mine.jpg").write_bytes(b"mine")
    assert remove(verdict(runs), tables=False) == 1200
    assert [file.name for file in (folder / "pictures").iterdir()] == ["mine.jpg"]


def test_a_whole_run_goes_with_the_empty_folder_of_its_date(dated, runs):
    dated("2026-01-05", name="2026-01-05/020000")
    dated("2026-01-06", name="2026-01-06/020000")
    one = verdict(runs, tables=True)
    assert remove(one, tables=True) == one.run.sizes.total
    assert [place.name for place in runs.iterdir()] == ["2026-01-06"]


def test_a_run_that_was_written_since_stays(dated, runs):
    folder = dated("2026-01-05")
    dated("2026-01-06")
    one = verdict(runs, tables=True)
    info = json.loads((folder / "run.json").read_bytes())
    (folder / "run.json").write_text(json.dumps(info | {"files": {}}))
    for tables in (False, True):
        with pytest.raises(PiqaError, match="was written meanwhile"):
            remove(one, tables=tables)
    assert (folder / "pictures").is_dir()


def test_a_file_that_came_since_keeps_the_whole_run(dated, runs):
    folder = dated("2026-01-05")
    dated("2026-01-06")
    one = verdict(runs, tables=True)
    (folder / "notes.txt").write_text("by hand")
    with pytest.raises(PiqaError, match=r"holds other files, such as 'notes\.txt'"):
        remove(one, tables=True)
    assert load_run(folder)


def test_what_a_kill_left_of_a_whole_run_is_no_run_and_goes_next_time(dated, runs):
    folder = dated("2026-01-05")
    dated("2026-01-06")
    (folder / "captures.parquet").unlink()
    folder.rename(runs / ".pruned-0123abcd")
    found, unlisted = list_runs([runs])
    assert ([run.name for run in found], unlisted) == (["2026-01-06"], [])
    finish_removals(runs)
    assert [place.name for place in runs.iterdir()] == ["2026-01-06"]


def test_what_a_kill_left_of_the_pages_goes_next_time(dated, runs):
    folder = dated("2026-01-05")
    dated("2026-01-06")
    (folder / "report").rename(folder / ".report-0123abcd-old")
    assert load_run(folder)
    assert remove(verdict(runs), tables=False) == 1200
    assert list(folder.glob(".report*")) == []
