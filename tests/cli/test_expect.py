"""Captures that a run lacks, from the command line: told, shown, kept, gated; scores are given."""

import hashlib
import itertools
import json
import re

import pytest

from piqa_cli.runs.table_set import load_run

DEVICES, SCENES = ("kestrin-k2", "orvane-5"), ("Bar", "Hall", "Park")
MISSING = "piqa-cli: missing of what [expect] in ./piqa.toml asks for: "
RENAMED = (
    "piqa-cli: looks like 'kestrin-k2' renamed to 'kestrin-k2b' (6 files are the same): "
    "map it in [devices] of piqa.toml"
)


@pytest.fixture
def lab(tmp_path, monkeypatch):
    """Works in a folder of its own; lab("...") writes its piqa.toml."""
    monkeypatch.chdir(tmp_path)
    return lambda text: (tmp_path / "piqa.toml").write_text(text)


@pytest.fixture
def ranked(piqa, tmp_path, monkeypatch):
    """Ranks given scores: ranked("run", devices, scenes, takes) into a folder."""
    monkeypatch.chdir(tmp_path)

    def rank(out, devices=DEVICES, scenes=SCENES, *options, takes=2, files=None):
        lines = ["path,scene,device,score,sha256"]
        for scene, device, take in itertools.product(scenes, devices, range(takes)):
            sha256 = f"{scene}{(files or {}).get(device, device)}{take}".encode().hex()
            lines.append(f"{scene}/{device}/{take}.jpg,{scene},{device},{take}.5,{sha256}")
        (tmp_path / "scores.csv").write_text("\n".join(lines) + "\n")
        return piqa("rank", "--scores", "scores.csv", "--scale", "jod", "-o", out, *options)

    return rank


def page_text(folder):
    page = (folder / "report" / "index.html").read_text(encoding="utf-8")
    return " ".join(re.sub("<[^>]*>", " ", page).split())


def test_a_device_that_is_gone_is_said_even_if_quiet(lab, ranked, tmp_path):
    lab('[expect]\ndevices = ["kestrin-k2", "orvane-5"]\ntakes = 2\n')
    result = ranked("run", DEVICES[1:], SCENES, "-q")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == (
        f"{MISSING}1 of 2 devices (kestrin-k2), 3 of 6 cells (kestrin-k2 in Bar, kestrin-k2 in "
        "Hall, kestrin-k2 in Park), 6 of 12 captures\n"
    )
    kept = json.loads((tmp_path / "run" / "run.json").read_text())
    assert (kept["expected"]["devices"], kept["expected"]["n_cells"]) == (["kestrin-k2"], 6)
    assert kept["warnings"] == [result.stderr.removeprefix("piqa-cli: ").strip()]
    shown = page_text(tmp_path / "run")
    assert "Missing: 1 device, 6 captures" in shown
    assert "Found/expected kestrin-k2 Bar 0/2 Hall 0/2 Park 0/2" in shown


def test_gates_count_devices_cells_and_takes(lab, ranked):
    lab(
        '[expect]\ndevices = ["kestrin-k2", "orvane-5"]\nscenes = ["Bar", "Hall", "Park"]\n'
        "takes = 2\n[gates]\nmax_missing_devices = 1\nmax_missing_cells = 3\n"
        "max_missing_takes = 6\n[[gates.rule]]\nlevel = 'warn'\nscene = 'Park'\n"
        "max_missing_cells = 1\n"
    )
    assert ranked("run").stderr == ""
    result = ranked("run", DEVICES[1:], ("Bar", "Hall"), "--json")
    assert result.exit_code == 6
    told = json.loads(result.stdout)
    assert [(g["name"], g["value"], g["passed"]) for g in told["gates"]] == [
        ("max_missing_devices", 1.0, True),
        ("max_missing_cells", 4.0, False),
        ("max_missing_takes", 8.0, False),
        ("max_missing_cells", 2.0, False),
    ]
    assert told["expected"]["scenes"] == ["Park"]
    assert told["expected"]["cells"][0] == {
        "scene": "Bar", "condition": None, "device": "kestrin-k2", "expected": 2, "found": 0,
    }  # fmt: skip
    assert "gate failed: max_missing_takes: 8 takes missing (kestrin-k2 in Bar" in result.stderr


def test_a_run_may_be_what_is_expected_and_a_renamed_device_is_told(lab, ranked, tmp_path):
    ranked("base")
    lab('[expect]\nfrom = "base"\n[gates]\nmax_missing_devices = 0\n')
    assert ranked("good", DEVICES, SCENES, "-q").output == ""
    names = ("kestrin-k2b", "orvane-5")
    result = ranked("new", names, SCENES, "-q", files={"kestrin-k2b": "kestrin-k2"})
    assert result.exit_code == 6
    first, renamed, gate = result.stderr.splitlines()
    assert first.startswith(f"{MISSING}1 of 2 devices (kestrin-k2), 3 of 6 cells (")
    assert renamed == RENAMED
    assert gate.endswith("max_missing_devices: 1 device missing (kestrin-k2), limit 0")
    assert RENAMED.removeprefix("piqa-cli: ") in load_run(tmp_path / "new").info["warnings"]
    assert "kestrin-k2b" in page_text(tmp_path / "new")
    told = ranked("new", names, SCENES, files={"kestrin-k2b": "kestrin-k2"})
    assert told.output.count("looks like") == 1


def test_what_only_and_exclude_leave_out_is_not_missing(lab, ranked):
    ranked("base")
    lab('[expect]\nfrom = "base"\n')
    chosen = ("--only", "device=orvane*", "--exclude", "scene=Park", "-q")
    assert ranked("run", DEVICES, SCENES, *chosen).output == ""
    assert "1 of 2 cells (orvane-5 in Hall)" in ranked("run", DEVICES, ("Bar",), *chosen).stderr


def test_a_run_that_is_expected_must_be_there(lab, ranked):
    lab('[expect]\nfrom = "base"\n')
    result = ranked("run")
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.startswith("piqa-cli: ./piqa.toml: 'from' in [expect]: no run folder base")


def test_gates_on_what_is_missing_need_an_expectation(lab, ranked):
    lab("[gates]\nmax_missing_devices = 0\n")
    assert (
        "gate not judged, so failed: max_missing_devices: nothing is expected"
        in ranked("run").stderr
    )


def test_compare_warns_of_a_device_of_base_and_fails_once_there_is_a_gate(
    lab, ranked, piqa, tmp_path
):
    ranked("base")
    ranked("new", ("kestrin-k2b", "orvane-5"), files={"kestrin-k2b": "kestrin-k2"})
    result = piqa("compare", "base", "new", "-o", "changes", "-q")
    assert (result.exit_code, result.stdout) == (0, "")
    missing, renamed = result.stderr.splitlines()
    assert missing.startswith("piqa-cli: missing of what BASE has: 1 of 2 devices (kestrin-k2), ")
    assert renamed == RENAMED
    shown = page_text(tmp_path / "changes")
    assert "kestrin-k2 is missing from NEW. orvane-5: same given scores" in shown
    assert "Missing: 1 device, 6 captures" in shown
    told = json.loads((tmp_path / "changes" / "compare.json").read_text())
    assert told["expected"]["devices"] == ["kestrin-k2"]
    lab("[gates]\nmax_failed_captures = 0\n")
    gated = piqa("compare", "base", "new", "-o", "changes")
    assert gated.exit_code == 6
    line = "gate failed: max_missing_devices: 1 device missing (kestrin-k2), limit 0"
    assert gated.stderr.splitlines()[-1] == f"piqa-cli: {line}"
    assert gated.output.count("missing of what BASE has") == 1
    lab("[gates]\nmax_failed_captures = 0\nmax_missing_devices = 1\n")
    assert piqa("compare", "base", "new", "-o", "changes").exit_code == 0
    mapped = piqa(
        "compare", "base", "new", "-o", "changes", "-q", "--map", "kestrin-k2=kestrin-k2b"
    )
    assert (mapped.exit_code, mapped.output) == (0, "")


def test_compare_holds_new_against_the_expectation_and_devices_of_base(lab, ranked, piqa):
    ranked("base")
    ranked("new", ("orvane-5",))
    lab('[expect]\ndevices = ["orvane-5", "tolvika-t9"]\n')
    result = piqa("compare", "base", "new", "-o", "changes", "-q")
    assert "2 of 3 devices (kestrin-k2, tolvika-t9)" in result.stderr
    ranked("only", DEVICES, SCENES, "--only", "device=orvane-5")
    lab("[gates]\nmax_failed_captures = 0\n")
    chosen = piqa("compare", "base", "only", "-o", "changes", "-q")
    assert (chosen.exit_code, chosen.output) == (0, "")


def test_fewer_takes_than_in_base_are_no_news(ranked, piqa):
    ranked("base")
    ranked("new", takes=1)
    assert piqa("compare", "base", "new", "-o", "changes", "-q").output == ""


def test_report_and_a_blind_report_show_what_the_run_lacked(lab, ranked, piqa, tmp_path):
    lab('[expect]\ndevices = ["kestrin-k2", "orvane-5", "gone-1"]\n')
    ranked("run")
    before = page_text(tmp_path / "run")
    lab("")
    assert piqa("report", "run").exit_code == 0
    assert page_text(tmp_path / "run") == before
    assert piqa("report", "run", "--blind").exit_code == 0
    assert "gone-1" not in page_text(tmp_path / "run")


def test_scan_shows_what_is_missing_as_a_matrix(lab, piqa, captures):
    lab('[expect]\ndevices = ["Aster", "Cedar"]\nscenes = ["Bar", "Hall"]\ntakes = 3\n')
    result = piqa("scan", captures)
    assert result.exit_code == 0
    matrix = result.stdout[result.stdout.index("missing: ") :].splitlines()[:4]
    assert [line.split() for line in matrix] == [
        ["missing:", "captures", "found", "/", "expected"],
        ["scene", "Aster", "Cedar"],
        ["Bar", "2/3", "0/3"],
        ["Hall", "0/3", "0/3"],
    ]
    assert result.stderr.startswith(f"{MISSING}1 of 2 devices (Cedar), 1 of 2 scenes (Hall), 3 of")
    told = json.loads(piqa("scan", captures, "--json").stdout)
    assert (told["expected"]["devices"], len(told["expected"]["cells"])) == (["Cedar"], 4)


def test_scan_tells_a_renamed_device_in_the_words_of_rank(lab, piqa, captures, tmp_path):
    files = sorted(captures.rglob("*.*"))
    lines = ["path,scene,device,score,sha256"]
    for n, file in enumerate(f for f in files if f.suffix in (".jpg", ".png")):
        scene, device, name = file.relative_to(captures).parts
        sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
        old = f"{device} old"
        lines.append(f"{scene}/{old}/{name},{scene},{old},{n}.5,{sha256}")
    (tmp_path / "scores.csv").write_text("\n".join(lines) + "\n")
    assert piqa("rank", "--scores", "scores.csv", "--scale", "jod", "-o", "base").exit_code == 0
    lab('[expect]\nfrom = "base"\n')
    told = [line for line in piqa("scan", captures).stderr.splitlines() if "looks like" in line]
    ranked = piqa("rank", captures, "-o", "new", "-q").stderr.splitlines()
    assert told
    assert told == [line for line in ranked if "looks like" in line]


def test_scan_refuses_a_manifest_of_which_nothing_is_there(piqa, captures):
    (captures / "list.csv").write_text("path,scene,device\nmoved/1.png,Bar,Aster\nx.png,Bar,B\n")
    result = piqa("scan", "--manifest", captures / "list.csv")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "none of the 2 files that" in result.stderr
    (captures / "x.png").write_bytes(b"")
    assert piqa("scan", "--manifest", captures / "list.csv").exit_code == 0


def test_config_shows_what_is_expected(lab, piqa):
    lab('[expect]\ndevices = ["a", "b"]\ntakes = 2\n')
    assert "expect  devices: a, b\nexpect  takes: 2\n" in piqa("config", "show").stdout


def test_what_is_missing_can_be_acknowledged(lab, ranked, piqa, captures):
    known = "[acknowledge]\nwarnings = ['missing of what*']\n"
    lab(f'[expect]\ndevices = ["kestrin-k2", "orvane-5"]\n{known}')
    result = ranked("run", DEVICES[1:], SCENES)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "\n1 warning acknowledged in piqa.toml\n" in result.stdout
    scanned = piqa("scan", captures)
    assert (scanned.exit_code, scanned.stderr) == (0, "")
    assert "\n1 warning acknowledged in piqa.toml\n" in scanned.stdout
    told = json.loads(piqa("scan", captures, "--json").stdout)
    assert told["acknowledged"] == told["warnings"] != []


def test_compare_leaves_known_gaps_out(lab, ranked, piqa):
    ranked("base")
    ranked("new", DEVICES[1:])
    assert "kestrin-k2" in piqa("compare", "base", "new", "-o", "changes").stderr
    lab("[acknowledge]\nwarnings = ['missing of what*']\n")
    assert piqa("compare", "base", "new", "-o", "changes").stderr == ""


def test_a_map_of_compare_holds_for_what_from_expects(lab, ranked, piqa):
    ranked("base")
    ranked("new", ("kestrin-x", DEVICES[1]))
    lab('[expect]\nfrom = "base"\n')
    assert "kestrin-k2" in piqa("compare", "base", "new", "-o", "changes").stderr
    mapped = ("compare", "base", "new", "--map", "kestrin-k2=kestrin-x", "-o", "changes")
    assert piqa(*mapped).stderr == ""


def test_only_under_an_old_name_hides_nothing(lab, ranked, piqa):
    ranked("base", ("K2", "O5"))
    ranked("new", ("kestrin", "O5"), SCENES[:2], "--only", "device=kestrin")
    lab("[devices]\nK2 = ['kestrin']\n")
    told = piqa("compare", "base", "new", "-o", "changes").stderr
    assert "1 of 3 cells (K2 in Park)" in told


def test_the_near_names_of_scan_go_by_what_is_ranked(lab, piqa, captures):
    (captures / "Bar" / "Aster").rename(captures / "Bar" / "Aster@V 1")
    (captures / "Park" / "Aster").rename(captures / "Park" / "Aster@v1")
    words = ("scan", captures, "--layout", "{scene}/{device}@{firmware}")
    for name in ("Bar", "Park"):
        (captures / name / "Birch").rename(captures / name / "Birch@2")
    assert "is also written" in piqa(*words).stdout
    lab('[rank]\nby = "device"\n')
    assert "is also written" not in piqa(*words).stdout
