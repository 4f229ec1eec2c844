"""Runs that can be compared, and the reasons of those that can't."""

from dataclasses import replace

import pytest

from piqa_cli.errors import PiqaError
from piqa_cli.history.collect import history_of
from piqa_cli.history.find import read_runs
from piqa_cli.records import Recipe
from tests.runs.samples import MODEL, recipe, scene_rank


@pytest.fixture
def history(runs):
    def of(device="A", **options):
        found, damaged = read_runs([runs])
        return history_of(found, device, damaged=damaged, **options)

    return of


def test_equal_fields_are_joined(night, history):
    night("2026-01-01", {"A": 0.5, "B": -0.5})
    night("2026-01-02", {"A": 0.75, "B": -0.75})
    (series,) = history().series
    assert [(p.score, p.change, p.breaks) for p in series.points] == [
        (0.5, None, ()),
        (0.75, 0.25, ()),
    ]
    assert (series.points[1].ci_low, series.points[1].ci_high) == (0.5, 1.0)
    assert series.recipe.scale == "pseudo_jod"


def test_other_devices_break_the_line_but_not_the_gap_to_a_reference(night, history):
    night("2026-01-01", {"A": 0.5, "B": -0.5})
    night("2026-01-02", {"A": 0.5, "B": -0.5, "C": 0.0, "D": 0.0})
    (_, second) = history().series[0].points
    assert (second.change, second.breaks) == (None, ("devices: with C and D",))
    first, second = history(reference="B").series[0].points
    assert [p.score for p in (first, second)] == [1.0, 1.0]
    assert (second.change, second.breaks) == (0.0, ())


def test_other_devices_break_a_gap_between_devices_of_different_scenes(night, history):
    lacks = [scene_rank("Hall", "A", 0.5, 1), scene_rank("Night", "A", 0.5, 1)]
    lacks += [scene_rank("Hall", device, 0.0, 2) for device in "BC"]
    night("2026-01-01", {"A": 0.5, "B": -0.5}, scene_ranks=lacks[:3])
    night("2026-01-02", {"A": 0.5, "B": -0.5, "C": 0.0}, scene_ranks=lacks)
    (_, second) = history(reference="B").series[0].points
    assert (second.change, second.breaks) == (None, ("devices: with C",))


def test_other_scenes_break_the_line(night, history):
    night("2026-01-01", {"A": 0.5, "B": -0.5}, scenes=("Hall", "Night"))
    night("2026-01-02", {"A": 0.5, "B": -0.5}, scenes=("Hall", "Park"))
    for options in ({}, {"reference": "B"}):
        (_, second) = history(**options).series[0].points
        assert second.breaks == ("scenes: with Park, without Night",)
        assert second.change is None


@pytest.mark.parametrize(
    ("changes", "differs"),
    [
        ({"source": replace(MODEL, name="large")}, "model tiny, now large"),
        ({"source": replace(MODEL, preprocessing="tiny/2")}, "preprocessing tiny/1, now tiny/2"),
        ({"recipe": recipe(weights_sha256="cd" * 32)}, "weights abababab, now cdcdcdcd"),
        ({"recipe": recipe(working_size="900")}, "working size 1350, now 900"),
        ({"recipe": recipe(precision="bf16")}, "precision fp32, now bf16"),
    ],
)
def test_another_recipe_is_another_series(night, history, changes, differs):
    night("2026-01-01", {"A": 0.5, "B": -0.5})
    night("2026-01-02", {"A": 0.5, "B": -0.5}, **changes)
    night("2026-01-03", {"A": 0.6, "B": -0.6})
    found = history(reference="B")
    assert [[p.run for p in s.points] for s in found.series] == [
        ["2026-01-01", "2026-01-03"],
        ["2026-01-02"],
    ]
    assert found.differences == ((differs,),)


def test_the_face_rule_counts_only_where_faces_do(night, history):
    parts = {
        "weights_sha256": "ab" * 32,
        "working_size": "1350",
        "precision": "fp32",
        "reading": "read-1",
        "detector": "mtcnn",
    }
    for day, rule in (("2026-01-01", "confident"), ("2026-01-02", "largest")):
        faceless = Recipe.of_model(replace(MODEL, needs_face=False), face_rule=rule, **parts)
        night(day, {"A": 0.5}, recipe=faceless)
    assert len(history().series) == 1
    for day, rule in (("2026-01-03", "confident"), ("2026-01-04", "largest")):
        night(day, {"A": 0.5}, recipe=Recipe.of_model(MODEL, face_rule=rule, **parts))
    assert history().differences[1] == ("face rule confident, now largest",)


def test_a_run_without_the_device_is_told_and_bridged(night, history):
    night("2026-01-01", {"A": 0.5, "B": -0.5})
    night("2026-01-02", {"B": 0.0})
    night("2026-01-03", {"A": 0.5, "B": -0.5})
    found = history()
    assert [(left.run, left.reason) for left in found.absent] == [("2026-01-02", "has no A")]
    assert found.series[0].points[1].change == 0.0


def test_a_gap_has_an_interval_where_the_run_was_ranked_against_the_reference(night, history):
    gap = {"reference": "B", "gap": 1.0, "gap_low": 0.75, "gap_high": 1.25}
    night("2026-01-01", {"A": 0.5, "B": -0.5}, gaps={"A": gap})
    night("2026-01-02", {"A": 0.5, "B": -0.5})
    one, two = history(reference="B").series[0].points
    assert (one.ci_low, one.ci_high) == (0.75, 1.25)
    assert (two.ci_low, two.ci_high) == (None, None)


def test_another_firmware_is_the_same_device(night, history):
    night("2026-01-01", {"A": 0.5, "B": -0.5}, firmware={"A": "1.0"})
    night("2026-01-02", {"A": 0.25, "B": -0.25}, firmware={"A": "1.1"})
    points = history().series[0].points
    assert [p.firmware for p in points] == ["1.0", "1.1"]
    assert points[1].change == -0.25
    only = history("A@1.1")
    assert [p.run for p in only.series[0].points] == ["2026-01-02"]


def test_devices_of_two_leagues_have_no_gap(night, history, tmp_path):
    night("2026-01-01", {"A": 0.5, "B": -0.5}, gaps={"B": {"league": 2}})
    with pytest.raises(PiqaError, match="A and B share no chain of scenes"):
        history(reference="B")


def test_a_misspelt_device_is_told_its_neighbour(night, history):
    night("2026-01-01", {"Pixel 8": 0.5, "Galaxy": -0.5})
    for asked, said in (
        ({"device": "Pixle 8"}, r"the device 'Pixle 8'; did you mean 'Pixel 8'\?$"),
        ({"device": "PIXEL-8"}, r"the device 'PIXEL-8'; did you mean 'Pixel 8'\?$"),
        ({"device": "zzz"}, r"none has a name near it \(2 devices, such as 'Galaxy'\)$"),
        ({"device": "Galaxy", "reference": "Pixel"}, r"the reference 'Pixel'; did you mean 'Pix"),
    ):
        with pytest.raises(PiqaError, match=said):
            history(**asked)


def test_a_run_that_did_not_rank_the_device_is_left_out_with_the_reason(night, history):
    night("2026-01-05", {"A": 0.5, "B": -0.5})
    why = {"ranked": False, "note": "not ranked: 1 scene shared with others, 2 needed"}
    night("2026-01-06", {"A": 0.5, "B": -0.5}, gaps={"A": why})
    night("2026-01-07", {"A": 0.5, "B": -0.5, "C": 1.0}, gaps={"C": why})
    past = history("A")
    assert [(point.run, point.n_devices) for series in past.series for point in series.points] == [
        ("2026-01-05", 2),
        ("2026-01-07", 2),
    ]
    assert [left.reason for left in past.absent] == [
        "A is not ranked: 1 scene shared with others, 2 needed"
    ]
