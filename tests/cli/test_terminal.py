"""Lines on the terminal stay lines, whatever names and warnings hold."""

import doctest
from dataclasses import replace
from pathlib import Path

import pytest

from piqa_cli import errors
from piqa_cli.cli.rank_lines import print_summary, summary_json
from piqa_cli.cli.terminal import print_table
from piqa_cli.errors import spelt_out
from tests.runs.samples import content

EVIL = "A\x1b[2J\x9bm\nB\u202e"


@pytest.fixture
def scores(tmp_path, monkeypatch):
    """Works in a folder; scores(rows) writes scores.csv, and gives the words that rank it."""
    monkeypatch.chdir(tmp_path)

    def make(*rows):
        lines = "".join(f"{n},{row}\n" for n, row in enumerate(rows))
        (tmp_path / "scores.csv").write_text(f"path,scene,device,score\n{lines}", encoding="utf-8")
        return ("rank", "--scores", "scores.csv", "--scale", "jod", "-o", "run")

    return make


def test_examples():
    assert doctest.testmod(errors) == (0, 2)


def test_a_table_keeps_its_columns(capsys):
    long = "Maker Ultra Pro Max Super Long Edition Number 16 of Europe"
    print_table(
        ("device", "score", "note"), [(EVIL, "1", ""), ("名前", "22", long), (long, "3", "")]
    )
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4
    assert lines[1].startswith("A\\x1b[2J\\x9bm\\nB\\u202e ")
    assert lines[2].endswith(f" {long}")
    assert "…" in lines[3]
    # Figures end at one place; 名前 takes two columns more than it has letters.
    assert lines[1].rindex("1") == lines[2].index("22") + 1 + 2 == lines[3].rindex("3")


def test_letters_of_all_scripts_are_left_alone():
    for text in ("Näme 名", "می\u200cخواهم", "a\u00a0b", "👨\u200d👩"):
        assert spelt_out(text) == text


def test_codes_in_names_reach_no_terminal(piqa, scores):
    quoted = EVIL.replace("\n", "")  # as_label of a list takes line ends for blanks
    rank = scores(*(f"S{quoted}{n},{d}{quoted},{n}" for n in range(2) for d in "KL"))
    for words in (rank, (*rank, "--json"), ("compare", "run", "run", "-o", "changes")):
        done = piqa(*words)
        assert done.exit_code == 0, done.stderr
        assert not set(done.stdout + done.stderr) & set("\x1b\x9b\u202e")


def test_warnings_are_cut_and_known_ones_only_counted(capsys):
    warnings = [f"{n}.jpg: {'two phones' if n % 4 == 0 else 'odd'}" for n in range(10)]
    known = {"acknowledge": ["*Two phones"]}
    run = content(warnings=warnings, settings=known, report=Path("run/report/index.html"))
    print_summary(run)
    lines = capsys.readouterr().out.splitlines()
    start = lines.index("warning: 1.jpg: odd")
    assert lines[start : start + 7] == [
        *(f"warning: {n}.jpg: odd" for n in (1, 2, 3, 5, 6)),
        "  ... and 2 more of 7 warnings in run/report/index.html",
        "3 warnings acknowledged in piqa.toml",
    ]
    assert summary_json(replace(run, provenance={"started_at": ""}))["acknowledged"] == [
        "0.jpg: two phones", "4.jpg: two phones", "8.jpg: two phones",
    ]  # fmt: skip


def test_scan_leaves_known_warnings_out_too(piqa, captures, monkeypatch):
    monkeypatch.chdir(captures.parent)
    (captures / "Bar" / "scene.toml").write_bytes("title = 'Caf\xe9'".encode("latin-1"))
    assert "warning: scene.toml of scene 'Bar' is no UTF-8 text" in piqa("scan", captures).stdout
    (captures.parent / "piqa.toml").write_text("[acknowledge]\nwarnings = ['scene.toml of*']\n")
    said = piqa("scan", captures).stdout
    assert "warning:" not in said
    assert "\n1 warning acknowledged in piqa.toml\n" in said


def test_ranks_of_one_scene_are_not_firm(piqa, scores):
    done = piqa(*scores("Bar,A,3", "Bar,B,1", "Bar,C,0"))
    cells = [line.split()[:2] for line in done.stdout.splitlines()[1:4]]
    assert cells == [["(1)", "A"], ["(2)", "B"], ["(3)", "C"]]
    assert (
        "note: ranks in brackets aren't firm: ranks rest on the tie threshold of 0.3 JOD alone. "
        "An interval needs at least two scenes that two or more devices share." in done.stdout
    )
    assert "(1) of 3" in piqa("history", "A", "run").stdout


def test_ranks_with_intervals_are_firm(piqa, scores):
    done = piqa(*scores("Bar,A,3", "Bar,B,1", "Hall,A,3.5", "Hall,B,1.4", "Inn,A,4", "Inn,B,2.1"))
    assert done.stdout.splitlines()[1].split()[:2] == ["1", "A"]
    assert "brackets" not in done.stdout
