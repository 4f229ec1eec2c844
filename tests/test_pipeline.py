"""The main job from end to end, on small pictures."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest
from PIL import Image

from piqa_cli.runs.table_set import load_run

TABLES = ("captures", "scene_ranks", "device_ranks")


def rank(piqa, *args, code=0):
    result = piqa("rank", *args)
    assert result.exit_code == code, result.output
    return result


def test_a_run_holds_every_file_and_every_table(piqa, captures, tmp_path):
    (captures / "Bar" / "notes.txt").write_text("hello")
    (captures / "Bar" / ".hidden").write_text("")
    out = tmp_path / "run"
    rank(piqa, captures, "-o", out)
    run = load_run(out)
    rows = run.tables.captures
    assert [row.status for row in rows].count("ok") == 8
    assert [row.path for row in rows if row.status == "skipped"] == ["Bar/notes.txt"]
    assert {row.model for row in rows if row.score is not None} == {"dn-piqa-mini"}
    assert len(run.tables.scene_ranks) == 4
    assert {row.device for row in run.tables.device_ranks} == {"Aster", "Birch"}
    assert run.info["counts"] == {"ok": 8, "failed": 0, "skipped": 1, "ignored": 1, "reused": 0}
    assert (out / "report" / "index.html").is_file()


@pytest.mark.parametrize(
    ("by", "warning", "counted"),
    [
        ("device", "of one device in one scene (Bar/Aster/1.0/a.png, Bar/Aster/1.1/a.png), not", 2),
        ("device+firmware", "under several scenes, devices or firmwares (Bar/Aster/1.0/a.png, ", 3),
    ],
)
def test_a_file_of_two_firmwares_counts_once_for_a_device(
    piqa, texture, tmp_path, by, warning, counted
):
    for number, name in enumerate(("1.0/a.png", "1.1/a.png", "1.1/b.png")):
        file = tmp_path / "captures" / "Bar" / "Aster" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(texture(number // 2)).save(file)
    layout = ("--layout", "{scene}/{device}/{firmware}", "--by", by)
    rank(piqa, tmp_path / "captures", "-o", tmp_path / "run", *layout)
    run = load_run(tmp_path / "run")
    assert warning in run.tables.captures[0].warning
    ranks = [row for row in run.tables.device_ranks if row.condition is None]
    assert sum(row.n_captures for row in ranks) == counted


def test_two_runs_give_the_same_bytes(piqa, captures, tmp_path):
    for name in ("one", "two"):
        rank(piqa, captures, "-o", tmp_path / name, "--fresh", "--csv")
    for table in TABLES:
        for suffix in ("parquet", "csv"):
            file = f"{table}.{suffix}"
            assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()
    pages = [p.relative_to(tmp_path / "one") for p in (tmp_path / "one" / "report").rglob("*.*")]
    assert len(pages) > 3
    for page in pages:
        assert (tmp_path / "one" / page).read_bytes() == (tmp_path / "two" / page).read_bytes()


def test_pages_do_not_depend_on_the_machine_or_the_cache(piqa, captures, known, tmp_path):
    rank(piqa, captures, "-o", tmp_path / "one", "--workers", 1, "--compute", "cpu")
    rank(piqa, captures, "-o", tmp_path / "two", "--workers", 2, "--fresh", "--timeout", 60)
    for page in (tmp_path / "one" / "report").rglob("*.html"):
        twin = tmp_path / "two" / page.relative_to(tmp_path / "one")
        assert page.read_bytes() == twin.read_bytes()


def test_a_score_does_not_depend_on_what_else_is_scored(piqa, captures, tmp_path):
    rank(piqa, captures, "-o", tmp_path / "all", "--fresh")
    together = {r.path: r.score for r in load_run(tmp_path / "all").tables.captures}
    for path in (min(together), max(together)):
        result = piqa("score", captures / path, "--fresh", "--json")
        (alone,) = json.loads(result.stdout)["scores"]
        assert alone["score"] == together[path]


def test_a_second_run_scores_only_what_is_new(piqa, captures, tmp_path, texture):
    rank(piqa, captures, "-o", tmp_path / "run")
    Image.fromarray(texture(9)).save(captures / "Bar" / "Aster" / "take_3.png")
    result = rank(piqa, captures, "-o", tmp_path / "run")
    assert "9 captures scored (8 known already)" in result.stdout
    stages = {row.path for row in load_run(tmp_path / "run").tables.timings}
    assert stages == {"Bar/Aster/take_3.png"}


def test_known_scores_get_their_pictures_in_a_new_folder(piqa, captures, known, tmp_path):
    rank(piqa, captures, "-o", tmp_path / "one")
    rank(piqa, captures, "-o", tmp_path / "two")
    one, two = (
        sorted(p.name for p in (tmp_path / n / "pictures").iterdir()) for n in ("one", "two")
    )
    assert one == two
    # Of 8 captures thumbnail, working pixels, two crops; of 4 the comparison with another's best.
    assert len(one) == 8 * 4 + 4 * 2


def test_pictures_of_captures_that_have_gone_are_removed(piqa, captures, known, tmp_path):
    rank(piqa, captures, "-o", tmp_path / "run")
    (captures / "Bar" / "Aster" / "take_2.png").unlink()
    rank(piqa, captures, "-o", tmp_path / "run")
    assert len(list((tmp_path / "run" / "pictures").iterdir())) == 7 * 4 + 3 * 2


def test_a_run_keeps_the_pictures_that_were_asked_for_and_makes_them_when_asked(
    piqa, captures, known, tmp_path
):
    def kinds(*asked):
        done = piqa("rank", captures, "-o", tmp_path / "run", *asked)
        assert done.exit_code == 0, done.output
        files = (tmp_path / "run" / "pictures").glob("*.webp")
        return {re.fullmatch("[0-9a-f]{64}-(320|full|[a-z]+crop).*", f.stem)[1] for f in files}

    assert kinds("--pictures", "none") == set()
    assert kinds("--pictures", "small") == {"320"}  # the sample shows no face
    crops = {"facecrop", "cornercrop", "differscrop", "bestcrop"}
    assert kinds() == {"320", "full", *crops}
    assert kinds("--crops-mb", "0") == {"320", "full"}
    assert kinds("--pictures", "small") == {"320"}


def test_the_page_shows_the_face_that_was_scored(piqa, captures, tmp_path):
    def run(box):
        rows = f"Bar/Aster/take_1.png,Bar,Aster,{box}\nBar/Birch/take_1.png,Bar,Birch,,,,\n"
        manifest = captures / "list.csv"
        manifest.write_text(f"path,scene,device,face_x0,face_y0,face_x1,face_y1\n{rows}")
        rank(piqa, "--manifest", manifest, "-o", tmp_path / "run")
        (face,) = (tmp_path / "run" / "pictures").glob("*-face.webp")
        return face.read_bytes()

    first = run("10,12,60,70")
    assert run("50,30,90,80") != first
    assert run("10,12,60,70") == first  # known from the cache, and yet the right picture


def test_one_file_with_a_face_in_each_scene_shows_both(piqa, captures, tmp_path):
    same = (captures / "Bar" / "Aster" / "take_1.png").read_bytes()
    (captures / "Park" / "Aster" / "take_1.png").write_bytes(same)
    manifest = captures / "list.csv"
    manifest.write_text(
        "path,scene,device,face_x0,face_y0,face_x1,face_y1\n"
        "Bar/Aster/take_1.png,Bar,Aster,10,12,60,70\n"
        "Park/Aster/take_1.png,Park,Aster,50,30,90,80\n"
    )

    def faces():
        rank(piqa, "--manifest", manifest, "-o", tmp_path / "run")
        found = (tmp_path / "run" / "pictures").glob("*-face*")
        return {file.name: file.read_bytes() for file in found if "crop" not in file.name}

    first = faces()
    assert len(set(first.values())) == 2
    assert faces() == first
    pages = [page.read_text() for page in (tmp_path / "run" / "report" / "scenes").glob("*.html")]
    shown = [{name for name in first if name in page} for page in pages]
    assert sorted(map(len, shown)) == [1, 1]
    assert shown[0] != shown[1]


def test_a_run_that_scores_nothing_leaves_the_last_one(piqa, captures, known, tmp_path):
    rank(piqa, captures, "-o", tmp_path / "run")
    before = (tmp_path / "run" / "captures.parquet").read_bytes()
    for file in captures.rglob("*.png"):
        file.write_text("gone bad")
    result = rank(piqa, captures, "-o", tmp_path / "run", code=3)
    assert "the earlier run" in result.stderr
    assert (tmp_path / "run" / "captures.parquet").read_bytes() == before


def test_a_pattern_that_matches_nothing_is_told(piqa, captures, known, tmp_path):
    result = rank(piqa, captures, "-o", tmp_path / "run", "--exclude", "proto*")
    assert "warning: --exclude 'proto*' matches no scene or device" in result.stdout


def test_the_same_file_under_two_devices_is_scored_once_and_told(piqa, captures, tmp_path):
    copy = captures / "Bar" / "Birch" / "copy.png"
    copy.write_bytes((captures / "Bar" / "Aster" / "take_1.png").read_bytes())
    rank(piqa, captures, "-o", tmp_path / "run")
    run = load_run(tmp_path / "run")
    rows = {row.path: row for row in run.tables.captures}
    one, two = rows["Bar/Aster/take_1.png"], rows["Bar/Birch/copy.png"]
    assert one.score == two.score
    assert one.warning
    assert run.info["counts"]["reused"] == 1


def test_a_warm_run_and_the_light_commands_import_no_torch(piqa, captures, known, tmp_path):
    rank(piqa, captures, "-o", tmp_path / "run")
    script = (
        "import sys; from piqa_cli.cli.main import app\n"
        "try: app(sys.argv[1:])\n"
        "finally: print('torch' in sys.modules, file=sys.stderr)"
    )
    for args in (
        ["rank", str(captures), "-o", str(tmp_path / "run")],
        ["report", str(tmp_path / "run")],
        ["models"],
        ["scan", str(captures)],
        ["--help"],
    ):
        done = subprocess.run(
            [sys.executable, "-c", script, *args], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert done.stderr.strip().splitlines()[-1] == "False"


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_run_keeps_its_scores_and_goes_on(
    piqa, captures, tmp_path, texture, monkeypatch, quick, number, code
):
    for index in range(20):
        file = captures / "Park" / "Aster" / f"more_{index}.png"
        Image.fromarray(texture(50 + index)).save(file)
    words = ["rank", str(captures), "-o", str(tmp_path / "run"), *quick]
    env = {**os.environ, "PIQA_CACHE": str(tmp_path / "cache"), "QUICK_SLEEP_S": "0.2"}
    command = [sys.executable, "-m", "piqa_cli", *words]
    process = subprocess.Popen(
        command,
        env=env,
        stderr=subprocess.PIPE,
        text=True,
        # A shell's background jobs ignore Ctrl-C, and so would their children.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )
    _wait_for_scores(tmp_path / "cache" / "scores.sqlite", 3)
    process.send_signal(number)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == code, stderr
    assert "the same command goes on from there" in stderr
    assert not (tmp_path / "run" / "run.json").exists()

    monkeypatch.setenv("PIQA_CACHE", str(tmp_path / "cache"))
    rank(piqa, captures, "-o", tmp_path / "run", *quick)
    assert load_run(tmp_path / "run").info["counts"]["reused"] >= 3
    rank(piqa, captures, "-o", tmp_path / "unbroken", "--fresh", *quick)
    for table in TABLES:
        broken = (tmp_path / "run" / f"{table}.parquet").read_bytes()
        assert broken == (tmp_path / "unbroken" / f"{table}.parquet").read_bytes()


def _wait_for_scores(cache: Path, count: int) -> None:
    for _ in range(1800):
        time.sleep(0.1)
        try:
            with sqlite3.connect(cache) as db:
                (table,) = db.execute(
                    "SELECT name FROM sqlite_master WHERE type = 'table'"
                ).fetchone()
                if db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] >= count:
                    return
        except (sqlite3.Error, TypeError):  # not there yet
            continue
    raise AssertionError("no scores came")


def test_one_shot_is_one_capture(piqa, captures, known, tmp_path, texture):
    """An original beside its cover moves no rank; --shots keep-all makes it a take."""
    folder = captures / "Bar" / "Aster"
    cover, original = (
        folder / f"PXL_20240101_120000000.PORTRAIT-0{end}.png" for end in ("1.COVER", "2.ORIGINAL")
    )
    (folder / "take_1.png").rename(cover)
    rank(piqa, captures, "-o", tmp_path / "before")
    Image.fromarray(texture(77)).save(original)
    result = rank(piqa, captures, "-o", tmp_path / "after")
    assert "8 captures scored (8 known already), 0 failed, 1 other file skipped" in result.stdout
    before, after = (load_run(tmp_path / name).tables for name in ("before", "after"))
    assert after.device_ranks == before.device_ranks
    (skipped,) = (row for row in after.captures if row.status == "skipped")
    assert skipped.reason == f"same shot as Bar/Aster/{cover.name}"
    assert "1 other file skipped (1 of the same shot)" in piqa("scan", captures).stdout
    rank(piqa, captures, "-o", tmp_path / "all", "--shots", "keep-all")
    run = load_run(tmp_path / "all")
    assert [row.status for row in run.tables.captures] == ["ok"] * 9
    assert run.info["settings"]["find"]["shots"] == "keep-all"
    assert run.tables.device_ranks != before.device_ranks


def test_equal_pixels_under_other_bytes_count_once(piqa, captures, known, tmp_path):
    """Now, from the cache, and from the run's own table."""
    rank(piqa, captures, "-o", tmp_path / "before")
    copy = captures / "Bar" / "Aster" / "take_1 (1).png"
    Image.open(captures / "Bar" / "Aster" / "take_1.png").save(copy, compress_level=1)
    rank(piqa, captures, "-o", tmp_path / "fresh", "--fresh")
    rank(piqa, captures, "-o", tmp_path / "warm")
    table = tmp_path / "warm" / "captures.parquet"
    rank(piqa, "--scores", table, "--scale", "jod", "-o", tmp_path / "given")
    before, *others = (
        load_run(tmp_path / name).tables for name in ("before", "fresh", "warm", "given")
    )
    counts = [row.n_captures for row in before.device_ranks]
    for tables in others:
        assert [row.n_captures for row in tables.device_ranks] == counts
    warned = {row.path: row.warning for row in others[1].captures if row.warning}
    equal = ("Bar/Aster/take_1 (1).png", "Bar/Aster/take_1.png")
    text = f"same pixels in 2 files of one device in one scene ({', '.join(equal)}), "
    assert warned == dict.fromkeys(equal, f"{text}not counted again: {equal[1]}")
    (line,) = load_run(tmp_path / "warm").info["warnings"]
    assert line.startswith(f"{equal[0]} and 1 more: same pixels in 2 files")


def test_two_files_of_one_moment_are_told_and_both_count(piqa, captures, known, tmp_path):
    exif = Image.Exif()
    exif[0x8769] = {0x9003: "2024:01:01 12:00:00", 0x9291: "123"}
    for take in (1, 2):
        file = captures / "Bar" / "Aster" / f"take_{take}.png"
        Image.open(file).save(file, exif=exif)
    text = rank(piqa, captures, "-o", tmp_path / "run").stdout
    assert "warning: Bar/Aster/take_2.png: taken in the same moment as Bar/Aster/take_1.png" in text
    assert "8 captures scored" in text
