"""Runs that weren't scored alike are refused, with what differs."""

from dataclasses import replace

import pytest

from piqa_cli.compare.comparison import compare_folders, run_names
from piqa_cli.errors import PiqaError
from tests.compare.conftest import broken, photo
from tests.runs.samples import recipe


def read(**changes):
    """A recipe that knows how files were read and faces found."""
    known = {"reading": "read-1", "detector": "mtcnn", "face_rule": "confident"}
    known["damaged"] = "refuse"
    return recipe(**known | changes)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"recipe": replace(read(), model="other")}, "the model differs (tiny and other)"),
        ({"recipe": read(preprocessing="tiny/2")}, "the preprocessing differs (tiny/1 and"),
        (
            {"recipe": replace(read(), scale="mos")},
            "scale of the scores differs (pseudo_jod and mos)",
        ),
        (
            {"recipe": read(weights_sha256="cd" * 32)},
            "the weights differ (abababababab and cdcdcdcdcdcd)",
        ),
        ({"recipe": read(working_size="native")}, "the working size differs (1350 and native)"),
        ({"recipe": read(precision="bf16")}, "the precision differs (fp32 and bf16)"),
        ({"recipe": read(reading="read-2")}, "the reading differs (read-1 and read-2)"),
        (
            {"recipe": read(damaged="score")},
            "the treatment of damaged files differs (refuse and score)",
        ),
        ({"recipe": read(detector="eyes")}, "the face detector differs (mtcnn and eyes)"),
        ({"recipe": read(face_rule="largest")}, "the face rule differs (confident and largest"),
    ],
)
def test_runs_that_differ_are_refused(make_run, changes, message):
    base = make_run("base", photo("Bar", "A", 1.0), recipe=read())
    new = make_run("new", photo("Bar", "A", 1.0), **{"recipe": read(), **changes})
    with pytest.raises(PiqaError) as error:
        compare_folders(base, new)
    assert message in str(error.value)
    assert str(error.value).startswith(f"{base} and {new} can't be compared: ")
    assert error.value.exit_code == 3


def test_parts_that_a_run_does_not_know_are_no_difference(make_run):
    base = make_run("base", photo("Bar", "A", 1.0))
    new = make_run("new", photo("Bar", "A", 2.0), recipe=read())
    assert compare_folders(base, new).scenes[0].difference == 1.0


def test_other_decoders_are_said(make_run):
    old = photo("Bar", "A", 1.0)
    fresh = replace(old, facts=replace(old.facts, sha256="0" * 64, decoder="pillow 14"))
    found = compare_folders(make_run("base", old), make_run("new", fresh))
    assert found.notes == (
        "decoders differ (pillow 13.0.0 in BASE, pillow 14 in NEW, for jpeg): "
        "a part of a difference may be theirs",
    )


def test_decoders_are_told_apart_where_captures_stay_columns(make_run, monkeypatch):
    monkeypatch.setattr("piqa_cli.runs.capture_rows.MANY_ROWS", 0)
    test_other_decoders_are_said(make_run)


def test_a_run_without_scores_is_refused(make_run):
    folders = make_run("base", photo("Bar", "A", 1.0)), make_run("new", broken("Bar", "A"))
    with pytest.raises(PiqaError, match="new holds no scored capture: nothing to compare"):
        compare_folders(*folders)


def test_runs_are_called_by_what_tells_them_apart(tmp_path):
    mon, tue = tmp_path / "mon" / "run", tmp_path / "tue" / "run"
    assert run_names(mon, tue) == ("mon/run", "tue/run")
    assert run_names(mon, tmp_path / "mon" / "late") == ("run", "late")
    assert run_names(mon, mon) == ("run", "run")
