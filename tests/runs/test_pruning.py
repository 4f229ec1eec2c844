"""Pruning never takes the last runs, a linked one, a compared one, or one being written."""

import subprocess
import sys

import pytest

from piqa_cli.errors import PiqaError
from piqa_cli.runs.pruning import NamedRun, PruneRules, plan

DAYS = ("2026-01-05", "2026-01-31", "2026-02-01", "2026-02-02")
HOLDER = """
import sys, time
from pathlib import Path
from piqa_cli.runs.lock import hold
with hold(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def going(places, rules=None, named=()):
    planned = plan(places, rules or PruneRules(keep_last=1), named)
    return [one.run.name for one in planned.verdicts if one.kept is None]


def why(places, name, rules=None, named=()):
    planned = plan(places, rules or PruneRules(keep_last=1), named)
    return next(one.kept for one in planned.verdicts if one.run.name == name)


def test_the_last_by_their_start_stay_whatever_their_names(dated, runs):
    for number, day in enumerate(DAYS):
        dated(day, name=f"night-{9 - number}")
    assert going([runs], PruneRules(keep_last=2)) == ["night-9", "night-8"]
    assert why([runs], "night-6") == "the last run"
    assert why([runs], "night-7", PruneRules(keep_last=2)) == "one of the last 2"


def test_the_last_of_every_month_stays(dated, runs):
    for day in DAYS:
        dated(day)
    rules = PruneRules(keep_last=1, keep_monthly=True)
    assert going([runs], rules) == ["2026-01-05", "2026-02-01"]
    assert why([runs], "2026-01-31", rules) == "the last run of 2026-01"


def test_runs_named_one_by_one_count_together(dated, runs):
    folders = [dated(day) for day in DAYS]
    assert going(folders) == list(DAYS[:-1])
    assert going([runs, *folders]) == list(DAYS[:-1])


def test_every_folder_counts_its_own_runs(dated, runs):
    for model in ("full", "mini"):
        dated("2026-01-05", name=f"{model}/2026-01-05")
        dated("2026-01-06", name=f"{model}/2026-01-06")
    assert len(going([runs])) == 3
    assert going([runs / "full", runs / "mini"]) == ["full/2026-01-05", "mini/2026-01-05"]


def test_a_run_that_a_link_points_to_stays(dated, runs, tmp_path):
    for day in DAYS:
        dated(day)
    (runs / "latest").symlink_to("2026-01-05")
    (tmp_path / "reviewed").symlink_to(runs / "2026-01-31" / "report")
    (runs / "latest.txt").write_text("2026-02-01\n")
    assert going([runs]) == []
    assert why([runs], "2026-01-05") == "latest points to it"
    assert why([runs], "2026-01-31") == "reviewed points to it"
    assert why([runs], "2026-02-01") == "latest.txt points to it"


def test_latest_is_looked_for_above_the_folder_too(dated, runs):
    dated("2026-01-05", name="a/b/c/one")
    dated("2026-01-06", name="a/b/c/two")
    (runs / "latest").symlink_to("a/b/c/one")
    assert why([runs / "a" / "b" / "c"], "one") == "latest points to it"


def test_a_run_that_a_comparison_names_stays(dated, runs, tmp_path):
    for day in DAYS[:3]:
        dated(day, fingerprints={"Hall/A/1.jpg": day})
    files = {one.run.name: one.run.files for one in plan([runs], PruneRules(1)).verdicts}
    moved = NamedRun(tmp_path / "changes", "elsewhere/run", files["2026-01-05"])
    again = NamedRun(tmp_path / "changes", "2026-01-31", {"captures.parquet": "other"})
    assert going([runs], named=[moved]) == ["2026-01-31"]
    assert going([runs], named=[again]) == ["2026-01-05"]
    assert why([runs], "2026-01-05", named=[moved]) == "the comparison changes names it"


def test_a_run_that_is_being_written_stays(dated, runs):
    folder = dated("2026-01-05")
    dated("2026-01-06")
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, folder], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout.readline() == "held\n"
        assert why([runs], "2026-01-05") == "is being written"
    finally:
        process.kill()
        process.communicate()
    assert going([runs]) == ["2026-01-05"]


@pytest.mark.parametrize(
    "name", ["notes.txt", "blind-key.csv", "pictures/mine.jpg", "figures/mine.svg"]
)
def test_a_folder_with_other_files_is_never_removed_whole(dated, runs, name):
    file = dated("2026-01-05") / name
    dated("2026-01-06")
    file.parent.mkdir(exist_ok=True)
    file.write_text("by hand")
    assert why([runs], "2026-01-05", PruneRules(1, tables=True)) == (
        f"holds other files, such as {name!r}"
    )
    assert going([runs]) == ["2026-01-05"]  # its pictures may go


def test_what_is_no_run_is_left_alone(dated, runs):
    dated("2026-01-06")
    (dated("2026-01-05") / "run.json").unlink()
    (runs / "notes").mkdir()
    planned = plan([runs], PruneRules(1))
    assert [one.run.name for one in planned.verdicts] == ["2026-01-06"]
    assert [one.name for one in planned.unlisted] == ["2026-01-05"]


def test_places_without_runs_are_refused(tmp_path):
    with pytest.raises(PiqaError, match="no run in"):
        plan([tmp_path], PruneRules(1))
    with pytest.raises(PiqaError, match="isn't there"):
        plan([tmp_path / "gone"], PruneRules(1))
