"""A model that needs landmarks scores captures that have them, and says why it fails others."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from piqa_cli.discover.landmarks import COLUMNS
from piqa_cli.records import Box, Capture, Failed
from piqa_cli.resources import weights_dir
from piqa_cli.score.run import score_captures
from piqa_cli.settings import ScoreSettings
from piqa_cli.weights.importing import import_weights
from tests.models.reference.dsl_fiqa_files import TINY, states


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """DE.pt and IQA.pt of a small network."""
    folder = tmp_path_factory.mktemp("authors")
    for name, state in zip(("DE.pt", "IQA.pt"), states(TINY), strict=True):
        torch.save(state, folder / name)
    return [folder / "DE.pt", folder / "IQA.pt"]


@pytest.fixture
def three(files, texture, tmp_path):
    """Three captures of one face box, and the weights in their place."""
    import_weights("dsl-fiqa", files, folder=weights_dir())
    pixels = texture(4, size=(256, 320))
    found = []
    for name in ("a", "b", "c"):
        Image.fromarray(pixels).save(tmp_path / f"{name}.png")
        found.append(
            Capture(
                f"{name}.png",
                Path(tmp_path / f"{name}.png"),
                "Bar",
                name,
                face_source="given",
                given_face=Box(100, 80, 200, 180),
            )
        )
    return found


def write_table(file, **points):
    rows = [("path", *COLUMNS)]
    rows += [(f"{name}.png", *map(str, array.ravel())) for name, array in points.items()]
    file.write_text("\n".join(",".join(row) for row in rows))
    return file


def test_scores_hang_on_landmarks_and_captures_without_them_fail(three, tmp_path):
    points = np.random.default_rng(1).uniform((110, 90), (190, 170), (68, 2)).round(2)
    table = write_table(tmp_path / "landmarks.csv", a=points, b=points[::-1])
    settings = ScoreSettings(model="dsl-fiqa", landmarks=table, compute="cpu")
    found = score_captures(three, settings)
    one, two, three_ = found.results
    assert found.recipe.landmarks == "given"
    assert len(one.prediction.view_scores) == 20
    assert one.prediction.score != two.prediction.score  # one file's bytes, other landmarks
    assert isinstance(three_, Failed)
    assert three_.stage == "face"
    assert "--landmarks FILE" in three_.reason
    again = score_captures(three, settings)
    assert again.reused == 2
    write_table(table, a=points, b=points + 1)
    assert score_captures(three, settings).reused == 1


def test_landmarks_beside_the_face_are_refused(three, tmp_path):
    table = write_table(tmp_path / "landmarks.csv", a=np.full((68, 2), 30.0))
    settings = ScoreSettings(model="dsl-fiqa", landmarks=table, compute="cpu")
    result = score_captures(three[:1], settings).results[0]
    assert "on another face" in result.reason


def test_other_models_keep_their_keys_and_ask_for_no_table(three, tmp_path):
    plain, given = (
        score_captures(three[:1], ScoreSettings(compute="cpu", landmarks=landmarks))
        for landmarks in (None, tmp_path / "no such table.csv")
    )
    assert plain.fingerprints == given.fingerprints
    assert plain.recipe.landmarks is None


def test_score_takes_a_table_by_option_and_by_variable(three, tmp_path, piqa, monkeypatch):
    monkeypatch.chdir(tmp_path)
    points = np.random.default_rng(1).uniform(20, 230, (68, 2))
    write_table(tmp_path / "points.csv", a=points)
    command = ("score", "a.png", "--model", "dsl-fiqa", "--compute", "cpu")
    one = piqa(*command, "--landmarks", "points.csv")
    assert one.exit_code == 0, one.stderr
    monkeypatch.setenv("PIQA_LANDMARKS", "points.csv")
    assert piqa(*command).stdout == one.stdout
    monkeypatch.delenv("PIQA_LANDMARKS")
    without = piqa(*command)
    assert without.exit_code == 3
    assert "dsl-fiqa needs the 68 landmarks of the face" in without.stderr
