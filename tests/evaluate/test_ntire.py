"""The challenge's table: columns kept, SCORE added."""

import pytest

from piqa_cli.errors import PiqaError
from piqa_cli.evaluate.listing import read_scores
from piqa_cli.evaluate.ntire import ntire_bytes, read_ntire


@pytest.fixture
def files(tmp_path):
    def make(**texts):
        for name, text in texts.items():
            (tmp_path / f"{name}.csv").write_bytes(text.encode())
        return tuple(tmp_path / f"{name}.csv" for name in texts)

    return make


def test_score_is_added_and_the_rest_untouched(files):
    images, scores = files(
        images='IMAGE;CLASS;Condition;JOD\r\nimage1.jpg;0;Indoor;"1,5"\r\nimage1.JPG;1;NIGHT;\r\n',
        scores="path,score\nimages/1/image1.JPG,-0.25\nimages/0/image1.jpg,0.1\n",
    )
    data, n_scored = ntire_bytes(read_ntire(images), read_scores(scores))
    assert data.decode() == (
        "IMAGE;CLASS;Condition;JOD;SCORE\r\nimage1.jpg;0;Indoor;1,5;0.1\r\n"
        "image1.JPG;1;NIGHT;;-0.25\r\n"
    )
    assert n_scored == 2


def test_backslashes_and_a_row_without_score(files):
    images, scores = files(
        images="IMAGE,CLASS\n0\\a.jpg,0\n0\\b.jpg,0\n", scores="path,score\n0/a.jpg,3\n"
    )
    data, n_scored = ntire_bytes(read_ntire(images), read_scores(scores))
    assert data.decode() == "IMAGE,CLASS,SCORE\n0\\a.jpg,0,3.0\n0\\b.jpg,0,\n"
    assert n_scored == 1


def test_a_score_column_is_filled_anew_in_its_place(files):
    images, scores = files(images="IMAGE,Score,NOTE\na.jpg,9,x\n", scores="path,score\na.jpg,1\n")
    data, _ = ntire_bytes(read_ntire(images), read_scores(scores))
    assert data.decode() == "IMAGE,Score,NOTE\na.jpg,1.0,x\n"


def test_what_was_written_can_be_read_as_scores(files, tmp_path):
    images, scores = files(images="IMAGE,CLASS\na.jpg,7\n", scores="path,score\n7/a.jpg,0.1\n")
    (tmp_path / "result.csv").write_bytes(ntire_bytes(read_ntire(images), read_scores(scores))[0])
    (entry,) = read_scores(tmp_path / "result.csv").entries
    assert (entry.path, entry.scene, entry.value) == ("7/a.jpg", "7", 0.1)


def test_another_table_is_refused(files):
    (file,) = files(images="path,score\na.jpg,1\n")
    with pytest.raises(PiqaError, match="no column IMAGE, it has path, score"):
        read_ntire(file)


def test_a_table_that_windows_saved_is_read_and_written_as_utf_8(files, tmp_path):
    (scores,) = files(scores="path,score\na.jpg,1\n")
    images = tmp_path / "images.csv"
    images.write_bytes("IMAGE,NOTE\na.jpg,Café\n".encode("cp1252"))
    table = read_ntire(images)
    assert table.warnings == (
        "images.csv is no UTF-8 text and was read as Windows-1252: save it as CSV UTF-8",
    )
    assert (
        ntire_bytes(table, read_scores(scores))[0].decode() == "IMAGE,NOTE,SCORE\na.jpg,Café,1.0\n"
    )
