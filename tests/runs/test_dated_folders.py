"""Folders named by date, and the link to the latest run."""

import errno
import json
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from piqa_cli.errors import PiqaError, UsageError
from piqa_cli.runs.dated_folders import expanded, link_latest

TOKYO = timezone(timedelta(hours=9))
NIGHT = datetime(2026, 1, 31, 2, 5, 9, tzinfo=TOKYO)


def run_at(folder, started_at):
    """The part of a run that the link cares for."""
    folder.mkdir(parents=True)
    info = {"kind": "piqa-cli run", "schema_version": 1, "provenance": {"started_at": started_at}}
    (folder / "run.json").write_text(json.dumps(info))
    return folder


def test_date_time_and_model_are_filled_in():
    path = expanded(Path("runs/{date}/{time}-{model}"), NIGHT, model="dn-piqa")
    assert path == Path("runs/2026-01-31/020509-dn-piqa")
    assert expanded(Path("runs/{date}"), NIGHT, model="a/../b") == Path("runs/2026-01-31")
    assert expanded(Path("{model}"), NIGHT, model="a/../b") == Path("a_.._b")


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("runs/{day}", "{date}, {time} and {model} are"),
        ("runs/{Date}", "{date} is"),
        ("runs/{}", "{date}, {time} and {model} are"),
        ("a{b c}", "{b c} isn't known here; {date}, {time} and {model} are"),
        ("runs/{date", "runs/{date: a brace has no partner; write {date}, {time} or {model}"),
        ("runs/date}", "a brace has no partner; write {date}, {time} or {model}"),
        ("{{date}}", "a brace has no partner; write {date}, {time} or {model}"),
    ],
)
def test_other_names_in_braces_are_refused(pattern, words):
    with pytest.raises(UsageError) as told:
        expanded(Path(pattern), NIGHT, model="m")
    assert str(told.value).endswith(words)


def test_a_model_may_have_braces_in_its_name():
    assert expanded(Path("{model}"), NIGHT, model="a{") == Path("a{")


def test_the_link_follows_the_latest_run(tmp_path):
    for day in ("30", "31"):
        folder = run_at(tmp_path / f"2026-01-{day}", f"2026-01-{day}T02:00:00+00:00")
        assert link_latest(tmp_path / "{date}", folder) == tmp_path / "latest"
        assert (tmp_path / "latest").readlink() == Path(f"2026-01-{day}")
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "2026-01-30", "2026-01-31", "latest",
    ]  # fmt: skip


def test_a_run_that_started_earlier_and_took_longer_leaves_the_link(tmp_path):
    early = run_at(tmp_path / "2026-01-30", "2026-01-30T23:50:00+00:00")
    late = run_at(tmp_path / "2026-01-31", "2026-01-31T02:00:00+00:00")
    link_latest(tmp_path / "{date}", late)
    assert link_latest(tmp_path / "{date}", early) is None
    assert (tmp_path / "latest").readlink() == Path("2026-01-31")


def test_the_link_of_a_run_that_has_gone_is_replaced(tmp_path):
    (tmp_path / "latest").symlink_to("2025-12-31")
    folder = run_at(tmp_path / "2026-01-31", "2026-01-31T02:00:00+00:00")
    link_latest(tmp_path / "{date}", folder)
    assert (tmp_path / "latest").resolve() == folder


@pytest.mark.parametrize(
    ("pattern", "folder", "link", "target"),
    [
        ("{date}/{model}", "2026-01-31/m", "latest", "2026-01-31/m"),
        ("{model}/{date}", "m/2026-01-31", "m/latest", "2026-01-31"),
        ("x/night-{time}", "x/night-0205", "x/latest", "night-0205"),
    ],
)
def test_the_link_stands_beside_the_first_dated_folder(tmp_path, pattern, folder, link, target):
    run_at(tmp_path / folder, "2026-01-31T02:00:00+00:00")
    assert link_latest(tmp_path / pattern, tmp_path / folder) == tmp_path / link
    assert (tmp_path / link).readlink() == Path(target)


def test_a_folder_without_a_date_gets_no_link(tmp_path):
    run_at(tmp_path / "m", "2026-01-31T02:00:00+00:00")
    assert link_latest(tmp_path / "{model}", tmp_path / "m") is None
    assert [file.name for file in tmp_path.iterdir()] == ["m"]


def test_where_the_disk_knows_no_links_a_text_file_says_it(tmp_path):
    def no_links(_target, _link):
        raise OSError(errno.EPERM, "Operation not permitted")

    for day in ("30", "31"):
        folder = run_at(tmp_path / f"2026-01-{day}", f"2026-01-{day}T02:00:00+00:00")
        text = link_latest(tmp_path / "{date}", folder, symlink=no_links)
        assert text == tmp_path / "latest.txt"
    assert text.read_text() == "2026-01-31\n"
    early = tmp_path / "2026-01-30"
    assert link_latest(tmp_path / "{date}", early, symlink=no_links) is None
    link_latest(tmp_path / "{date}", folder)
    assert not text.exists()


def test_something_else_called_latest_is_left_alone(tmp_path):
    (tmp_path / "latest").mkdir()
    folder = run_at(tmp_path / "2026-01-31", "2026-01-31T02:00:00+00:00")
    with pytest.raises(PiqaError, match="latest is no link"):
        link_latest(tmp_path / "{date}", folder)
