"""Columns of a listing are recognised by their headings."""

import pytest

from piqa_cli.discover.scores import read_scores as read_list
from piqa_cli.errors import PiqaError
from piqa_cli.evaluate.listing import read_scores, read_truth
from tests.runs.samples import scored

PIQ23 = (
    "IMAGE PATH,JOD,JOD STD,CI LOW,CI HIGH,CI RANGE,QUALITY LEVEL,CLUSTER,TOTAL COMPARISONS,"
    "IMAGE,SCENE,ATTRIBUTE,SCENE IDX,CONDITION\n"
    "Overall\\66_Indoor_Scene_0.jpg,1.25,.4,.5,2,1.5,3,-1,120,66_Indoor_Scene_0.jpg,"
    "Indoor_Scene_0,Overall,0,Indoor\n"
    "Overall\\7_Night_Scene_28.JPG,-2,.3,-3,-1,2,0,1,90,7_Night_Scene_28.JPG,"
    "Night_Scene_28,Overall,28,Night\n"
)


@pytest.fixture
def csv_file(tmp_path):
    def make(text, encoding="utf-8"):
        file = tmp_path / "table.csv"
        file.write_bytes(text.encode(encoding))
        return file

    return make


def test_piq23(csv_file):
    truth = read_truth(csv_file(PIQ23, "utf-8-sig"))
    one, two = truth.entries
    assert (truth.column, one.path) == ("jod", "Overall/66_Indoor_Scene_0.jpg")
    assert (one.value, one.std, one.scene, one.condition) == (1.25, 0.4, "Indoor_Scene_0", "Indoor")
    assert (two.path, two.value, two.device) == ("Overall/7_Night_Scene_28.JPG", -2.0, None)


def test_a_manifest_with_mos(csv_file):
    truth = read_truth(csv_file("path,scene,device,mos,mos_std\nBar/A/1.jpg,Bar,A,61.5,9\n"))
    (entry,) = truth.entries
    assert (truth.column, entry.value, entry.std) == ("mos", 61.5, 9.0)
    assert (entry.scene, entry.device) == ("Bar", "A")


@pytest.mark.parametrize(
    "text",
    ["a.jpg,1.5\nb.jpg,2\n", "photo,opinion\na.jpg,1.5\nb.jpg,2\n", "1.5\ta.jpg\n2\tb.jpg\n"],
)
def test_two_columns_need_no_known_heading(csv_file, text):
    entries = read_truth(csv_file(text)).entries
    assert [(e.path, e.value) for e in entries] == [("a.jpg", 1.5), ("b.jpg", 2.0)]


def test_rows_without_a_rating_are_counted(csv_file):
    truth = read_truth(csv_file("path,jod\na.jpg,1\nb.jpg,\nc.jpg,2\n"))
    assert ([e.path for e in truth.entries], truth.n_blank) == (["a.jpg", "c.jpg"], 1)


def test_an_ntire_table_puts_the_class_before_the_image(csv_file):
    scores = read_scores(csv_file("IMAGE;CLASS;CONDITION;SCORE\nimage1.jpg;0;INDOOR;0,5\n"))
    (entry,) = scores.entries
    assert (entry.path, entry.scene, entry.value) == ("0/image1.jpg", "0", 0.5)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("path,quality,scene\na.jpg,1,x\n", "no column jod or mos, it has path, quality, scene"),
        ("picture,jod,scene\na.jpg,1,x\n", "no column image path or path"),
        ("path,jod\na.jpg,good\n", r"line 2: 'good' is no number"),
        ("path,jod\na.jpg,nan\n", r"line 2: 'nan' is no number"),
        ("path,jod\n ,1\n", "line 2: the name of the photograph is blank"),
        ("path,jod\na.jpg,\n", "no row has a jod"),
        ("path,jod,scene\na.jpg,1,x\nb.jpg,2,\n", "line 3: scene is blank"),
    ],
)
def test_what_cannot_be_understood_is_one_line(csv_file, text, message):
    with pytest.raises(PiqaError, match=message) as error:
        read_truth(csv_file(text))
    assert "\n" not in str(error.value)
    assert "table.csv" in str(error.value)


def test_a_run_gives_what_was_scored(make_run):
    scores = read_scores(make_run())
    assert [(e.path, e.value) for e in scores.entries] == [
        ("Hall/A/1.jpg", 2.0),
        ("Hall/B/1.jpg", 1.0),
        ("Night/A/1.jpg", 3.0),
    ]
    assert (scores.n_blank, scores.model) == (1, "tiny")
    assert (scores.entries[0].scene, scores.entries[0].device) == ("Hall", "A")


def test_the_captures_table_alone_will_do(make_run):
    folder = make_run(csv=True)
    whole = read_scores(folder).entries
    for name in ("captures.parquet", "captures.csv"):
        alone = read_scores(folder / name)
        assert [(e.path, e.value, e.device) for e in alone.entries] == [
            (e.path, e.value, e.device) for e in whole
        ]


def test_names_like_formulas_come_back_from_the_csv_of_a_run(make_run):
    folder = make_run(csv=True, results=[scored("=Bar", "-Näm", 1.0), scored("@Hall", "'+A", 2.0)])
    for name in ("captures.parquet", "captures.csv"):
        entries = read_scores(folder / name).entries
        assert [(e.scene, e.device) for e in entries] == [("=Bar", "-Näm"), ("@Hall", "'+A")]
        listed = read_list(folder / name, "relative").found.captures
        assert [(c.scene, c.device) for c in listed] == [("=Bar", "-Näm"), ("@Hall", "'+A")]
