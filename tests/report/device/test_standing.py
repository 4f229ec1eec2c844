from __future__ import annotations

from dataclasses import replace

import pytest

from piqa_cli.report.device.standing import level_of, rankings, standing_view, verdict_words
from tests.report.ranked import ranked_site
from tests.runs.samples import device_rank

SURE = {
    f"{condition} {n}": {
        "A": (side + 0.01 * n,),
        "B": (0.02 * n,),
        "C": (-0.1 + 0.03 * (n % 2),),
    }
    for condition, side in (("Day", 1.0), ("Night", -1.0))
    for n in range(5)
}
CONDITIONS = {scene: scene.split()[0] for scene in SURE}


@pytest.fixture
def site(tmp_path):
    return ranked_site(tmp_path / "run", scores=SURE, conditions=CONDITIONS)


def test_strengths_and_weaknesses_are_told_by_condition(site):
    view = standing_view(site, rankings(site), ("A", None))
    assert [(s.condition, s.ranks, s.n_devices, s.level) for s in view.conditions] == [
        ("Day", "1", 3, "above"),
        ("Night", "3", 3, "below"),
    ]
    assert view.summary == (
        "Clearly above the mean device in Day; clearly below the mean device in Night."
    )
    assert view.overall.level == "open"


def test_one_condition_would_only_repeat_the_whole(tmp_path):
    alike = dict.fromkeys(("Bar", "Hall", "Park", "Quay"), "Day")
    site = ranked_site(tmp_path / "run", conditions=alike)
    view = standing_view(site, rankings(site), ("Aster", None))
    assert view.conditions == ()
    assert view.summary == ""


@pytest.mark.parametrize(
    ("score", "low", "high", "level"),
    [
        (0.5, 0.1, 0.9, "above"),
        (-0.5, -0.9, -0.1, "below"),
        (0.3, 0.1, 0.5, "above"),
        (0.2, 0.1, 0.3, "within"),
        (0.5, -0.1, 1.1, "open"),
        (0.5, None, None, "unsure"),
    ],
)
def test_clear_needs_an_interval_without_zero_and_more_than_a_tie(score, low, high, level):
    row = replace(device_rank("A", score, 1), ci_low=low, ci_high=high)
    assert level_of(row, [row, row], tie=0.3) == level
    assert level_of(row, [row], tie=0.3) == "alone"


def test_the_place_is_told_with_who_is_clearly_better_and_worse(tmp_path):
    scores = {
        f"S{n}": {"A": (3 + 0.01 * n,), "B": (1.0,), "C": (1.01 - 0.02 * (n % 2),), "D": (-1.0,)}
        for n in range(6)
    }
    site = ranked_site(tmp_path / "run", scores=scores, conditions={})
    rows = site.overall()
    said = {row.device: verdict_words(site, row, rows) for row in rows}
    assert said["A"].startswith("Rank 1 of 4 devices, over 6 scenes: 2.02 points above")
    assert said["A"].endswith("Clearly better than every other device.")
    assert said["B"].endswith(
        "Clearly better than 1 device, clearly worse than 1 device, "
        "not clearly different from 1 other."
    )
    assert said["D"].endswith("Clearly worse than 3 devices.")


def test_without_intervals_nothing_is_called_clear(tmp_path):
    site = ranked_site(tmp_path / "run", scores={"Bar": {"A": (2.0,), "B": (1.0,)}})
    rows = site.overall()
    text = verdict_words(site, rows[0], rows)
    assert "There is no interval: ranks rest on the tie threshold of 0.3 JOD alone." in text
    assert "learly" not in text


def test_alone_it_has_no_rank_to_speak_of(tmp_path):
    site = ranked_site(tmp_path / "run", scores={"Bar": {"A": (2.0, 2.1)}})
    rows = site.overall()
    assert "no rank to speak of" in verdict_words(site, rows[0], rows)
