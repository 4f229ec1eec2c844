"""Devices over scenes, by hand."""

import pytest

from tests.compare.conftest import broken, photo

T1, T2 = 12.7062047, 4.3026527  # two-sided 95 % quantiles of Student's t


def shots(device, scores, **more):
    """One capture a scene: shots("A", {"Bar": 1.0})."""
    return [photo(scene, device, score, **more) for scene, score in scores.items()]


def overall(found):
    return {row.subject.label: row for row in found.devices if row.condition is None}


def test_a_device_is_the_mean_of_its_scenes(compared):
    # Scenes' differences -0.5, -0.7, -0.6 on scales of their own: mean -0.6, SD 0.1.
    base = shots("A", {"Bar": 1.0, "Hall": 9.0, "Park": -3.0})
    new = shots("A", {"Bar": 0.5, "Hall": 8.3, "Park": -3.6})
    row = overall(compared(base, new))["A"]
    half = T2 * 0.1 / 3**0.5
    assert row.difference == pytest.approx(-0.6)
    assert (row.ci_low, row.ci_high) == (pytest.approx(-0.6 - half), pytest.approx(-0.6 + half))
    assert (row.verdict, row.n_scenes, row.worst_scene) == ("worse", 3, "Hall")
    # Phi(0.6745 * -0.6): 1 JOD means that 75 % prefer the better one.
    assert row.preference == pytest.approx(0.3428, abs=1e-4)


@pytest.mark.parametrize(
    ("gaps", "tie_jod", "verdict"),
    [
        ((0.5, 0.6, 0.7), 0.3, "better"),  # 0.35 to 0.85
        ((0.5, 0.6, 0.7), 0.61, "unclear"),  # clear, but less than the tie
        ((0.11, 0.01, -0.09), 0.3, "same"),  # -0.24 to 0.26
        ((0.11, 0.01, -0.09), 0.2, "unclear"),
        ((0.11, 0.01, -0.09), 0.0, "unclear"),  # without a tie nothing is too small
        ((-0.4, -0.4, -0.4), 0.4, "worse"),
    ],
)
def test_verdicts(compared, gaps, tie_jod, verdict):
    base = shots("A", {"Bar": 1.0, "Hall": 1.0, "Park": 1.0})
    new = shots("A", dict(zip(("Bar", "Hall", "Park"), (1.0 + gap for gap in gaps), strict=True)))
    assert overall(compared(base, new, tie_jod=tie_jod))["A"].verdict == verdict


def test_one_scene_has_no_interval(compared):
    row = overall(compared(shots("A", {"Bar": 1.0}), shots("A", {"Bar": 2.0})))["A"]
    assert (row.difference, row.ci_low, row.verdict) == (1.0, None, "unknown")
    assert row.note == "no interval: one scene alone doesn't tell how scenes differ"


def test_a_missing_cell_is_missing_and_not_worse(compared):
    base = shots("A", {"Bar": 1.0, "Hall": 2.0, "Park": 3.0})
    found = compared(base, shots("A", {"Bar": 1.2, "Hall": 2.4}))
    row = overall(found)["A"]
    assert (row.n_scenes, row.difference) == (2, pytest.approx(0.3))
    assert row.ci_low == pytest.approx(0.3 - T1 * 0.02**0.5 / 2**0.5)
    assert found.scenes[2].verdict == "removed"
    assert (row.n_changed, row.n_removed) == (2, 1)


def test_scenes_of_the_same_files_are_left_out(compared):
    same = photo("Park", "A", 3.0, shot="x")
    found = compared(
        [*shots("A", {"Bar": 1.0, "Hall": 2.0}), same],
        [*shots("A", {"Bar": 0.4, "Hall": 1.2}), same],
    )
    row = overall(found)["A"]
    assert (row.n_scenes, row.n_same_scenes, row.difference) == (2, 1, pytest.approx(-0.7))
    assert row.note == "1 scene with the same files is left out"


def test_equal_runs_differ_by_exactly_0(compared):
    base = [*shots("A", {"Bar": 0.1, "Hall": 0.7}), *shots("B", {"Bar": 0.3})]
    found = compared(base, base)
    assert {(row.difference, row.verdict) for row in found.devices} == {(0.0, "unchanged")}
    assert {capture.change for capture in found.captures} == {"unchanged"}
    assert (found.regressions(), found.notes) == ((), ())


def test_added_and_removed_devices(compared):
    found = compared(shots("A", {"Bar": 1.0}), shots("B", {"Bar": 1.0}))
    rows = overall(found)
    assert (rows["A"].verdict, rows["B"].verdict) == ("removed", "added")
    assert (rows["A"].difference, rows["A"].n_removed, rows["B"].n_added) == (None, 1, 1)


def test_devices_without_a_scene_in_common(compared):
    row = overall(compared(shots("A", {"Bar": 1.0}), shots("A", {"Hall": 1.0})))["A"]
    assert (row.verdict, row.difference) == ("unknown", None)
    assert row.note == "in BASE only; in NEW only"


def test_conditions_have_rows_of_their_own(compared):
    base = shots("A", {"Bar": 1.0}, condition="Night") + shots("A", {"Park": 1.0}, condition="Day")
    new = shots("A", {"Bar": 0.5}, condition="Night") + shots("A", {"Park": 1.5}, condition="Day")
    found = compared(base, new)
    rows = [(row.condition, row.difference) for row in found.devices]
    assert rows == [(None, 0.0), ("Day", 0.5), ("Night", -0.5)]
    assert found.devices[2].n_changed == 1


def test_the_worst_comes_first(compared):
    base = [*shots("A", {"Bar": 1.0}), *shots("B", {"Bar": 1.0}), *shots("C", {"Bar": 1.0})]
    new = [*shots("A", {"Bar": 0.9}), *shots("B", {"Bar": 0.2}), *shots("D", {"Bar": 1.0})]
    found = compared(base, new)
    assert [row.subject.label for row in found.overall()] == ["B", "A", "C", "D"]
    assert [row.subject.label for row in found.regressions()] == ["B", "A"]


def test_without_a_jod_scale_the_interval_decides(make_run):
    from dataclasses import replace

    from piqa_cli.compare.comparison import compare_folders
    from tests.runs.samples import MODEL

    spec = replace(MODEL, scale="relative", jod_per_unit=None)
    folders = [
        make_run(name, *shots("A", {"Bar": by, "Hall": by + 0.01}), source=spec)
        for name, by in (("base", 1.0), ("new", 1.1))
    ]
    found = compare_folders(*folders)
    row = overall(found)["A"]
    assert (row.verdict, row.preference, found.unit) == ("better", None, "points")


def test_failed_captures_are_counted_over_all_scenes(compared):
    base = [photo(s, "A", 1.0, f"{n}.jpg") for s in ("Bar", "Hall", "Park") for n in "12"]
    new = [broken(s, "A", f"{n}.jpg") for s in ("Bar", "Hall", "Park") for n in "12"]
    other = photo("Bar", "B", 1.0)
    (a, _) = compared([*base, other], [*new, other]).overall()[::-1]
    assert (a.subject.label, a.note) == ("A", "none scored in NEW in 3 scenes (6 captures failed)")


def test_devices_stand_worst_first_within_every_condition(compared):
    base = [
        photo(scene, device, 1.0, condition=condition)
        for device in "ABC"
        for scene, condition in (("Bar", "Night"), ("Park", "Outdoor"))
    ]
    gains = {"A": (0.1, -0.2), "B": (-0.5, 0.3), "C": (-0.1, -0.9)}
    new = [
        photo(scene, device, 1.0 + gains[device][n], condition=condition)
        for device in "ABC"
        for n, (scene, condition) in enumerate((("Bar", "Night"), ("Park", "Outdoor")))
    ]
    order = {
        name: [row.subject.label for row in rows]
        for name, rows in compared(base, new).by_condition().items()
    }
    assert order == {"Night": ["B", "C", "A"], "Outdoor": ["C", "A", "B"]}
