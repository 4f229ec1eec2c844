from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from piqa_cli.errors import PiqaError
from piqa_cli.train.judges.ratings import judge_ratings, unseen
from piqa_cli.train.judges.scoring import score_branches, score_pixels
from piqa_cli.train.mini.features import read_views
from piqa_cli.train.mini.ratings import read_ratings

BRANCHES = ["without the whole picture", "without the face", "without fine detail"]
SIMPLE = ["sharpest blocks", "log-Laplacian sharpness", "brightness"]


def scenes(rows):
    return [row.scene for row in rows]


def test_of_a_set_that_weights_saw_only_the_fold_left_out_is_judged(weights, rated):
    files = [weights(seen=[rated], fold=fold) for fold in "20"]
    rows, judged = judge_ratings(files, rated, quiet=True)
    assert [row.measure for row in rows] == ["model", *BRANCHES, *SIMPLE]
    assert {(row.ratings, row.n_captures, row.n_scenes) for row in rows} == {("rated", 12, 2)}
    assert scenes(one.row for one in judged[0]) == ["s1"] * 6
    assert scenes(one.row for one in judged[1]) == ["s0"] * 6
    assert all(sum(row.by_fold) / 2 == pytest.approx(row.srcc) for row in rows)
    assert all(-1 <= row.plcc <= 1 for row in rows)
    sharpness = rows[-2]
    assert sharpness.srcc == -1  # the noisier, the lower the rating


def test_another_set_is_judged_whole(weights, fresh, rated):
    other = rated.with_name("another.csv")
    other.write_text("path,jod,face_box\n0-0.png,1,\n0-1.png,2,\n")
    ratings = read_ratings(rated)
    assert unseen(fresh, ratings) == list(ratings.rows)
    assert unseen(weights(seen=[other], fold="2"), ratings) == list(ratings.rows)


def test_a_set_that_was_seen_whole_is_refused(weights, rated):
    with pytest.raises(PiqaError, match=r"learnt from all of rated: .*--fold K"):
        judge_ratings([weights(seen=[rated])], rated, quiet=True)


def test_weights_that_are_not_there_are_refused(rated, tmp_path):
    with pytest.raises(PiqaError, match=r"gone\.safetensors: .* name a weights file"):
        judge_ratings([tmp_path / "gone.safetensors"], rated, quiet=True)


def test_scenes_of_fewer_than_six_captures_are_refused(fresh, rated):
    table = rated.with_name("small.csv")
    table.write_text("path,scene,jod,face_box\n0-0.png,a,1,\n0-1.png,a,2,\n")
    with pytest.raises(PiqaError, match="no scene to judge by: none has 6 captures"):
        judge_ratings([fresh], table, quiet=True)


def test_single_photographs_are_one_set(fresh, rated):
    table = rated.with_name("single-photos.csv")
    table.write_text("path,mos,face_box\n0-0.png,9,\n1-3.png,5,\n2-5.png,2,\n")
    rows, judged = judge_ratings([fresh], table, quiet=True)
    assert {(row.n_captures, row.n_scenes) for row in rows} == {(3, 0)}
    assert rows[-2].srcc == -1
    assert len(judged[0]) == 3


def test_scores_are_those_of_the_model_and_of_it_without_a_branch(fresh, rated):
    row = read_ratings(rated).rows[3]
    views = read_views(row)
    scores = score_branches(fresh, views)
    assert list(scores) == ["model", *BRANCHES]
    assert scores["without fine detail"] == scores["model"]  # the picture is too small for any
    assert len(set(scores.values())) == 3
    score, costs = score_pixels(fresh, np.asarray(Image.open(row.file)), None)
    assert score == pytest.approx(scores["model"], abs=1e-4)
    assert len(costs) == 11
