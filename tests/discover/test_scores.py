"""Lists of scores that exist already."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from piqa_cli.discover.scores import read_scores
from piqa_cli.errors import PiqaError
from piqa_cli.records import Capture, SceneInfo, Skipped


@pytest.fixture
def write(tmp_path: Path):
    def make(*lines: str) -> Path:
        file = tmp_path / "scores.csv"
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return file

    return make


def test_a_row_is_a_capture_with_its_score(write):
    file = write(
        "Path;Scene;Device;Score;condition;firmware;take;operator",
        r"bar\10.jpg;café;Pixel 8;1,5;Night;v2;1;Ann",
        "./bar/9.jpg; café ;Pixel 8;-2e-1;;;;",
    )
    found = read_scores(file, "relative")
    assert found.found.captures == (
        Capture("bar/9.jpg", Path(), "café", "Pixel 8", condition="Night"),
        Capture("bar/10.jpg", Path(), "café", "Pixel 8", "v2", "Night", "1"),
    )
    assert found.scores == {"bar/10.jpg": 1.5, "bar/9.jpg": -0.2}
    assert found.found.scenes == {"café": SceneInfo("café", condition="Night")}
    assert (found.failures, found.how) == ({}, {})


def test_parquet_keeps_every_digit(tmp_path):
    columns = {
        "path": ["a", "b"],
        "scene": [1, 1],
        "device": ["x", "y"],
        "score": [0.1 + 0.2, None],
    }
    pq.write_table(pa.table(columns), tmp_path / "scores.pq")
    found = read_scores(tmp_path / "scores.pq", "jod")
    assert found.scores == {"a": 0.30000000000000004}
    assert found.failures == {"b": ("score", "the score is blank (row 2 of the list of scores)")}


@pytest.mark.parametrize("cell", ["nan", "inf", "-INF", "n/a", "NULL", "-"])
def test_what_is_not_finite_is_a_failed_capture_with_its_reason(write, cell):
    found = read_scores(write("path,scene,device,score", "a,s,d,1", f"b,s,d,{cell}"), "jod")
    assert [capture.path for capture in found.found.captures] == ["a", "b"]
    reason = f"the score is {cell!r} (line 3 of the list of scores)"
    assert found.failures == {"b": ("score", reason)}


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (("path,scene,device,score", "a,s,d,good"), "line 2, column score: 'good' is no number"),
        (("path,scene,device,score", "a,s,d,1e13"), "line 2, column score: '1e13' is no number"),
        (("path,scene,device,score", "a,s,,1"), "line 2, column device: the cell is blank"),
        (("path,scene,device,score", ",s,d,1"), "line 2, column path: the cell is blank"),
        (("path,scene,device,score", "a,s,d,1", "./a,s,e,1"), "line 3, column path: a stands alr"),
        (("path,scene,device,score,jod", "a,s,d,1,x"), "line 2, column jod: 'x' is no number"),
        (("path,scene,device,points", "a,s,d,1"), "column 'score' is missing, it has path, scene"),
        (("path,scene,device,score,firmwear", "a,s,d,1,v"), "did you mean 'firmware'?"),
        (("path,scene,device,score",), "lists no captures; give a row for each"),
        (("path,scene,device,score,model", "a,s,d,1,m", "b,s,d,1,n"),
         "column model: 'm' in line 2, 'n' in line 3; scores that weren't made alike"),
    ],
)  # fmt: skip
def test_what_cant_be_understood_is_refused_with_line_and_column(write, lines, message):
    file = write(*lines)
    with pytest.raises(PiqaError) as caught:
        read_scores(file, "jod")
    assert str(caught.value).startswith(f"scores {file}")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_human_ratings_serve_as_scores_on_their_own_scale(write):
    file = write("IMAGE PATH,JOD,MOS,SCENE,DEVICE", "in\\1.jpg,-1.5,4,s,d")
    assert read_scores(file, "jod").scores == {"in/1.jpg": -1.5}
    assert read_scores(file, "mos").scores == {"in/1.jpg": 4.0}
    with pytest.raises(PiqaError, match="column 'score' is missing"):
        read_scores(file, "relative")


def test_a_score_goes_before_a_rating_which_is_kept(write):
    found = read_scores(write("path,scene,device,jod,score", "a,s,d,2,1"), "jod")
    assert found.scores == {"a": 1.0}
    assert found.found.captures[0].jod == 2.0


def test_the_captures_table_of_a_run_keeps_what_failed_and_what_was_skipped(write):
    found = read_scores(
        write(
            "path,scene,device,score,status,stage,reason,sha256,pixels_sha256,model,weights_sha256",
            "a,s,d,1,ok,,,aa,pp,mini,ff",
            "b,s,d,,failed,read,truncated,,,mini,ff",
            "c.mp4,s,,,skipped,,no picture: video,,,,",
        ),
        "jod",
    )
    assert found.scores == {"a": 1.0}
    assert found.failures == {"b": ("read", "truncated")}
    assert found.found.skipped == (Skipped("c.mp4", "no picture: video", "s", None),)
    assert found.pixels_sha256 == {"a": "pp"}
    assert (found.sha256, found.how) == ({"a": "aa"}, {"model": "mini", "weights_sha256": "ff"})


def test_a_scene_of_two_conditions_is_two_scenes(write):
    rows = ("a,s,d,1,Day", "b,s,d,1,Night")
    found = read_scores(write("path,scene,device,score,condition", *rows), "jod")
    assert list(found.found.scenes) == ["s (Day)", "s (Night)"]


def test_a_comma_in_a_number_is_a_decimal_one_only_where_it_divides_no_cells(write):
    head = "path;scene;device;score;jod"
    found = read_scores(write("sep=;", head, "a;Bar;A;-1,25;2,5"), "relative")
    assert found.scores == {"a": -1.25}
    assert found.found.captures[0].jod == 2.5
    with pytest.raises(PiqaError, match=r"line 2, column score: '1,234' .*decimals with a point"):
        read_scores(write("path,scene,device,score", 'a,Bar,A,"1,234"'), "relative")


@pytest.mark.parametrize(
    ("heading", "scale"), [("score_sd", "relative"), ("JOD STD", "jod"), ("score std", "mos")]
)
def test_a_score_may_say_how_sure_it_is(write, heading, scale):
    file = write(
        f"path,scene,device,score,{heading}", "1.jpg,s,a,1,0.25", "2.jpg,s,b,1,", "3.jpg,s,c,1,nan"
    )
    assert read_scores(file, scale).score_sds == {"1.jpg": 0.25}


@pytest.mark.parametrize("text", ["-0.1", "sure"])
def test_what_is_no_deviation_is_refused_with_its_line(write, text):
    file = write("path,scene,device,score,score_sd", f"1.jpg,s,a,1,{text}")
    with pytest.raises(PiqaError, match=r"line 2, column score_sd: .* is no standard deviation"):
        read_scores(file, "relative")


def test_deviations_of_jods_arent_those_of_other_scores(write):
    file = write("path,scene,device,score,jod_std", "1.jpg,s,a,1,0.25")
    assert read_scores(file, "relative").score_sds == {}
