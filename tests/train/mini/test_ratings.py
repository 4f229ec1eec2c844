from __future__ import annotations

import math

import pytest

from piqa_cli.errors import PiqaError
from piqa_cli.train.mini.ratings import fold_of_name, read_ratings, scene_blocks


@pytest.fixture
def read(tmp_path):
    """Reads ratings from the text of a CSV."""

    def call(text, name="lab.csv"):
        (tmp_path / name).write_text(text)
        return read_ratings(tmp_path / name)

    return call


@pytest.mark.parametrize(
    ("columns", "expected"),
    [("path,jod", [-1.5, 0.5]), ("file,label", [-1.5, 0.5]), ("path,mos", [-2.2, 2.2])],
)
def test_pictures_and_ratings_have_columns_of_several_names(read, tmp_path, columns, expected):
    found = read(f"{columns}\na.jpg,-1.5\nsub/b.jpg,0.5\n")
    assert [row.file for row in found.rows] == [tmp_path / "a.jpg", tmp_path / "sub" / "b.jpg"]
    assert [row.jod for row in found.rows] == pytest.approx(expected)
    assert (found.name, found.has_scenes, found.is_simulated) == ("lab", False, False)
    assert {row.scene for row in found.rows} == {"lab"}


def test_opinion_points_of_any_range_have_the_same_spread(read):
    wide, narrow = (
        read("path,mos\n" + "".join(f"{n}.jpg,{unit * n}\n" for n in range(9))) for unit in (10, 1)
    )
    values = [row.jod for row in wide.rows]
    assert values == pytest.approx([row.jod for row in narrow.rows])
    assert sum(values) == pytest.approx(0)
    assert math.sqrt(sum(value**2 for value in values) / 9) == pytest.approx(2.2)


def test_pictures_may_lie_in_a_folder_images_whose_parent_names_the_set(read, tmp_path):
    (tmp_path / "images").mkdir()
    found = read("path,jod\na.jpg,1\n", name="data.csv")
    assert found.rows[0].file == tmp_path / "images" / "a.jpg"
    assert found.name == tmp_path.name


@pytest.mark.parametrize(
    ("columns", "cells", "face"),
    [
        ("", "", "find"),
        (",face_box", ",1 2 30 40.5", (1, 2, 30, 40.5)),
        (",face_box", ",", None),
        (",face_x0,face_y0,face_x1,face_y1", ",1,2,30,40.5", (1, 2, 30, 40.5)),
        (",face_x0,face_y0,face_x1,face_y1", ",,,,", None),
    ],
)
def test_a_face_is_given_or_absent_or_looked_for(read, columns, cells, face):
    assert read(f"path,jod{columns}\na.jpg,1{cells}\n").rows[0].face == face


def test_costs_are_known_where_they_are_given(read):
    row = read("path,jod,cost_blur,cost_blocking\na.jpg,1,0.5,\n").rows[0]
    assert row.costs[0] == 0.5
    assert len(row.costs) == 11
    assert all(math.isnan(cost) for cost in row.costs[1:])


def test_scenes_are_cut_into_five_blocks_of_neighbours(read):
    lines = [f"{scene}-{n}.jpg,s{scene},0" for scene in range(1, 11) for n in range(2)]
    found = read("path,scene,jod\n" + "\n".join(lines) + "\n")
    assert found.has_scenes
    folds = {row.scene: row.fold for row in found.rows}
    assert folds == {f"s{scene}": (scene - 1) // 2 for scene in range(1, 11)}
    assert scene_blocks(["b"] * 8 + ["a", "c"]) == [2] * 8 + [0, 4]


def test_single_photographs_are_parted_by_the_hash_of_their_names(read):
    found = read("path,mos\n" + "".join(f"{n}.jpg,{n}\n" for n in range(40)))
    assert [row.fold for row in found.rows] == [fold_of_name(f"{n}.jpg") for n in range(40)]
    assert {row.fold for row in found.rows} == {0, 1, 2, 3, 4}
    assert fold_of_name("a.jpg") == 4


def test_given_folds_count(read):
    found = read("path,scene,jod,fold\na.jpg,s,1,3\nb.jpg,s,1,0\n")
    assert [row.fold for row in found.rows] == [3, 0]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", r"lab\.csv: no rows in it"),
        ("path,jod\n", r"lab\.csv: no rows in it"),
        ("name,jod\na.jpg,1\n", r"lab\.csv: needs a column path or file"),
        ("path,stars\na.jpg,1\n", r"lab\.csv: needs a column jod or label or mos"),
        ("path,jod\na.jpg,1\nb.jpg,good\n", r"lab\.csv, line 3: .* 'good'"),
        ("path,jod\na.jpg,nan\n", r"lab\.csv, line 2: jod is nan, not a number"),
        ("path,jod\na.jpg\n", r"lab\.csv, line 2: could not convert string to float: ''"),
        ("path,jod,fold\na.jpg,1,5\n", r"lab\.csv, line 2: fold '5' is not one of 0 to 4"),
        ("path,jod,face_box\na.jpg,1,1 2 3\n", r"line 2: a face box is four numbers .* 1 2 3"),
        ("path,jod,face_box\na.jpg,1,1 2 3 x\n", r"lab\.csv, line 2: .* 'x'"),
        ("path,jod,cost_blur\na.jpg,1,much\n", r"lab\.csv, line 2: .* 'much'"),
    ],
)
def test_a_bad_table_is_refused_with_its_place(read, content, message):
    with pytest.raises(PiqaError, match=message):
        read(content)


def test_a_table_that_is_not_there_or_no_text_is_refused(tmp_path):
    with pytest.raises(PiqaError, match=r"gone\.csv does not exist"):
        read_ratings(tmp_path / "gone.csv")
    (tmp_path / "binary.csv").write_bytes(b"path,jod\n\xff\x81,1\n")
    with pytest.raises(PiqaError, match=r"binary\.csv is not UTF-8 text"):
        read_ratings(tmp_path / "binary.csv")


def test_a_table_that_windows_saved_is_read_with_a_warning(tmp_path):
    (tmp_path / "lab.csv").write_bytes("path,jod,scene\né.jpg,1,Café\n".encode("cp1252"))
    found = read_ratings(tmp_path / "lab.csv")
    assert (found.rows[0].file.name, found.rows[0].scene) == ("é.jpg", "Café")
    assert found.warnings == (
        "lab.csv is no UTF-8 text and was read as Windows-1252: save it as CSV UTF-8",
    )
