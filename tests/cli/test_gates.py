"""Gates of piqa.toml on real, small runs: what is said, where it is kept, how commands end."""

import json
import os
import subprocess
import sys
from html.parser import HTMLParser

import pytest
from PIL import Image, ImageFilter

from piqa_cli.runs.table_set import load_run

pytestmark = pytest.mark.usefixtures("known")


@pytest.fixture
def gates(tmp_path, monkeypatch):
    """Works in a folder of its own; gates("...") writes its piqa.toml."""
    monkeypatch.chdir(tmp_path)
    return lambda text: (tmp_path / "piqa.toml").write_text(text)


def page_text(file):
    parser = HTMLParser()
    words = []
    parser.handle_data = words.append
    parser.feed(file.read_text(encoding="utf-8"))
    return " ".join(" ".join(words).split())


def test_a_failed_gate_ends_with_6_and_is_told_everywhere(piqa, gates, captures):
    gates("[gates]\nmin_takes = 2\nmax_failed_captures = 0\n")
    (captures / "Bar" / "Aster" / "take_1.png").unlink()
    result = piqa("rank", captures, "-o", "run")
    assert result.exit_code == 6
    line = "min_takes: Aster in Bar has 1 take, limit 2"
    assert result.stderr.strip().splitlines() == [f"piqa-cli: gate failed: {line}"]
    assert "gates   1 failed, 2 passed\n" in result.stdout
    run = load_run(captures.parent / "run")
    assert [(g["name"], g["where"], g["value"], g["passed"]) for g in run.info["gates"]] == [
        ("max_failed_captures", "all captures", 0.0, True),
        ("min_takes", "Aster in Bar", 1.0, False),
        ("min_takes", "3 cells", 2.0, True),
    ]
    said = page_text(run.folder / "report" / "index.html")
    assert "Gates: 1 failed, 2 passed failed min_takes Aster in Bar has 1 take, limit 2" in said


def test_a_failed_gate_wins_over_failed_captures(piqa, gates, captures):
    (captures / "Bar" / "Aster" / "bad.jpg").write_text("no picture")
    gates("[gates]\nmax_failed_captures = 1\n")
    assert piqa("rank", captures, "-o", "run").exit_code == 5
    gates("[gates]\nmax_failed_captures = 0\n")
    result = piqa("rank", captures, "-o", "run", "--quiet")
    assert result.exit_code == 6
    assert "gate failed: max_failed_captures: 1 capture failed, limit 0" in result.stderr


def test_warnings_are_said_but_end_with_0(piqa, gates, captures):
    gates('[gates]\nlevel = "warn"\nmax_regression_jod = 1\nmin_takes = 9\n')
    result = piqa("rank", captures, "-o", "run")
    assert result.exit_code == 0
    assert "gate warning: min_takes: Aster in Bar has 2 takes, limit 9" in result.stderr
    assert "gate not judged: max_regression_jod: no reference" in result.stderr
    assert "gates   4 warnings, 1 not judged\n" in result.stdout
    quiet = piqa("rank", captures, "-o", "run", "--quiet")
    assert (quiet.exit_code, quiet.output) == (0, "")


def test_what_cannot_be_judged_fails_and_is_told_everywhere(piqa, gates, captures):
    gates("[gates]\nmax_regression_jod = 1\nmin_takes = 1\n")
    result = piqa("rank", captures, "-o", "run")
    assert result.exit_code == 6
    (line,) = result.stderr.splitlines()
    assert line.startswith("piqa-cli: gate not judged, so failed: max_regression_jod: no reference")
    assert "gates   1 not judged and so failed, 1 passed\n" in result.stdout
    said = page_text(captures.parent / "run" / "report" / "index.html")
    assert "Gates: 1 not judged and so failed, 1 passed not judged, so failed max_reg" in said


def test_a_pattern_that_matches_nothing_is_said_even_if_quiet(piqa, gates, captures):
    text = "[[gates.rule]]\ndevice = 'Asterr'\nmin_takes = 1\n"
    gates(f"{text}[[gates.rule]]\nlevel = 'warn'\ndevice = 'Brich'\nmin_takes = 1\n")
    result = piqa("rank", captures, "-o", "run", "--quiet")
    assert result.exit_code == 6
    (line,) = result.output.splitlines()
    assert line.endswith("not judged, so failed: min_takes: nothing here matches device Asterr")
    gates(f"{text}unjudged = 'warn'\n")
    softened = piqa("rank", captures, "-o", "run", "--quiet")
    assert softened.exit_code == 0
    assert softened.output == line.replace(", so failed", "") + "\n"


def test_a_device_without_any_good_capture_does_not_pass_in_silence(piqa, gates, captures):
    gates("reference = 'Birch'\n[gates]\nmax_regression_jod = 9\n")
    for file in captures.glob("*/Aster/*.png"):
        file.write_text("no picture")
    result = piqa("rank", captures, "-o", "run", "-q")
    assert result.exit_code == 6
    assert "so failed: max_regression_jod: Aster: all its 4 captures failed" in result.stderr


def test_json_has_the_gates_and_the_exit_code(piqa, gates, captures):
    gates("[gates]\nmin_takes = 3\n")
    result = piqa("rank", captures, "-o", "run", "--json")
    assert result.exit_code == 6
    said = json.loads(result.stdout)
    assert (said["exit_code"], len(said["gates"]), said["gates"][0]["passed"]) == (6, 4, False)


def test_report_shows_the_gates_of_the_run(piqa, gates, captures):
    gates("[gates]\nmin_takes = 1\n")
    piqa("rank", captures, "-o", "run")
    page = captures.parent / "run" / "report" / "index.html"
    assert "All gates passed 1 passed passed min_takes 4 cells within" in page_text(page)
    before = page.read_bytes()
    gates("[gates]\nmin_takes = 9\n")
    assert piqa("report", "run").exit_code == 0
    assert page.read_bytes() == before


def test_compare_fails_on_a_device_that_got_worse(piqa, gates, captures):
    gates('[gates]\nmax_regression_jod = 0.3\njudge = "estimate"\ncommand = "compare"\n')
    assert piqa("rank", captures, "-o", "base").exit_code == 0
    for file in (captures).glob("*/Aster/*.png"):
        Image.open(file).filter(ImageFilter.GaussianBlur(3)).save(file)
    assert piqa("rank", captures, "-o", "new").exit_code == 0
    result = piqa("compare", "base", "new", "-o", "changes")
    told = json.loads((captures.parent / "changes" / "compare.json").read_text())["gates"]
    (worse,) = (gate for gate in told if gate["device"] == "Aster")
    assert (worse["name"], worse["passed"], worse["limit"]) == ("max_regression_jod", False, 0.3)
    assert worse["value"] > 0.3
    assert result.exit_code == 6, result.output
    assert f"piqa-cli: gate failed: max_regression_jod: {worse['text']}" in result.stderr
    said = page_text(captures.parent / "changes" / "report" / "index.html")
    assert "Gates: 1 failed, 1 passed failed max_regression_jod Aster is" in said


def test_the_program_itself_ends_with_6(gates, captures):
    gates("[gates]\nmin_takes = 3\n")
    done = subprocess.run(
        [sys.executable, "-m", "piqa_cli", "rank", str(captures), "-o", "run", "-q"],
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 6
    assert len(done.stderr.splitlines()) == 4
