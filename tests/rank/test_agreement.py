"""Models agree by the order of devices within scenes, never by their scores."""

from dataclasses import replace

import pytest

from piqa_cli.rank.agreement import agreements
from piqa_cli.rank.ranking import rank_captures
from piqa_cli.rank.records import Rules, ScoredCapture
from piqa_cli.records import Ranking


def ranking(scores, takes=2):
    """Ranks {scene: {device: score}}; takes of a device lie close to each other."""
    captures = [
        ScoredCapture(
            path=f"{scene}/{device}/{take}",
            scene=scene,
            device=device,
            firmware=None,
            condition=None,
            score=score + 0.01 * take,
            sha256=f"{scene}{device}{take}",
            pixels_sha256=None,
            score_sd=None,
        )
        for scene, own in scores.items()
        for device, score in own.items()
        for take in range(takes)
    ]
    return rank_captures(captures, rules=Rules(tie_jod=0.1, jod_per_unit=1.0))


LAB = {f"S{n}": {"A": 4.0 + n, "B": 3.0 + n, "C": 2.0 + n, "D": 1.0 + n} for n in range(4)}


def of_kind(kind, rows):
    return [row for row in rows if row.kind == kind]


def test_scales_and_levels_of_scenes_do_not_matter():
    other = {
        s: {d: 100 * n - v**3 for d, v in own.items()} for n, (s, own) in enumerate(LAB.items())
    }
    (mean,) = of_kind("mean", agreements({"a": ranking(LAB), "b": ranking(other)}))
    assert (mean.tau_b, mean.ci_low, mean.ci_high, mean.n_scenes) == (-1.0, -1.0, -1.0, 4)


def test_the_mean_over_scenes_has_an_interval_and_is_cut_at_one():
    swapped = LAB | {"S0": LAB["S0"] | {"C": 1.0, "D": 2.0}, "S1": LAB["S1"] | {"A": 2.5}}
    rows = agreements({"a": ranking(LAB), "b": ranking(swapped)})
    taus = [row.tau_b for row in of_kind("scene", rows)]
    assert taus == pytest.approx([2 / 3, 1 / 3, 1.0, 1.0])
    (mean,) = of_kind("mean", rows)
    assert mean.tau_b == pytest.approx(0.75)
    assert mean.ci_low == pytest.approx(0.75 - 3.1824 * 0.31914 / 2, abs=1e-4)  # Student's t, df 3
    assert mean.ci_high == 1.0


def test_one_scene_has_no_interval_and_no_order_no_figure():
    one = {"S": LAB["S0"]}
    (mean,) = of_kind("mean", agreements({"a": ranking(one), "b": ranking(one)}))
    assert (mean.tau_b, mean.ci_low) == (1.0, None)
    assert mean.note == "one scene: how far this holds in others can't be known"
    tied = {"S": {"A": 1.0, "B": 1.0}}
    rows = agreements({"a": ranking({"S": {"A": 1.0, "B": 2.0}}), "b": ranking(tied)})
    assert of_kind("scene", rows)[0].note == "no order: all devices tie by b"
    assert of_kind("mean", rows)[0].note == "no scene in which both have an order"
    assert agreements({"a": Ranking(), "b": Ranking()})[0].n_scenes == 0


def test_devices_whose_places_share_none_come_first():
    other = {s: own | {"A": own["D"] - 1.0} for s, own in LAB.items()}
    places = of_kind("place", agreements({"a": ranking(LAB), "b": ranking(other)}))
    assert [place.device for place in places] == ["A", "B", "C", "D"]
    assert places[0] == replace(
        places[0], rank_a=1, rank_high_a=1, rank_b=4, rank_low_b=4, apart=True, league=1
    )
    assert [place.rank_b for place in places] == [4, 1, 2, 3]


def test_every_pair_of_models_is_compared_once():
    rows = agreements(dict.fromkeys("abc", ranking(LAB)))
    assert [row.pair for row in of_kind("mean", rows)] == [("a", "b"), ("a", "c"), ("b", "c")]
