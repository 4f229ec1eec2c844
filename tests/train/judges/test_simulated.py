from __future__ import annotations

from piqa_cli.train.judges.simulated import judge_simulated


def test_the_frozen_test_shows_the_model_beside_simple_measures(fresh, photos):
    rows = judge_simulated(fresh, photos, quiet=True)
    assert [row.measure for row in rows] == [
        "model",
        "without the whole picture",
        "without the face",
        "without fine detail",
        "model, pictures reduced to 60 %",
        "log-Laplacian sharpness",
        "sharpest blocks",
        "brightness",
        "file size",
    ]
    assert {(row.n_scenes, row.n_captures) for row in rows} == {(1, 20)}
    assert all(-1 <= row.worst_scene_srcc == row.srcc <= 1 for row in rows)
