"""Several names of one phone: warnings, `[devices]` in piqa.toml, `piqa-cli names`."""

import json
import tomllib

import pyarrow.parquet as pq
import pytest
from PIL import Image

from piqa_cli.runs.table_set import load_run
from tests.cli.test_settings import lab  # noqa: F401 - a fixture

TABLE = '[devices]\n"Pixel 8" = ["pixel8"]\n'
NEAR = "'Pixel 8' is also written 'pixel8'"
LEAGUES = "written in one way, 2 groups that share no scene would be one"
SCORES = (
    "a.jpg,Hall,Pixel 8,2.0", "b.jpg,Hall,Aster,1.0", "c.jpg,Bar,pixel8,1.5", "d.jpg,Bar,Birch,1.0",
    "e.jpg,Den,Pixel 8,1.5", "f.jpg,Den,Aster,0.9",
)  # fmt: skip


@pytest.fixture
def scores(lab):  # noqa: F811
    return lab("\n".join(("path,scene,device,score", *SCORES)) + "\n", "scores.csv")


@pytest.fixture
def shoot(lab, texture):  # noqa: F811
    """Photographs of a phone: shoot("Hall/Pixel 8/1.jpg", model="GP8")."""
    root = lab("", "none").parent / "captures"

    def make(*paths, model):
        for path in paths:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            exif = Image.Exif()
            exif[0x010F], exif[0x0110] = "Maker", model
            Image.fromarray(texture(sum(map(ord, path)))).save(root / path, exif=exif)
        return root

    return make


def good(result):
    assert result.exit_code == 0, result.output
    return result.stdout


def devices(run):
    rows = pq.read_table(run / "device_ranks.parquet").to_pylist()
    return [row["device"] for row in rows if row["condition"] is None]


def test_two_folders_of_one_phone_become_one_device(piqa, lab, shoot):  # noqa: F811
    root = shoot("Hall/Pixel 8/1.jpg", "Hall/pixel8/22.jpg", model="GP8")
    shoot("Hall/Aster/333.jpg", model="A1")
    apart = json.loads(good(piqa("scan", root, "--json")))
    assert NEAR in apart["warnings"][0]
    assert "group" not in apart["warnings"][0]
    lab(TABLE)
    scan = json.loads(good(piqa("scan", root, "--json")))
    assert (scan["devices"], scan["counts"], scan["warnings"]) == (
        ["Aster", "Pixel 8"],
        [[1, 2]],
        [],
    )
    done = json.loads(good(piqa("rank", root, "-o", "run", "--pictures", "none", "--json")))
    assert done["warnings"] == []  # two folders with one EXIF Model are no mix-up any more
    rows = pq.read_table("run/captures.parquet").to_pylist()
    assert {row["path"]: row["device"] for row in rows} == {
        "Hall/Aster/333.jpg": "Aster",
        "Hall/Pixel 8/1.jpg": "Pixel 8",
        "Hall/pixel8/22.jpg": "Pixel 8",
    }


def test_a_manifest_is_read_under_the_names_that_hold(piqa, lab, shoot):  # noqa: F811
    shoot("a/1.jpg", "a/22.jpg", model="GP8")
    lab(
        "path,scene,device\ncaptures/a/1.jpg,Hall,pixel8\ncaptures/a/22.jpg,Hall,PIXEL 8\n", "m.csv"
    )
    lab(TABLE)
    assert json.loads(good(piqa("scan", "--manifest", "m.csv", "--json")))["devices"] == ["Pixel 8"]


def test_scores_are_ranked_in_one_league(piqa, lab, scores, tmp_path):  # noqa: F811
    before = json.loads(good(piqa("rank", "--scores", scores, "-o", "apart", "--json")))
    assert NEAR in before["warnings"][0]
    assert LEAGUES in before["warnings"][0]
    assert LEAGUES in (tmp_path / "lab/apart/report/index.html").read_text()
    lab(TABLE)
    asked = ("--reference", "PIXEL 8", "-o", "run", "--json")
    after = json.loads(good(piqa("rank", "--scores", scores, *asked)))
    assert after["warnings"] == []
    assert {row["league"] for row in after["device_ranks"]} == {1}
    assert after["device_ranks"][0]["reference"] == "Pixel 8"
    run = load_run(tmp_path / "lab" / "run")
    assert run.info["settings"]["find"]["devices"] == {"Pixel 8": ["pixel8"]}
    assert "find.devices.Pixel 8" in (run.folder / "report/index.html").read_text()


def test_the_proposed_table_joins_what_it_found(piqa, lab, scores):  # noqa: F811
    told = good(piqa("names", scores))
    assert told == (
        f'# 1 device written in several ways\n# {LEAGUES}\n[devices]\n"Pixel 8" = ["pixel8"]\n'
    )
    lab(told)
    assert good(piqa("names", scores)) == (
        "# nothing to join: 3 names of devices, each written in one way\n"
    )


def test_runs_folders_and_lists_are_looked_at_together(piqa, lab, scores, shoot):  # noqa: F811
    good(piqa("rank", "--scores", scores, "-o", "run"))
    root = shoot("Hall/PIXEL-8/1.jpg", "Hall/Birch+/1.jpg", "Hall/Birch Plus/1.jpg", model="M")
    lab('[devices]\n"Other" = ["another"]\n')
    lab('device\n"Pi\u00a0xel 8"\n', "list.csv")
    told = good(piqa("names", "run", root, "list.csv"))
    assert '"Pixel 8" = ["pixel8", "PIXEL-8", "Pi\\u00A0xel 8"]' in told
    assert "# with all that piqa.toml has under [devices]: replace it there\n" in told
    assert told.endswith('one entry:\n# "Birch Plus" = ["Birch+"]\n')
    assert tomllib.loads(told)["devices"] == {
        "Other": ["another"],
        "Pixel 8": ["pixel8", "PIXEL-8", "Pi\u00a0xel 8"],
    }
    plain = json.loads(good(piqa("names", "run", root, "list.csv", "--json")))
    assert plain["devices"] == tomllib.loads(told)["devices"]
    assert list(plain["joined"]) == ["Pixel 8"]
    assert plain["perhaps"] == {"Birch Plus": ["Birch+"]}
    assert (plain["n_names"], plain["n_leagues"], plain["n_leagues_joined"]) == (8, 4, 1)


def test_a_contradiction_is_one_line_of_every_command(piqa, lab, scores):  # noqa: F811
    lab('[devices]\nA = ["B"]\nB = ["c"]\n')
    result = piqa("rank", "--scores", scores)
    assert (result.exit_code, result.stderr.count("\n")) == (3, 1)
    assert "./piqa.toml: [devices] 'B' is a name and an alias of 'A'" in result.stderr


def test_config_shows_the_names(piqa, lab):  # noqa: F811
    lab(TABLE + "Aster = []\n")
    text = good(piqa("config", "show"))
    assert "device  'Pixel 8' is also 'pixel8'\ndevice  'Aster' in every spelling\n" in text
    told = json.loads(good(piqa("config", "show", "--json")))
    assert told["devices"] == {"Pixel 8": ["pixel8"], "Aster": []}


@pytest.fixture
def nights(piqa, lab, scores):  # noqa: F811
    """Two runs: of the day before with two spellings, and of the day after a renaming."""
    good(piqa("rank", "--scores", scores, "-o", "runs/1"))
    renamed = scores.read_text().replace("Pixel 8", "P8 Pro").replace("pixel8", "P8 Pro")
    later = lab(renamed.replace("2.0", "2.2"), "later.csv")
    good(piqa("rank", "--scores", later, "-o", "runs/2"))
    lab('[devices]\n"P8 Pro" = ["pixel 8"]\n')


@pytest.mark.usefixtures("nights")
def test_a_renamed_phone_is_compared_with_itself(piqa):
    apart = good(piqa("--config", "/dev/null", "compare", "runs/1", "runs/2"))
    assert f"note    {NEAR}: compared as different devices" in apart
    good(piqa("compare", "runs/1", "runs/2", "-o", "cmp"))
    rows = pq.read_table("cmp/compare_devices.parquet").to_pylist()
    changed = {row["device"]: row["base_device"] for row in rows if row["condition"] is None}
    assert changed == {"Aster": "Aster", "Birch": "Birch", "P8 Pro": "P8 Pro"}


@pytest.mark.usefixtures("nights")
def test_a_renamed_phone_has_one_history(piqa):
    """The older run had it as two devices in two leagues: there it is ranked again as one."""
    apart = json.loads(good(piqa("--config", "/dev/null", "history", "pixel8", "runs", "--json")))
    assert NEAR in apart["warnings"][0]
    assert [left["run"] for left in apart["absent"]] == ["2"]
    told = json.loads(good(piqa("history", "PIXEL 8", "runs", "--json")))
    assert (told["device"], told["warnings"], told["absent"]) == ("P8 Pro", [], [])
    points = told["series"][0]["runs"]
    assert [(p["run"], p["n_devices"], p["n_scenes"]) for p in points] == [("1", 3, 3), ("2", 3, 3)]
    assert points[1]["breaks"] == []
    assert points[1]["change"] > 0


@pytest.mark.usefixtures("nights")
def test_ratings_of_a_renamed_phone_count_for_it(piqa, lab):  # noqa: F811
    truth = "\n".join(("path,scene,device,jod", *SCORES)) + "\n"
    lab(truth, "truth.csv")
    told = json.loads(good(piqa("evaluate", "runs/1", "--truth", "truth.csv", "--json")))
    leagues = told["devices"]["leagues"]
    assert [sorted(row["device"] for row in league["devices"]) for league in leagues] == [
        ["Aster", "Birch", "P8 Pro"]
    ]
