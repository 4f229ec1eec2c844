"""Packages that find landmarks: one is used, several are refused, nonsense fails the capture."""

import sys

import numpy as np
import pytest

from piqa_cli.api import _photo_of
from piqa_cli.errors import CaptureError, PiqaError
from piqa_cli.face.landmarks import check_on_face, finder_for, given_landmarks, installed_finder
from piqa_cli.models.catalogue import spec_of

CODE = """
import numpy as np

def find(pixels, box):
    return {result}
"""


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Installs a package that finds landmarks: install(name, result of its callable)."""
    monkeypatch.syspath_prepend(tmp_path)

    def write(name, result):
        (tmp_path / f"{name}.py").write_text(CODE.format(result=result))
        facts = tmp_path / f"{name}-1.2.dist-info"
        facts.mkdir()
        (facts / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n")
        (facts / "entry_points.txt").write_text(f"[piqa_cli.landmarks]\npoints = {name}:find\n")
        monkeypatch.delitem(sys.modules, name, raising=False)

    return write


@pytest.fixture
def photo():
    return _photo_of(np.zeros((60, 80, 3), np.uint8), 30)


def test_without_a_package_nothing_finds_landmarks():
    assert installed_finder() is None


def test_a_package_is_used_by_models_that_need_it_where_no_table_is_given(install, photo, tmp_path):
    install("facepoints", "np.full((68, 2), box[0] + pixels.shape[0])")
    finder = finder_for([spec_of("dsl-fiqa")], None)
    assert finder.name == "facepoints 1.2"
    np.testing.assert_array_equal(finder.find(photo, (4, 0, 9, 9)), np.full((68, 2), 34.0))
    assert finder_for([spec_of("dn-piqa")], None) is None
    assert finder_for([spec_of("dsl-fiqa")], tmp_path / "landmarks.csv") is None


def test_two_packages_are_one_too_many(install):
    install("onepoints", "None")
    install("twopoints", "None")
    with pytest.raises(PiqaError, match="onepoints and twopoints all find landmarks"):
        installed_finder()


@pytest.mark.parametrize(
    ("name", "result", "reason"),
    [
        ("nothing", "None", "nothing 1.2 found no landmarks"),
        ("fewer", "np.zeros((5, 2))", "fewer 1.2 gave no 68 points but an array of shape"),
        ("notnumbers", "np.full((68, 2), np.nan)", "gave no 68 points"),
        ("broken", "1 / 0", "broken 1.2 failed: ZeroDivisionError: division by zero"),
    ],
)
def test_nonsense_fails_the_capture(name, result, reason, *, install, photo):
    install(name, result)
    with pytest.raises(CaptureError, match=reason):
        installed_finder().find(photo, None)


def test_a_package_that_cannot_be_loaded_ends_the_run(install, photo, tmp_path):
    install("unloadable", "None")
    (tmp_path / "unloadable.py").write_text("import no_such_thing_here")
    with pytest.raises(PiqaError, match="unloadable, which finds landmarks, can't be loaded"):
        installed_finder().find(photo, None)


def test_given_points_are_scaled_to_the_working_size(photo):
    points = given_landmarks(((80.0, 60.0), (20.0, 0.0)), photo)
    np.testing.assert_array_equal(points, [[40, 30], [10, 0]])


def test_landmarks_of_another_face_are_refused():
    landmarks = np.full((68, 2), 50.0)
    check_on_face(landmarks, (40, 40, 60, 60))
    check_on_face(landmarks, None)
    with pytest.raises(CaptureError, match="on another face"):
        check_on_face(landmarks, (40, 60, 60, 80))
