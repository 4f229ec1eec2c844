"""Results of `rank`, in the units of gates."""

from dataclasses import replace
from pathlib import Path

import pytest

from piqa_cli.gates.ranking import NO_REFERENCE, measured_ranking
from piqa_cli.rank.ranking import rank_captures
from piqa_cli.rank.records import Rules, ScoredCapture
from piqa_cli.records import Capture, Competitor, Failed, FailedFolder
from tests.runs.samples import MODEL

SCORES = {  # gaps of B to A: -1.0 in Bar, -2.0 in Park; two takes each, .1 apart
    ("Bar", "A"): (3.0, 3.1), ("Bar", "B"): (2.0, 2.1),
    ("Park", "A"): (5.0, 5.1), ("Park", "B"): (3.0, 3.1),
}  # fmt: skip

NOTHING_EXPECTED = dict.fromkeys(
    ("max_missing_devices", "max_missing_cells", "max_missing_takes"),
    "nothing is expected: write [expect] into piqa.toml",
)


def measured(reference="A", *, jod_per_unit=2.0, failed=(), scores=SCORES):
    captures = [
        ScoredCapture(f"{scene}/{device}/{n}", scene, device, score, condition="Night")
        for (scene, device), takes in scores.items()
        for n, score in enumerate(takes)
    ]
    who = None if reference is None else Competitor(reference, None)
    rules = Rules(jod_per_unit=jod_per_unit, reference=who)
    ranking = rank_captures(captures, rules=rules)
    spec = replace(MODEL, jod_per_unit=jod_per_unit, scale="pseudo_jod")
    return measured_ranking(ranking.scenes, ranking.devices, failed, source=spec)


def lost(scene, device):
    path = f"{scene}/{device}/x.jpg"
    return Failed(Capture(path, Path(path), scene, device), "read", "truncated")


def test_regressions_are_gaps_to_the_reference_in_jod():
    found = {(r.scene, r.condition): r for r in measured().of("max_regression_jod")}
    assert {key: round(r.value, 6) for key, r in found.items()} == {
        (None, None): 3.0, (None, "Night"): 3.0, ("Bar", "Night"): 2.0, ("Park", "Night"): 4.0,
    }  # fmt: skip
    assert {r.device for r in found.values()} == {"B"}
    assert measured().unit == "points"


def test_intervals_of_scenes_rest_on_the_noise_of_takes():
    bar = next(r for r in measured().of("max_regression_jod") if r.scene == "Bar")
    # Pooled variance of a take .1**2 / 2 with 4 df; the gap of two means of two: t * s = .1963
    assert (bar.low, bar.high) == pytest.approx((2.0 - 2 * 0.196324, 2.0 + 2 * 0.196324), abs=1e-5)


def test_preferences_are_against_the_mean_device_without_a_reference():
    found = measured(None)
    assert found.missing == {"max_regression_jod": NO_REFERENCE, **NOTHING_EXPECTED}
    overall = {r.device: r.value for r in found.of("min_preference") if r.condition is None}
    # B is .75 units, so 1.5 JOD, below the mean: Phi(-0.6745 * 1.5)
    assert overall == pytest.approx({"A": 0.844168, "B": 0.155832}, abs=1e-5)
    assert found.against["min_preference"] == "the mean device"


def test_the_interval_of_a_gap_to_the_scene_mean_is_exact():
    bar = next(
        r for r in measured(None).of("min_preference") if (r.scene, r.device) == ("Bar", "B")
    )
    # The gap to the mean of two is half their gap, and so is its interval: -.5 +- .098162 units
    assert (bar.low, bar.high) == pytest.approx((0.209821, 0.293901), abs=1e-4)


def test_a_model_without_jod_scale_has_neither():
    reason = "the scores have no JOD scale"
    assert measured(jod_per_unit=None).missing == {
        "max_regression_jod": reason, "min_preference": reason, **NOTHING_EXPECTED,
    }  # fmt: skip


def test_a_folder_without_captures_is_a_failure_with_no_takes():
    lost_scene = FailedFolder("Hall", "no captures in it", "Hall")
    lost_device = FailedFolder("Park/C", "no captures in it", "Park", "C")
    found = measured(failed=[lost_scene, lost_device])
    counts = {(r.scene, r.device): r.value for r in found.of("min_takes")}
    assert [counts["Hall", d] for d in "ABC"] == [0, 0, 0]
    assert [counts["Park", d] for d in "ABC"] == [2, 2, 0]
    failed = [(r.scene, r.device, r.value) for r in found.of("max_failed_captures")]
    assert failed == [("Hall", "", 1.0), ("Park", "C", 1.0)]


def test_takes_count_holes_and_cells_that_failed_as_none():
    scores = {key: takes for key, takes in SCORES.items() if key != ("Park", "B")}
    found = measured(scores=scores, failed=[lost("Hall", "C"), lost("Bar", "A")])
    counts = {(r.scene, r.device): r.value for r in found.of("min_takes")}
    assert counts == {
        ("Bar", "A"): 2, ("Bar", "B"): 2, ("Bar", "C"): 0,
        ("Park", "A"): 2, ("Park", "B"): 0, ("Park", "C"): 0,
        ("Hall", "A"): 0, ("Hall", "B"): 0, ("Hall", "C"): 0,
    }  # fmt: skip
    assert [(r.scene, r.device) for r in found.of("max_failed_captures")] == [
        ("Hall", "C"),
        ("Bar", "A"),
    ]


def test_a_reference_that_lacks_a_scene_leaves_it_unjudged():
    scores = {key: takes for key, takes in SCORES.items() if key != ("Park", "A")}
    park = next(r for r in measured(scores=scores).of("max_regression_jod") if r.scene == "Park")
    assert (park.value, park.note) == (None, "A has no score in this scene")


def test_a_device_whose_captures_all_failed_is_not_judged_rather_than_left_out():
    failed = [lost("Bar", "C"), lost("Park", "C"), lost("Hall", "B")]
    found = measured(failed=failed).of("max_regression_jod")
    assert [(r.device, r.scene, r.condition, r.note) for r in found if r.value is None] == [
        ("C", None, None, "all its 2 captures failed"),
        ("C", "Bar", None, "its only capture failed"),
        ("C", "Park", None, "its only capture failed"),
        ("B", "Hall", None, "its only capture failed"),
    ]


def test_a_reference_whose_captures_all_failed_leaves_every_device_unjudged():
    scores = {key: takes for key, takes in SCORES.items() if key[1] != "A"}
    found = measured(scores=scores, failed=[lost("Bar", "A")]).of("max_regression_jod")
    assert {(r.device, r.value) for r in found} == {("B", None)}
    assert "no gap to A, which has no score or no rank in its league" in {r.note for r in found}


def test_a_device_with_too_few_scenes_is_not_judged_over_scenes():
    scenes = ("Bar", "Hall", "Park", "Quay", "Road")
    field = {(s, d): (3.0, 3.1) for s in scenes for d in ("A", "B")}
    found = measured(scores={**field, ("Bar", "C"): (1.0,)}).of("max_regression_jod")
    overall = {r.device: r for r in found if r.scene is None and r.condition is None}
    assert overall["B"].value == pytest.approx(0.0)
    assert overall["C"].value is None
    assert overall["C"].note == "not ranked: 1 scene shared with others, 2 needed"
