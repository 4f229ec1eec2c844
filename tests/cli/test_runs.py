"""`piqa-cli runs list` and `runs prune` on the command line."""

import json

import pytest

from piqa_cli.runs.folder import prepare_out, write_run
from tests.runs.samples import content

DAYS = ("2026-01-30", "2026-01-31", "2026-02-01", "2026-02-02")
PICTURE = f"{'ab' * 32}-320.webp"


@pytest.fixture
def runs(tmp_path):
    """Four nights with a picture each, and `latest`."""
    for number, day in enumerate(DAYS):
        out = tmp_path / "runs" / day
        prepare_out(out)
        provenance = {"started_at": f"{day}T02:00:00+00:00"}
        # Nights that differ: equal ones would be one and the same to a comparison.
        fingerprints = {"Hall/A/1.jpg": str(number) * 64}
        write_run(content(out=out, provenance=provenance, fingerprints=fingerprints))
        (out / "pictures").mkdir()
        (out / "pictures" / PICTURE).write_bytes(bytes(1000))
    (tmp_path / "runs" / "latest").symlink_to(DAYS[-1])
    return tmp_path / "runs"


def good(result):
    assert result.exit_code == 0, result.output
    return result.stdout


def pictured(runs):
    return [day for day in DAYS if (runs / day / "pictures").exists()]


def test_list_has_one_line_a_run(piqa, runs):
    lines = good(piqa("runs", "list", runs)).splitlines()
    assert lines[0].split() == (
        "run started model devices ok failed tables pictures report gates".split()
    )
    row = lines[1].split()
    assert row[:7] == ["2026-01-30", "2026-01-30", "02:00", "tiny", "2", "3", "1"]
    assert row[-4:] == ["1", "kB", "0", "B"]
    assert lines[-1].startswith("4 runs, oldest first: tables ")
    assert lines[-1].endswith("pictures 4 kB, report 0 B; times are UTC")


def test_list_for_machines(piqa, runs):
    (runs / "2026-01-31" / "run.json").unlink()
    told = json.loads(good(piqa("runs", "list", runs, "--json")))
    assert [run["run"] for run in told["runs"]] == ["2026-01-30", "2026-02-01", "2026-02-02"]
    first = told["runs"][0]
    assert (first["model"], first["devices"], first["ok"], first["failed"]) == ("tiny", 2, 3, 1)
    assert first["started_at"] == "2026-01-30T02:00:00+00:00"
    assert first["bytes"]["pictures"] == 1000
    assert first["bytes"]["total"] == 1000 + first["bytes"]["tables"]
    assert [left["run"] for left in told["damaged"]] == ["2026-01-31"]


def test_prune_only_says_what_would_go(piqa, runs):
    before = {file: file.lstat().st_mtime_ns for file in runs.rglob("*")}
    lines = good(piqa("runs", "prune", runs, "--keep-last", 2)).splitlines()
    assert [line.split()[0] for line in lines[1:3]] == ["2026-01-30", "2026-01-31"]
    assert lines[-2] == "would free 2 kB: pictures and report of 2 runs; 2 runs kept as they are"
    assert lines[-1] == "nothing was removed: --apply does it"
    assert {file: file.lstat().st_mtime_ns for file in runs.rglob("*")} == before


def test_pictures_first_tables_last(piqa, runs):
    rule = ("--keep-last", 1, "--keep-monthly", "--apply")
    text = good(piqa("runs", "prune", runs, *rule))
    assert "freed 2 kB: pictures and report of 2 runs; 2 runs kept as they are" in text
    assert pictured(runs) == ["2026-01-31", "2026-02-02"]
    assert "4 runs of A" in good(piqa("history", "A", runs))
    told = json.loads(good(piqa("runs", "prune", runs, *rule, "--tables", "--json")))
    assert told["applied"] is True
    assert told["freed_bytes"] == sum(run["freed_bytes"] for run in told["runs"]) > 0
    assert sorted(place.name for place in runs.iterdir()) == ["2026-01-31", "2026-02-02", "latest"]


def test_pruned_runs_stay_readable(piqa, runs, tmp_path):
    good(piqa("runs", "prune", runs, "--keep-last", 1, "--apply", "-q"))
    one, other = runs / DAYS[0], runs / DAYS[1]
    good(piqa("report", one))
    assert "no picture" in (one / "report" / "index.html").read_text()
    good(piqa("report", one, "--single-file"))
    good(piqa("compare", one, other, "-o", tmp_path / "changes"))
    good(piqa("history", "A", runs, "-o", tmp_path / "trend.svg"))


def test_a_compared_run_and_the_latest_stay(piqa, runs, tmp_path):
    good(piqa("compare", runs / DAYS[0], runs / DAYS[1], "-o", tmp_path / "changes"))
    (runs / "latest").unlink()
    (runs / "latest").symlink_to(DAYS[2])
    lines = good(piqa("runs", "prune", runs, "--keep-last", 1, "--tables", "--apply")).splitlines()
    assert lines == [
        "kept    2026-01-30: the comparison changes names it",
        "kept    2026-01-31: the comparison changes names it",
        "kept    2026-02-01: latest points to it",
        "freed 0 B: 0 whole runs; 4 runs kept as they are",
    ]
    assert pictured(runs) == list(DAYS)


def test_a_run_that_cannot_be_removed_is_named_and_the_others_go(piqa, runs):
    (runs / DAYS[0] / "pictures" / PICTURE).unlink()
    (runs / DAYS[0] / "pictures" / PICTURE).mkdir()  # unlink refuses folders
    (runs / DAYS[0] / "pictures" / PICTURE / "in").write_bytes(b"x")
    result = piqa("runs", "prune", runs, "--keep-last", 1, "--apply")
    assert result.exit_code == 3
    assert f"{runs / DAYS[0]} can't be removed" in result.stderr
    assert "pictures and report of 2 runs" in result.stdout
    assert pictured(runs) == [DAYS[0], DAYS[3]]


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        ((), 2, "--keep-last"),
        (("--keep-last", 0), 2, "--keep-last"),
        (("gone", "--keep-last", 1), 3, "gone isn't there"),
    ],
)
def test_what_cannot_be_is_refused(piqa, runs, args, code, words):
    result = piqa("runs", "prune", runs, *args)
    assert result.exit_code == code
    assert words in result.stderr


def test_settings_know_the_rules_but_never_apply_them(piqa, runs, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "piqa.toml").write_text("[runs.prune]\nkeep_last = 3\n")
    assert "of 1 run;" in good(piqa("runs", "prune", runs))
    (tmp_path / "piqa.toml").write_text("[runs.prune]\napply = true\n")
    assert piqa("runs", "prune", runs, "--keep-last", 1).exit_code == 3
    assert pictured(runs) == list(DAYS)
