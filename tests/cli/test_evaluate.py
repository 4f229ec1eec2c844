"""`piqa-cli evaluate`: what it prints, writes and refuses."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest

from piqa_cli.runs.folder import prepare_out, write_run
from tests.runs.samples import content, scored


def good(result):
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture
def run(tmp_path):
    """Two scenes by five devices; Night runs one pair of devices the other way round."""
    results = [scored("Hall", d, float(n)) for n, d in enumerate("ABCDE")]
    results += [scored("Night", d, 7.0 + n) for n, d in enumerate("BACDE")]
    prepare_out(tmp_path / "run")
    write_run(content(out=tmp_path / "run", results=results), csv=False)
    return tmp_path / "run"


@pytest.fixture
def truth(tmp_path):
    """PIQ23's way of writing the same photos: backslashes, another case, a mark, more columns."""
    lines = [
        f"Overall\\{scene}\\{device}\\1.JPG,{n},.4,1.JPG,{scene}_Scene_{s},Indoor"
        for s, scene in enumerate(("Hall", "Night"))
        for n, device in enumerate("ABCDE")
    ]
    file = tmp_path / "truth.csv"
    head = "IMAGE PATH,JOD,JOD STD,IMAGE,SCENE,CONDITION"
    file.write_text("\n".join((head, *lines, "")), encoding="utf-8-sig")
    return file


def test_tables_on_stdout(piqa, run, truth):
    lines = good(piqa("evaluate", run, "--truth", truth)).splitlines()
    hall, night = lines[1].split(), lines[2].split()
    assert lines[0].split() == ("scene photos SRCC PLCC PLCC fitted KRCC MAE avg-corr note".split())
    assert (hall[0], hall[1], hall[2], hall[5]) == ("Hall_Scene_0", "5", "1.000", "1.000")
    # One neighbouring pair of five swapped: SRCC 1 - 6 * 2 / (5 * 24), tau (9 - 1) / 10.
    assert (night[2], night[5]) == ("0.900", "0.800")
    srcc = next(line for line in lines if line.startswith("SRCC")).split()
    assert srcc == ["SRCC", "0.950", "-", "0.950", "0.315", "..", "1.000", "2", "of", "2"]
    assert "devices 5 devices, SRCC 0.975, KRCC 0.949" in lines
    assert "first   2 of 2 scenes have the same device first (by chance 0.4)" in lines
    assert "scores  10 scores of run, model tiny" in lines
    assert "matched 10 photos in 2 scenes (10 by file name)" in lines


def test_pairs_by_gap(piqa, run, truth):
    found = json.loads(good(piqa("evaluate", run, "--truth", truth, "--json")))
    bins = {b["low"]: (b["n_pairs"], b["accuracy"]) for b in found["pairs"]}
    # Gaps of a scene: 4 pairs of 1, 6 of 2 and more; the one swapped pair has a gap of 1.
    assert bins == {0: (0, None), 0.25: (0, None), 0.5: (0, None), 1: (8, 7 / 8), 2: (12, 1.0)}


def test_json_is_the_file(piqa, run, truth, tmp_path):
    text = good(piqa("evaluate", run, "--truth", truth, "--json", "-o", tmp_path / "out"))
    assert json.loads(text) == json.loads((tmp_path / "out" / "evaluation.json").read_text())


def test_a_run_of_a_manifest_with_jod_needs_no_truth(piqa, tmp_path):
    results = [scored("Hall", d, float(n)) for n, d in enumerate("BACDE")]
    rated = [
        replace(r, capture=replace(r.capture, jod=float(ord(r.capture.device)))) for r in results
    ]
    prepare_out(tmp_path / "rated")
    write_run(content(out=tmp_path / "rated", results=rated), csv=False)
    found = json.loads(good(piqa("evaluate", tmp_path / "rated", "--json")))
    assert (found["scenes"][0]["scene"], found["scenes"][0]["n"]) == ("Hall", 5)
    assert found["overall"]["srcc"]["median"] == pytest.approx(0.9)


def test_quiet_writes_and_says_nothing(piqa, run, truth, tmp_path):
    result = piqa("evaluate", run, "--truth", truth, "-o", tmp_path / "out", "-q")
    assert (result.exit_code, result.output) == (0, "")
    assert (tmp_path / "out" / "index.html").exists()


def test_scores_of_piqa_score_are_understood(piqa, truth, tmp_path):
    scores = tmp_path / "scores.tsv"
    scores.write_text("".join(f"{n}.5\tHall/{d}/1.jpg\n" for n, d in enumerate("ABCDE")))
    found = json.loads(good(piqa("evaluate", scores, "--truth", truth, "--json")))
    assert (found["n_scenes"], found["overall"]["srcc"]["median"]) == (1, pytest.approx(1.0))


def test_one_scene_has_an_interval_of_its_own(piqa, tmp_path):
    ratings = (1, 2, 4, 3, 5, 6, 8, 7)
    for name, values in (("scores", range(8)), ("truth", ratings)):
        (tmp_path / f"{name}.csv").write_text(
            "".join(f"{i}.jpg,{v}\n" for i, v in enumerate(values))
        )
    text = good(piqa("evaluate", tmp_path / "scores.csv", "--truth", tmp_path / "truth.csv"))
    # 1 - 6 * 4 / (8 * 63), and Fisher's z of it is ln(41) / 2.
    assert "SRCC 0.952, 95 % interval 0.664 .. 0.994" in text
    assert "over scenes" not in text.split("gap in")[0]


def test_ntire_table_is_filled(piqa, run, tmp_path):
    images = tmp_path / "images.csv"
    images.write_text("IMAGE;CLASS;CONDITION\nA\\1.jpg;Hall;INDOOR\nA\\1.jpg;Night;NIGHT\n")
    text = good(piqa("evaluate", run, "--ntire-csv", images, "-o", tmp_path / "out"))
    file = tmp_path / "out" / "result_images.csv"
    assert text == f"ntire   {file} (2 of 2 rows have a SCORE)\n"
    assert file.read_text() == (
        "IMAGE;CLASS;CONDITION;SCORE\nA\\1.jpg;Hall;INDOOR;0.0\nA\\1.jpg;Night;NIGHT;8.0\n"
    )


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (("{other}",), 2, "name --truth FILE"),
        (("{run}",), 3, "have no jod: name the ratings with --truth FILE"),
        (("{run}", "--ntire-csv", "{truth}"), 2, "--ntire-csv needs --out FOLDER"),
        (("{run}", "--truth", "none.csv"), 3, "none.csv does not exist"),
        (("none", "--truth", "{truth}"), 3, "none does not exist"),
        (("{tmp}", "--truth", "{truth}"), 3, "no run.json"),
        (("{run}", "--truth", "{truth}", "-o", "{run}"), 3, "holds other things"),
        (("{other}", "--truth", "{truth}"), 3, "scores are named like x.jpg, truth like Overall/H"),
    ],
)
def test_what_is_wrong_is_one_line(piqa, run, truth, tmp_path, args, code, message):
    other = tmp_path / "other.csv"
    other.write_text("path,score\nx.jpg,1\n")
    places = {"run": run, "truth": truth, "tmp": tmp_path, "other": other}
    result = piqa("evaluate", *(arg.format(**places) for arg in args))
    assert (result.exit_code, result.stdout) == (code, "")
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_it_runs_without_torch(run, truth):
    code = (
        "import sys; from piqa_cli.cli.main import app\n"
        f"app(['evaluate', {str(run)!r}, '--truth', {str(truth)!r}], standalone_mode=False)\n"
        "assert 'torch' not in sys.modules and 'scipy.stats' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
