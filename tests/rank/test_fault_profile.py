"""Faults are compared within scenes, by the contrast that ranks rest on."""

from __future__ import annotations

import numpy as np
import pytest

from piqa_cli.faults import FAULTS
from piqa_cli.rank.ranking import rank_captures
from piqa_cli.rank.records import ScoredCapture

DEVICES, SCENES = ("alba", "bora", "cima"), tuple("abcdefgh")


def capture(device, scene, costs, **more):
    return ScoredCapture(
        path=f"{scene}/{device}.jpg",
        scene=scene,
        device=device,
        score=1.0,
        fault_costs=costs,
        **more,
    )


def field(built_in, *, seed=0, noise=0.05):
    """A field whose devices have built-in costs, in scenes that cost all of them something."""
    rng = np.random.default_rng(seed)
    found = []
    for scene in SCENES:
        level = rng.uniform(0, 2, len(FAULTS))
        for device in DEVICES:
            own = [built_in.get((device, fault.name), 0.0) for fault in FAULTS]
            found.append(
                capture(device, scene, tuple(level + own + rng.normal(0, noise, len(FAULTS))))
            )
    return found


def effects(captures, condition=None):
    rows = rank_captures(captures).faults
    return {(r.device, r.fault): r for r in rows if r.condition == condition}


def test_a_built_in_fault_is_found_whatever_the_scenes_cost():
    found = effects(field({("bora", "halo"): 0.6}))
    halo = found["bora", "halo"]
    assert halo.cost == pytest.approx(0.4, abs=0.08)  # 0.6 minus the mean device's 0.2
    assert halo.ci_low > 0
    assert halo.n_scenes == len(SCENES)
    clear = {key for key, row in found.items() if row.ci_low > 0.1}
    assert clear == {("bora", "halo")}


def test_costs_of_a_league_add_up_to_nothing():
    found = effects(field({("alba", "noise"): 1.0, ("cima", "blur"): 0.3}))
    for fault in FAULTS:
        assert sum(found[d, fault.name].cost for d in DEVICES) == pytest.approx(0, abs=1e-9)


def test_intervals_hold_what_was_built_in():
    """Of 400 simulated effects 95 % lie in their intervals, within three standard errors."""
    inside = []
    for seed in range(400):
        row = effects(field({("bora", "halo"): 0.3}, seed=seed))["bora", "halo"]
        inside.append(row.ci_low <= 0.2 <= row.ci_high)
    assert np.mean(inside) == pytest.approx(0.95, abs=3 * np.sqrt(0.95 * 0.05 / 400))


def test_conditions_have_profiles_of_their_own():
    captures = [
        capture(c.device, c.scene, c.fault_costs, condition="Night" if c.scene < "e" else "Day")
        for c in field({("bora", "halo"): 0.6})
    ]
    assert effects(captures, "Night")["bora", "halo"].n_scenes == 4


def test_a_picture_that_lies_twice_counts_once():
    captures = field({})
    twin = capture("alba", "a", (9.0,) * len(FAULTS), sha256="1")
    again = ScoredCapture(**{name: getattr(twin, name) for name in ScoredCapture.__slots__})
    assert effects([*captures, twin, again]) == effects([*captures, twin])


def test_models_without_faults_have_no_profile():
    bare = [capture(c.device, c.scene, None) for c in field({})]
    assert rank_captures(bare).faults == ()


def test_a_device_without_costs_leaves_no_half_profile():
    captures = [c if c.device != "cima" else capture("cima", c.scene, None) for c in field({})]
    assert rank_captures(captures).faults == ()


def test_one_scene_has_effects_without_intervals():
    found = effects([c for c in field({("bora", "halo"): 0.6}) if c.scene == "a"])
    assert found["bora", "halo"].interval is None
