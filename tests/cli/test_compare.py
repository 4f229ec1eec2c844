"""`piqa-cli compare`: what it prints, writes and refuses."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest

from piqa_cli.runs.folder import prepare_out, write_run
from piqa_cli.runs.lock import hold
from tests.runs.samples import content, recipe, scored


@pytest.fixture
def runs(tmp_path):
    """Two scenes by two devices; kestrin fell by 0.5 and 0.6, tolvika is the same."""
    folders = []
    for name, fall in (("base", 0.0), ("new", 1.0)):
        results = [scored("Hall", "kestrin", 2.0 - 0.5 * fall), scored("Hall", "tolvika", 1.0)]
        results += [scored("Night", "kestrin", 5.0 - 0.6 * fall), scored("Night", "tolvika", 4.0)]
        if fall:
            results = [_shot_again(r) if r.capture.device == "kestrin" else r for r in results]
        prepare_out(tmp_path / name)
        write_run(content(out=tmp_path / name, results=results))
        folders.append(tmp_path / name)
    return folders


def _shot_again(result):
    return replace(result, facts=replace(result.facts, sha256=result.facts.sha256[::-1]))


def good(result):
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_worst_device_stands_first(piqa, runs, tmp_path):
    lines = good(piqa("compare", *runs, "-o", tmp_path / "out")).splitlines()
    assert [line.split() for line in lines[:3]] == [
        ["device", "change", "95", "%", "interval", "scenes", "verdict"],
        # Mean -0.55, SD 0.0707: 0.05 * 12.706 on either side.
        ["kestrin", "-0.55", "-1.19", "..", "+0.09", "2", "no", "clear", "change"],
        ["tolvika", "0", "-", "2", "unchanged", "files"],
    ]
    assert lines[4] == "worst regressions"
    assert lines[6].split()[:3] == ["Night", "kestrin", "-0.60"]
    assert "captures 2 changed, 2 unchanged, 0 added, 0 removed" in lines
    assert lines[-1] == f"report  {tmp_path / 'out' / 'report' / 'index.html'}"


def test_json_is_one_object(piqa, runs, tmp_path):
    plain = json.loads(good(piqa("compare", *runs, "-o", tmp_path / "out", "--json")))
    first = plain["devices"][0]
    assert (first["device"], first["verdict"], first["n_scenes"]) == ("kestrin", "unclear", 2)
    assert [row["scene"] for row in plain["regressions"]] == ["Night", "Hall"]
    file = json.loads((tmp_path / "out" / "compare.json").read_text())
    assert {name: plain[name] for name in ("devices", "scenes", "noise", "captures")} == {
        name: file[name] for name in ("devices", "scenes", "noise", "captures")
    }


def test_quiet_writes_and_says_nothing(piqa, runs, tmp_path):
    result = piqa("compare", *runs, "-o", tmp_path / "out", "-q")
    assert (result.exit_code, result.output) == (0, "")
    assert (tmp_path / "out" / "report" / "index.html").exists()


def test_two_at_once_do_not_write_into_one_folder(piqa, runs, tmp_path):
    (tmp_path / "out").mkdir()
    with hold(tmp_path / "out"):
        result = piqa("compare", *runs, "-o", tmp_path / "out")
    assert (result.exit_code, len(result.stderr.splitlines())) == (3, 1)
    assert not (tmp_path / "out" / "compare.json").exists()


def test_a_tie_of_ones_own(piqa, runs, tmp_path):
    plain = good(piqa("compare", *runs, "-o", tmp_path / "out", "--json", "--tie-jod", "2"))
    assert json.loads(plain)["devices"][0]["verdict"] == "same"


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (("{base}", "none"), 3, "no run folder none"),
        (("{base}", "{tmp}"), 3, "holds no finished run"),
        (("{base}", "{other}"), 3, "can't be compared: the working size differs (1350 and native)"),
        (("{base}", "{new}", "--map", "kestrim=tolvika"), 3, "did you mean 'kestrin'?"),
        (("{base}", "{new}", "--map", "kestrin"), 2, "write --map OLD=NEW"),
        (("{base}", "{new}", "-o", "{base}"), 3, "is no comparison: choose a new or empty folder"),
    ],
)
def test_what_is_wrong_is_one_line(piqa, runs, tmp_path, args, code, message):
    prepare_out(tmp_path / "other")
    native = recipe(working_size="native")
    write_run(content(out=tmp_path / "other", recipe=native))
    places = {"base": runs[0], "new": runs[1], "tmp": tmp_path, "other": tmp_path / "other"}
    result = piqa("compare", *(arg.format(**places) for arg in args))
    assert (result.exit_code, result.stdout) == (code, "")
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_it_runs_without_torch(runs, tmp_path):
    command = ["compare", *map(str, runs), "-o", str(tmp_path / "out"), "-q"]
    code = (
        "import sys; from piqa_cli.cli.main import app\n"
        f"app({command!r}, standalone_mode=False)\n"
        "assert 'torch' not in sys.modules and 'scipy.stats' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
