"""`rank --scores`: scores that exist already, ranked without pictures and without torch."""

import hashlib
import json
import re
import shutil
import subprocess
import sys

import pyarrow.parquet as pq
import pytest

ROWS = (
    "a1.jpg,Hall,A,1.0,Day",
    "a2.jpg,Hall,A,1.4,Day",
    "b1.jpg,Hall,B,0.2,Day",
    "b2.jpg,Hall,B,,Day",
    "a3.jpg,Bar,A,2.0,Night",
    "b3.jpg,Bar,B,0.7,Night",
)


@pytest.fixture
def scores(tmp_path):
    file = tmp_path / "ratings.csv"
    file.write_text("\n".join(("path,scene,device,score,condition", *ROWS)) + "\n")
    return file


def table(run, name):
    return pq.read_table(run / f"{name}.parquet").to_pylist()


def index(run):
    page = (run / "report" / "index.html").read_text(encoding="utf-8")
    return " ".join(re.sub("<[^>]*>", " ", page).split())


def test_human_jods_are_ranked_and_told_as_shares_of_observers(piqa, scores, tmp_path):
    done = piqa("rank", "--scores", scores, "--scale", "jod", "-o", tmp_path / "run")
    assert done.exit_code == 5, done.stderr
    assert "5 scores given, 1 missing, 0 other rows skipped" in done.stdout
    assert "scores  JODs, from ratings.csv" in done.stdout
    ranks = [row for row in table(tmp_path / "run", "device_ranks") if row["condition"] is None]
    assert [(row["device"], round(row["score"], 3)) for row in ranks] == [
        ("A", 0.575),
        ("B", -0.575),
    ]
    assert ranks[0]["preference"] == pytest.approx(0.651, abs=5e-4)  # Phi(0.6745 * 0.575)
    text = index(tmp_path / "run")
    assert "The scores were given: JODs, from ratings.csv ." in text
    assert "Share of observers" in text
    assert "odel preference" not in text


def test_what_has_no_score_stands_in_the_table_with_its_reason(piqa, scores, tmp_path):
    piqa("rank", "--scores", scores, "-o", tmp_path / "run")
    rows = {row["path"]: row for row in table(tmp_path / "run", "captures")}
    assert rows["b2.jpg"]["reason"] == "the score is blank (line 5 of the list of scores)"
    good = rows["a1.jpg"]
    assert (good["status"], good["model"], good["score"]) == ("ok", "given", 1.0)
    assert {good[name] for name in ("weights_sha256", "precision", "no_face", "sha256")} == {None}


@pytest.mark.parametrize("scale", ["mos", "relative"])
def test_other_scales_say_no_preference(piqa, scores, tmp_path, scale):
    piqa("rank", "--scores", scores, "--scale", scale, "-o", tmp_path / "run")
    assert {row["preference"] for row in table(tmp_path / "run", "device_ranks")} == {None}
    info = json.loads((tmp_path / "run" / "run.json").read_text())
    assert (info["model"]["scale"], info["model"]["jod_per_unit"]) == (scale, None)
    assert "how often a device would be preferred can't be said" in index(tmp_path / "run")


def test_the_table_of_a_run_ranks_alike(piqa, captures, tmp_path):
    shutil.copy(captures / "Bar/Aster/take_1.png", captures / "Bar/Aster/copy.png")
    piqa("rank", captures, "-o", tmp_path / "run")
    again = tmp_path / "again"
    done = piqa(
        "rank", "--scores", tmp_path / "run/captures.parquet", "--scale", "jod", "-o", again
    )
    assert done.exit_code == 0, done.stderr
    for name in ("scene_ranks", "device_ranks", "pairs"):
        assert table(again, name) == table(tmp_path / "run", name), name
    assert {row["model"] for row in table(again, "captures")} == {"given: dn-piqa-mini"}
    assert "Preference" in index(again)
    assert "Share of observers" not in index(again)


def test_pages_show_no_pictures_and_every_link_leads_somewhere(piqa, scores, tmp_path):
    piqa("rank", "--scores", scores, "--scale", "jod", "-o", tmp_path / "run")
    report = tmp_path / "run" / "report"
    for page in report.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "<img" not in text
        assert "picture missing" not in text
        for href in re.findall(r'href="([^"#]*)(?:#([^"]*))?"', text):
            target = (page.parent / href[0]).resolve() if href[0] else page
            if not href[0].startswith("data:"):
                assert target.exists(), (page.name, href)
                state = "=" in href[1]  # what a script reads, no place on the page
                assert (
                    state or not href[1] or f'id="{href[1]}"' in target.read_text(encoding="utf-8")
                )


def test_report_and_evaluate_read_such_a_run(piqa, scores, tmp_path):
    run = tmp_path / "run"
    piqa("rank", "--scores", scores, "--scale", "jod", "-o", run)
    before = {file.name: file.read_bytes() for file in (run / "report").rglob("*.html")}
    assert piqa("report", run).exit_code == 0
    assert {file.name: file.read_bytes() for file in (run / "report").rglob("*.html")} == before
    done = piqa("evaluate", run, "--truth", scores.parent / "ratings.csv")
    assert "no column jod or mos" in done.stderr
    scores.write_text(scores.read_text().replace("score", "jod"))
    done = piqa("evaluate", run, "--truth", scores)
    assert (done.exit_code, "matched 5 photos in 2 scenes" in done.stdout) == (0, True)
    assert "5 scores (1 more row without) of run, given scores\n" in done.stdout
    done = piqa("history", "A", run)
    assert done.stdout.startswith("given scores: JOD against the mean device of the run\n")


def test_such_runs_compare_with_their_own_kind_only(piqa, scores, tmp_path):
    for name, scale in (("base", "jod"), ("new", "jod"), ("other", "mos")):
        piqa("rank", "--scores", scores, "--scale", scale, "-o", tmp_path / name)
    done = piqa("compare", tmp_path / "base", tmp_path / "new", "-o", tmp_path / "c")
    assert done.exit_code == 0, done.stderr
    assert "same given scores" in done.stdout
    assert "file" not in done.stdout
    page = index(tmp_path / "c")
    assert "Both runs hold the same given scores, so every difference is 0." in page
    assert "unchanged files" not in page
    done = piqa("compare", tmp_path / "base", tmp_path / "other", "-o", tmp_path / "c")
    assert done.exit_code == 3
    assert "the scale of the scores differs (jod and mos)" in done.stderr


def test_equal_lists_give_equal_tables(piqa, scores, tmp_path):
    digests = []
    for name in ("one", "two"):
        piqa("rank", "--scores", scores, "-o", tmp_path / name)
        files = sorted((tmp_path / name).glob("*.parquet"))
        digests.append([hashlib.sha256(file.read_bytes()).hexdigest() for file in files])
    assert digests[0] == digests[1]


@pytest.mark.parametrize(
    ("others", "message"),
    [
        (["captures"], "leave out CAPTURES"),
        (["--manifest", "list.csv"], "leave out --manifest"),
        (["-m", "dn-piqa"], "leave out --model"),
        (["--fresh"], "leave out --fresh"),
    ],
)
def test_scoring_and_given_scores_contradict_each_other(piqa, scores, others, message):
    done = piqa("rank", "--scores", scores, *others)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert message in done.stderr


def test_a_scale_needs_scores(piqa, captures):
    done = piqa("rank", captures, "--scale", "jod")
    assert (done.exit_code, "name the file" in done.stderr) == (2, True)


def test_a_model_named_for_all_calls_is_no_contradiction(piqa, scores, tmp_path, monkeypatch):
    monkeypatch.setenv("PIQA_MODEL", "dn-piqa")
    assert piqa("rank", "--scores", scores, "-o", tmp_path / "run").exit_code == 5


def test_pictures_that_a_call_names_win_over_scores_of_the_settings(piqa, scores, tmp_path):
    settings = tmp_path / "piqa.toml"
    settings.write_text(f'[rank]\nscores = "{scores}"\nscale = "mos"\n')
    done = piqa("--config", settings, "rank", "-o", tmp_path / "run")
    assert (done.exit_code, "mean opinion scores" in done.stdout) == (5, True)
    done = piqa("--config", settings, "rank", tmp_path / "nowhere", "-o", tmp_path / "run")
    assert (done.exit_code, "does not exist" in done.stderr) == (3, True)


def test_the_tables_that_are_read_arent_overwritten(piqa, scores, tmp_path):
    run = tmp_path / "run"
    piqa("rank", "--scores", scores, "-o", run)
    before = (run / "captures.parquet").read_bytes()
    done = piqa("rank", "--scores", run / "captures.parquet", "-o", run)
    assert (done.exit_code, "choose another with -o" in done.stderr) == (2, True)
    assert (run / "captures.parquet").read_bytes() == before


def test_only_exclude_and_reference_work_as_ever(piqa, scores, tmp_path):
    run = tmp_path / "run"
    piqa("rank", "--scores", scores, "--only", "scene=Hall", "--reference", "B", "-o", run)
    assert {row["scene"] for row in table(run, "scene_ranks")} == {"Hall"}
    gaps = {row["device"]: row["gap"] for row in table(run, "device_ranks")}
    assert gaps == {"A": pytest.approx(1.0), "B": 0.0}


def test_no_network_library_is_loaded(scores, tmp_path):
    code = (
        "import sys\n"
        "from piqa_cli.cli.main import app\n"
        "try:\n    app()\nexcept SystemExit as end:\n    assert end.code == 5, end.code\n"
        "print(sorted({'torch', 'timm', 'open_clip', 'facenet_pytorch'} & set(sys.modules)))"
    )
    command = ["rank", "--scores", str(scores), "-q", "-o", str(tmp_path / "run")]
    done = subprocess.run(
        [sys.executable, "-c", code, *command], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def uneven_field(tmp_path, *more):
    """Three devices in five scenes; one of them with a deviation of every score."""
    rows = [
        f"{s}/{d}.jpg,s{s},{d},{level + (s * n) % 3 / 10},{0.1 + n / 10}"
        for s in range(5)
        for n, (d, level) in enumerate({"a": 2.0, "b": 1.0, "c": 0.0}.items())
    ]
    file = tmp_path / "uneven.csv"
    file.write_text("\n".join(["path,scene,device,jod,jod_std", *rows, *more]) + "\n")
    return file


def test_a_device_with_one_scene_is_listed_not_ranked(piqa, tmp_path):
    file, run = uneven_field(tmp_path, "x.jpg,s1,lucky,9,0.1"), tmp_path / "run"
    told = piqa("rank", "--scores", file, "--scale", "jod", "-o", run)
    listed = told.stdout.partition("too few scenes or captures to rank")[2]
    assert listed.split()[:6] == ["device", "scenes", "captures", "lucky", "1", "1"]
    page = index(run)
    assert "a is clearly best" in page
    assert "Too few scenes or captures to rank: lucky" in page.replace("\u2068", "")
    again = piqa("rank", "--scores", file, "--scale", "jod", "-o", run, "--min-scenes", "1")
    assert "too few scenes" not in again.stdout
    assert all(row["ranked"] for row in table(run, "device_ranks"))
    assert table(run, "device_ranks")[0]["device"] == "lucky"


def test_nothing_is_ranked_where_more_scenes_are_asked_for_than_there_are(piqa, tmp_path):
    run = tmp_path / "run"
    told = piqa(
        "rank", "--scores", uneven_field(tmp_path), "--scale", "jod", "-o", run, "--min-scenes", "9"
    )
    assert "no device has enough scenes and captures to be ranked" in told.stdout
    assert "Too few scenes or captures to rank" in index(run)
    assert table(run, "pairs") == []


def test_stated_deviations_are_kept_and_weigh(piqa, tmp_path):
    file, run = uneven_field(tmp_path), tmp_path / "run"
    piqa("rank", "--scores", file, "--scale", "jod", "-o", run)
    rows = {row["device"]: row for row in table(run, "captures")}
    assert {name: row["score_sd"] for name, row in rows.items()} == pytest.approx(
        {"a": 0.1, "b": 0.2, "c": 0.3}
    )


def test_lists_in_windows_1252_are_read_and_named(piqa, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = [f"{s}/{d}.jpg,{s},{d},{n}" for s in ("Bar", "Café") for n, d in enumerate("AB")]
    content = "\n".join(["path,scene,device,score", *rows]).encode("cp1252")
    (tmp_path / "truth.csv").write_bytes(content.replace(b",score", b",jod"))
    (tmp_path / "scores.csv").write_bytes(content)
    told = "scores.csv is no UTF-8 text and was read as Windows-1252: save it as CSV UTF-8"
    assert f"warning: {told}\n" in piqa("rank", "--scores", "scores.csv", "-o", "run").stdout
    assert {row["scene"] for row in table(tmp_path / "run", "captures")} == {"Bar", "Café"}
    done = piqa("evaluate", "run", "--truth", "truth.csv")
    assert f"note    {told.replace('scores', 'truth')}\n" in done.stdout
    assert f"warning: {told}\n" in piqa("names", "scores.csv").stderr
    done = piqa("scan", "--manifest", "scores.csv")
    assert "none of the 4 files that scores.csv names is there" in done.stderr
    (tmp_path / "Bar").mkdir()
    (tmp_path / "Bar" / "A.jpg").write_bytes(b"")
    assert f"warning: {told}\n" in piqa("scan", "--manifest", "scores.csv").stdout
