from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from piqa_cli.errors import PiqaError
from piqa_cli.records import Skipped
from piqa_cli.runs import table_set
from piqa_cli.runs.folder import prepare_out, write_run
from piqa_cli.runs.table_set import load_run
from tests.runs.samples import content


def test_a_run_comes_back(make_run):
    run = load_run(make_run(warnings=("two models in A",), settings={"rank": {"tie_jod": 0.3}}))
    assert [row.path for row in run.tables.captures] == [
        "Hall/A/1.jpg",
        "Hall/B/1.jpg",
        "Night/A/1.jpg",
        "Night/C/broken.jpg",
    ]
    assert run.tables.device_ranks[0].device == "A"
    assert run.info["model"]["name"] == "tiny"
    assert run.info["warnings"] == ["two models in A"]
    expected = {"ok": 3, "failed": 1, "skipped": 0, "ignored": 0, "reused": 0}
    assert run.info["counts"] == expected


def test_skipped_files_stand_among_the_captures_in_natural_order(make_run):
    folder = make_run(skipped=[Skipped("Hall/A/10.txt", "text"), Skipped("Hall/A/.2", "text")])
    paths = [row.path for row in load_run(folder).tables.captures]
    assert paths.index("Hall/A/1.jpg") < paths.index("Hall/A/10.txt") < paths.index("Hall/B/1.jpg")


def test_run_json_holds_the_hash_of_every_file(make_run):
    folder = make_run(csv=True)
    info = json.loads((folder / "run.json").read_text())
    assert len(info["files"]) == 12  # six tables, as Parquet and as CSV
    for name, digest in info["files"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest


def test_equal_content_gives_equal_bytes(make_run):
    first, second = make_run("first", csv=True), make_run("second", csv=True)
    names = sorted(file.name for file in first.iterdir())
    assert names == sorted(file.name for file in second.iterdir())
    assert all((first / n).read_bytes() == (second / n).read_bytes() for n in names)


def test_csv_files_of_an_earlier_set_go(make_run):
    make_run(csv=True)
    folder = make_run()
    assert not list(folder.glob("*.csv"))


def test_nothing_temporary_stays(make_run):
    assert not [file.name for file in make_run().iterdir() if file.name.startswith(".")]


@pytest.mark.parametrize("damage", ["changed", "missing"])
def test_a_set_that_does_not_match_run_json_is_refused(make_run, damage):
    folder = make_run()
    file = folder / "scene_ranks.parquet"
    if damage == "changed":
        file.write_bytes(make_run("other", scene_ranks=[]).joinpath(file.name).read_bytes())
    else:
        file.unlink()
    with pytest.raises(PiqaError, match=r"scene_ranks\.parquet (doesn't match run\.json|is miss)"):
        load_run(folder)


def test_rows_that_do_not_fit_leave_the_old_set(make_run):
    folder = make_run()
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    twice = [content().ranking.devices[0]] * 2
    broken = content(out=folder, device_ranks=twice, timings=[_Odd()])
    with pytest.raises(ValueError, match="timings: unknown"):
        write_run(broken)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


@dataclass(frozen=True)
class _Odd:
    nonsense: int = 1


class _Killed(BaseException):
    """Stands for the end of the process."""


@pytest.mark.parametrize("moves", range(8))
def test_killed_at_any_move_the_set_is_the_old_or_the_new_one(make_run, monkeypatch, moves):
    folder = make_run()
    real, left = Path.replace, [moves]

    def replace(self: Path, target: Path) -> Path:
        if self.name.startswith(".staged-"):
            if not left[0]:
                raise _Killed
            left[0] -= 1
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    try:
        write_run(content(out=folder, device_ranks=[], scene_ranks=[]))
    except _Killed:
        assert moves < 7  # six tables and run.json
    monkeypatch.undo()
    run = load_run(folder)
    assert (run.tables.device_ranks, run.tables.scene_ranks) == ([], [])


def test_killed_while_staging_the_old_set_stands(make_run, monkeypatch):
    folder = make_run()

    def write_whole(file: Path, data: bytes, *, durable: bool) -> None:
        if file.name.endswith("timings.parquet"):
            raise _Killed
        file.write_bytes(data)

    monkeypatch.setattr(table_set, "write_whole", write_whole)
    with pytest.raises(_Killed):
        write_run(content(out=folder, device_ranks=[]))
    monkeypatch.undo()
    assert len(load_run(folder).tables.device_ranks) == 2
    write_run(content(out=folder))
    assert not list(folder.glob(".staged-*"))


def test_a_staged_set_that_a_failing_disk_emptied_gives_way_to_the_old_one(make_run):
    folder = make_run()
    (folder / ".staged-run.json").write_bytes(b"")
    with pytest.raises(PiqaError, match=r"can't be read as JSON: run `piqa-cli rank` again"):
        load_run(folder)
    prepare_out(folder)
    assert len(load_run(folder).tables.device_ranks) == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "holds no finished run"),
        ("{", "can't be read as JSON"),
        ('{"kind": "other"}', "isn't a run.json of piqa-cli"),
        ('{"kind": "piqa-cli run", "schema_version": 99}', "newer piqa-cli"),
    ],
)
def test_a_folder_without_a_usable_run_json_is_refused(tmp_path, text, message):
    if text is not None:
        (tmp_path / "run.json").write_text(text)
    with pytest.raises(PiqaError, match=message):
        load_run(tmp_path)


def test_a_missing_run_folder_is_refused(tmp_path):
    with pytest.raises(PiqaError, match=r"no run folder .*nowhere: make one"):
        load_run(tmp_path / "nowhere")


def test_prepare_out_makes_the_folder_and_takes_it_again(tmp_path):
    prepare_out(tmp_path / "deep" / "run")
    (tmp_path / "deep" / "run" / "pictures").mkdir()  # an interrupted first run
    prepare_out(tmp_path / "deep" / "run")


def test_prepare_out_takes_an_earlier_run_with_notes_in_it(make_run):
    folder = make_run()
    (folder / "notes.txt").write_text("ours")
    prepare_out(folder)


def test_prepare_out_refuses_a_file_and_a_folder_of_other_things(tmp_path):
    (tmp_path / "IMG_1.jpg").write_bytes(b"")
    with pytest.raises(PiqaError, match=r"IMG_1\.jpg is a file: choose a folder"):
        prepare_out(tmp_path / "IMG_1.jpg")
    with pytest.raises(PiqaError, match=r"holds other files \(such as 'IMG_1\.jpg'\)"):
        prepare_out(tmp_path)


def test_prepare_out_names_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(PiqaError, match=r"can't write to .*file/run \(Not a directory\)"):
        prepare_out(tmp_path / "file" / "run")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_prepare_out_names_a_read_only_folder(tmp_path):
    tmp_path.chmod(0o555)
    with pytest.raises(PiqaError, match="Permission denied"):
        prepare_out(tmp_path / "run")
