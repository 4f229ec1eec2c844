"""From two files to one evaluation."""

import json

import pytest

from piqa_cli.evaluate.as_json import as_json, per_scene_csv
from piqa_cli.evaluate.evaluation import evaluate
from piqa_cli.evaluate.wording import matching, notes, shortened
from tests.runs.samples import scored


@pytest.fixture
def files(tmp_path):
    def make(scores, truth):
        for name, text in (("scores.csv", scores), ("truth.csv", truth)):
            (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / "scores.csv", tmp_path / "truth.csv"

    return make


def rows(head, *lines):
    return "\n".join((head, *lines, ""))


SCORES = rows(
    "path,score", *(f"{s}/{i}.jpg,{100 * n + i}" for n, s in enumerate("ab") for i in range(5))
)
TRUTH = rows("path,jod,scene", *(f"{s}/{i}.jpg,{i},{s}" for s in "ab" for i in range(5)))


def test_scenes_are_never_pooled(files):
    found = evaluate(*files(SCORES, TRUTH))
    assert [scene.scene for scene in found.scenes] == ["a", "b"]
    assert [scene.srcc for scene in found.scenes] == [pytest.approx(1.0)] * 2
    assert found.overall["plcc"].mean == pytest.approx(1.0)  # pooled it would be near 0


def test_a_truth_without_scenes_is_one_scene_and_says_so(files):
    found = evaluate(*files(SCORES, rows("path,jod", *(f"a/{i}.jpg,{i}" for i in range(5)))))
    assert [(scene.scene, scene.n) for scene in found.scenes] == [("all", 5)]
    assert notes(found) == [
        "neither truth nor scores name scenes: all photographs count as one scene"
    ]
    assert matching(found) == (
        "5 photos in 1 scene (5 by path); 5 scores without partner (like b/0.jpg)"
    )


def test_the_scenes_of_a_run_stand_in(make_run, tmp_path):
    results = [scored(s, d, n) for s in ("Hall", "Night") for n, d in enumerate("ABCDE")]
    truth = tmp_path / "truth.csv"
    lines = (f"{r.capture.path},{r.prediction.score}" for r in results)
    truth.write_text(rows("path,mos", *lines))
    found = evaluate(make_run(results=results), truth)
    assert [scene.scene for scene in found.scenes] == ["Hall", "Night"]
    assert notes(found)[0] == "the truth names no scenes: the scenes of the scores are used"
    assert (found.devices.leagues[0].srcc, found.devices.top.n_agree) == (pytest.approx(1.0), 2)
    assert (found.gap_unit, found.gap_unit_size) == ("sd", pytest.approx(1.5811388))


def test_undefined_scenes_are_said_once_a_reason(files):
    truth = TRUTH + "".join(f"{s}/1.jpg,1,{s}\n" for s in "cd")
    found = evaluate(*files(SCORES + "c/1.jpg,1\nd/1.jpg,2\n", truth))
    assert notes(found) == ["undefined: under 4 photos in 2 of 4 scenes (c and d)"]
    assert found.overall["srcc"].n_scenes == 2


def test_json_and_csv_hold_what_was_found(files):
    found = evaluate(*files(SCORES, TRUTH + "c/1.jpg,1,c\n"))
    plain = as_json(found)
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain
    assert plain["matching"] == {
        "n_matched": 10,
        "n_by_path": 10,
        "n_by_name": 0,
        "n_unmatched_scores": 0,
        "n_unmatched_truth": 1,
    }
    head, one, *_ = per_scene_csv(found).decode("utf-8-sig").splitlines()
    assert head == (
        "scene,condition,n,srcc,plcc,plcc_fitted,krcc,mae,average,srcc_low,srcc_high,b1,b2,b3,b4,start,note"
    )
    assert one.startswith("a,,5,")


def test_the_folder_of_the_inputs_is_not_told(files):
    one = json.dumps(as_json(evaluate(*files(SCORES, TRUTH))))
    assert "/tmp" not in one
    assert '"source": "truth.csv"' in one


def test_long_and_hostile_names_keep_their_line():
    assert shortened("x" * 50) == "x" * 39 + "…"
    assert (
        shortened("\x1b[2J\u202eBar\n")
        == "\N{REPLACEMENT CHARACTER}[2J\N{REPLACEMENT CHARACTER}Bar\N{REPLACEMENT CHARACTER}"
    )
