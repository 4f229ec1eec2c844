"""Parts make the run that one machine would have made, or are refused in one line."""

import json
import shutil

import pytest
from PIL import Image

from piqa_cli.records import on_demand
from piqa_cli.runs.table_set import load_run
from tests.fake_models import add_models

TABLES = ("captures", "scene_ranks", "device_ranks", "pairs")


@pytest.fixture(autouse=True)
def models(monkeypatch, tmp_path, one_thread):
    add_models(monkeypatch, tmp_path / "weights", light=1, dark=-1)


@pytest.fixture
def more(captures, texture):
    """Captures in four scenes: one file is no picture, two are equal, one scene is large."""
    for scene, takes in (("Deck", 3), ("Hall", 1)):
        for d, device in enumerate(("Aster", "Birch")):
            (captures / scene / device).mkdir(parents=True)
            for take in range(takes):
                pixels = texture(10 * takes + take, smooth=12 * d)
                Image.fromarray(pixels).save(captures / scene / device / f"{take}.png")
    (captures / "Deck" / "Birch" / "2.png").write_bytes(b"\x89PNG\r\n\x1a\nno more")
    (captures / "Deck" / "notes.txt").write_text("tripod")
    shutil.copy(captures / "Bar" / "Aster" / "take_1.png", captures / "Hall" / "Aster" / "0.png")
    return captures


@pytest.fixture
def parts(piqa, more, tmp_path):
    """Scores all shards: parts(3, "--model", "light") gives the folder that holds them."""

    def make(of, *words, name="parts"):
        for number in range(1, of + 1):
            part = tmp_path / name / str(number)
            result = piqa("score", more, "--shard", f"{number}/{of}", "-o", part, *words)
            assert result.exit_code == 0, result.output
        return tmp_path / name

    return make


def files_of(run):
    """Bytes of all that a run holds, save timings and when it ran."""
    found = {
        str(file.relative_to(run)): file.read_bytes()
        for file in run.rglob("*")
        if file.is_file() and file.name not in ("timings.parquet", ".run-lock")
    }
    for name in [name for name in found if name.endswith("run.json")]:
        info = json.loads(found[name])
        del info["provenance"], info["files"]["timings.parquet"]
        info["settings"].pop("out")
        info["counts"].pop("reused")  # equal files in two shards are scored in both
        found[name] = info
    return found


@pytest.mark.parametrize("most", [on_demand.IN_MEMORY, 0])
@pytest.mark.parametrize("words", [[], ["--model", "light", "--model", "dark"]])
def test_parts_make_the_run_of_one_machine(piqa, more, parts, tmp_path, words, most, monkeypatch):
    monkeypatch.setattr(on_demand, "IN_MEMORY", most)
    folder = parts(3, *words)
    merging = ["--combine", "rank"] if words else ["--by", "device"]
    merged = piqa("rank", "--merge", folder, "-o", tmp_path / "merged" / "run", *merging)
    whole = piqa("rank", more, "-o", tmp_path / "whole" / "run", "--fresh", *words, *merging)
    assert (merged.exit_code, whole.exit_code) == (5, 5), merged.output
    assert merged.stdout.replace("merged", "whole") == whole.stdout
    ours, theirs = files_of(tmp_path / "merged" / "run"), files_of(tmp_path / "whole" / "run")
    for info in [info for info in (*ours.values(), *theirs.values()) if isinstance(info, dict)]:
        info["settings"]["score"].pop("fresh")
    assert sorted(ours) == sorted(theirs)
    assert [name for name in ours if ours[name] != theirs[name]] == []
    assert any("pictures" in name for name in ours)
    assert any(name.endswith("report/index.html") for name in ours)
    timings = [
        {(t.path, t.stage) for t in load_run(tmp_path / name / "run").tables.timings}
        for name in ("merged", "whole")
    ]
    assert timings[0] == timings[1]


def test_a_shard_has_the_captures_of_its_scenes_alone(piqa, more, tmp_path):
    result = piqa("score", more, "--shard", "1/3", "-o", tmp_path / "p", "--model", "light")
    assert "shard   1/3: 1 scene, 5 captures scored, 1 failed" in result.stdout
    assert "Deck/Birch/2.png" in result.stderr
    counts = json.loads(
        piqa(
            "score", more, "--shard", "2/3", "-o", tmp_path / "q", "--model", "light", "--json"
        ).stdout
    )
    assert (counts["shard"], counts["scenes"], counts["ok"]) == ("2/3", 2, 6)


def test_a_part_can_be_scored_again(piqa, more, parts, tmp_path):
    folder = parts(2, "--model", "light")
    outcomes = (folder / "1" / "outcomes.jsonl.gz").read_bytes()
    again = parts(2, "--model", "light")
    facts = json.loads((again / "1" / "part.json").read_bytes())
    assert facts["reused"] == [7]
    assert len(outcomes) > (again / "1" / "outcomes.jsonl.gz").stat().st_size  # no timings
    assert piqa("rank", "--merge", folder, "-o", tmp_path / "run").exit_code == 5


def test_empty_shards_are_parts(piqa, parts, tmp_path):
    folder = parts(6, "--model", "light", "--pictures", "none")
    result = piqa("rank", "--merge", folder, "-o", tmp_path / "run", "--json")
    # The copy in the hall was known from the bar, which another shard had scored.
    assert json.loads(result.stdout)["counts"] == {
        "ok": 15, "failed": 1, "skipped": 1, "ignored": 0, "reused": 1,
    }  # fmt: skip


def merge(piqa, tmp_path, *folders):
    words = [word for folder in folders for word in ("--merge", folder)]
    result = piqa("rank", *words, "-o", tmp_path / "run")
    assert result.exit_code == 3, result.output
    assert not (tmp_path / "run").exists()
    assert result.stderr.count("\n") == 1
    return result.stderr


def test_a_missing_shard_is_refused_and_so_is_one_twice(piqa, parts, tmp_path):
    folder = parts(3, "--model", "light")
    one, two, three = (folder / name for name in "123")
    assert "shard 2 of 3 missing" in merge(piqa, tmp_path, three, one)
    assert "are both shard 1/3: leave one out" in merge(piqa, tmp_path, one, one, two, three)
    assert "holds no complete part" in merge(piqa, tmp_path, folder.parent / "captures")


def test_parts_of_other_settings_or_captures_are_refused(piqa, more, parts, tmp_path):
    folder = parts(2, "--model", "light")
    one, other = folder / "1", tmp_path / "other"

    def instead(*words):
        shutil.rmtree(other, ignore_errors=True)
        result = piqa("score", more, "-o", other, *words)
        assert result.exit_code == 0, result.output
        return merge(piqa, tmp_path, one, other)

    half = ("--shard", "2/2", "--model", "light")
    assert "cut all into as many" in instead("--shard", "2/3", "--model", "light")
    assert "other settings (models)" in instead("--shard", "2/2", "--model", "dark")
    assert "other settings (working size)" in instead(*half, "--working-size", "64")
    assert "different --pictures" in instead(*half, "--pictures", "none")
    assert "cut from other captures (16 and 12 files)" in instead(*half, "--exclude", "scene=Bar")


def test_a_damaged_part_is_refused(piqa, parts, tmp_path):
    folder = parts(2, "--model", "light")
    file = folder / "2" / "outcomes.jsonl.gz"
    file.write_bytes(file.read_bytes()[:-3])
    assert "is damaged or was being written: score its shard 2/2 again" in merge(
        piqa, tmp_path, folder
    )
    (folder / "2" / "part.json").write_text("{")
    assert "part.json is damaged" in merge(piqa, tmp_path, folder)
    facts = json.loads((folder / "1" / "part.json").read_text())
    (folder / "2" / "part.json").write_text(json.dumps(facts | {"shape": "old"}))
    assert "score its shard again with this version" in merge(piqa, tmp_path, folder)


def test_a_part_takes_no_folder_with_other_things(piqa, more, tmp_path):
    piqa("rank", more, "-o", tmp_path / "run", "--model", "light")
    shard = ("--shard", "1/2", "--model", "light")
    result = piqa("score", more, *shard, "-o", tmp_path / "run")
    assert "holds a run: choose a new or empty folder" in result.stderr
    assert "holds other files (such as 'Bar')" in piqa("score", more, *shard, "-o", more).stderr
    piqa("score", more, *shard, "-o", tmp_path / "part")
    assert "holds other files" in piqa("rank", more, "-o", tmp_path / "part").stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["score", "CAPTURES", "--shard", "1/2"], "name its folder with -o"),
        (["score", "CAPTURES", "CAPTURES", "--shard", "1/2", "-o", "p"], "one captures folder"),
        (["score", "a.jpg", "--only", "scene=Bar"], "--only is for --shard K/N"),
        (["score", "a.jpg", "--model", "light", "--model", "dark"], "takes one --model"),
        (["score"], "name the files to score"),
        (["rank", "CAPTURES", "--merge", "p"], "--merge ranks parts, not CAPTURES"),
        (["rank", "--merge", "p", "--scores", "s.csv"], "leave out --scores"),
        (["rank", "--merge", "p", "--model", "light"], "leave out --model"),
    ],
)
def test_contradictions_are_refused(piqa, more, words, message):
    result = piqa(*(more if word == "CAPTURES" else word for word in words))
    assert result.exit_code == 2
    assert message in result.stderr


def test_devices_that_were_renamed_since_are_refused(piqa, parts, tmp_path, monkeypatch):
    folder = parts(2, "--model", "light")
    (tmp_path / "piqa.toml").write_text('[devices]\n"Birch" = ["Brch"]\n')
    monkeypatch.chdir(tmp_path)
    assert "[devices] names other devices" in merge(piqa, tmp_path, folder)
