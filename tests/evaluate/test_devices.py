"""Agreement on devices."""

import pytest

from piqa_cli.evaluate.devices import device_agreement
from piqa_cli.evaluate.scene import RatedPhoto


def photo(scene, device, score, truth, **more):
    return RatedPhoto(f"{scene}/{device}.jpg", scene, score, truth, device=device, **more)


def table(*scenes):
    """Photos of devices A, B, C ... from rows of (score, truth) or None."""
    return [
        photo(f"s{n}", device, *values)
        for n, row in enumerate(scenes)
        for device, values in zip("ABCDE", row, strict=False)
        if values is not None
    ]


def test_effects_and_ranks_by_hand():
    found = device_agreement(
        table(
            ((1, 0), (2, 1), (3, 3), (4, 2)),
            ((101, 10), (102, 11), (103, 13), (104, 12)),
        )
    )
    (league,) = found.leagues
    assert [d.device for d in league.devices] == ["C", "D", "B", "A"]
    assert [d.score_rank for d in league.devices] == [2, 1, 3, 4]
    assert [d.truth_effect for d in league.devices] == [1.5, 0.5, -0.5, -1.5]
    assert league.srcc == pytest.approx(0.8)
    assert league.krcc == pytest.approx(4 / 6)
    assert (found.top.n_agree, found.top.n_scenes, found.top.by_chance) == (0, 2, 0.5)


def test_a_missing_scene_neither_punishes_nor_helps():
    found = device_agreement(
        table(
            ((1, 1), (2, 2), (3, 3), (4, 4)),
            ((51, 1), (52, 2), (53, 3), None),
        )
    )
    (league,) = found.leagues
    assert [d.device for d in league.devices] == ["D", "C", "B", "A"]
    assert league.srcc == pytest.approx(1.0)
    assert (found.top.n_agree, found.top.n_scenes) == (2, 2)


def test_three_devices_have_ranks_but_no_correlation():
    (league,) = device_agreement(table(((1, 1), (2, 2), (3, 3)))).leagues
    assert (league.srcc, league.krcc, league.note) == (None, None, "under 4 devices")
    assert len(league.devices) == 3


def test_devices_without_shared_scenes_are_leagues():
    photos = [photo("x", d, n, n) for n, d in enumerate("AB")]
    photos += [photo("y", d, n, n) for n, d in enumerate("CDE")]
    assert [len(league.devices) for league in device_agreement(photos).leagues] == [3, 2]


def test_devices_that_share_the_first_place_share_the_point():
    top = device_agreement(table(((2, 5), (2, 1), (1, 0)))).top
    assert (top.n_agree, top.n_scenes) == (0.5, 1)


def test_firmware_competes_where_it_is_known():
    photos = [photo("x", "A", n, n, firmware=f) for n, f in enumerate(("1.0", "1.1"))]
    (league,) = device_agreement(photos).leagues
    assert [d.firmware for d in league.devices] == ["1.1", "1.0"]


def test_one_device_or_none_is_no_comparison():
    assert device_agreement([photo("x", "A", 1, 1)]) is None
    assert device_agreement([RatedPhoto("a", "x", 1, 1)]) is None


def test_devices_with_too_few_scenes_are_in_no_figure():
    rows = [((1, 1), (2, 2), (3, 3), (4, 4), (9, 0) if n == 2 else None) for n in range(5)]
    found = device_agreement(table(*rows))
    (league,) = found.leagues
    assert [d.device for d in league.devices] == ["D", "C", "B", "A"]
    assert (found.n_unranked, league.srcc) == (1, pytest.approx(1.0))
    assert sum(d.truth_effect for d in league.devices) == pytest.approx(0.0)
