"""A device's faults in words: only what is clear is said, and the costliest first."""

from __future__ import annotations

from dataclasses import replace

from piqa_cli.records.ranks import FaultEffect
from piqa_cli.report.fault_profile import loses_by, profile_view, profiles
from tests.report.ranked import ranked_site


def effect(fault, cost, half=0.1, device="Aster", condition=None):
    ends = (None, None) if half is None else (cost - half, cost + half)
    return FaultEffect(condition, 1, device, None, fault, 4, cost, *ends)


def site_of(tmp_path, *rows):
    site = ranked_site(tmp_path)
    tables = replace(site.run.tables, faults=list(rows))
    return replace(site, run=replace(site.run, tables=tables))


def view_of(tmp_path, *rows):
    site = site_of(tmp_path, *rows)
    return profile_view(site, profiles(site), next(iter(site.competitors)))


def test_only_clear_faults_of_some_size_are_named():
    rows = [effect("blur", 0.2, 0.3), effect("noise", 0.05, 0.01), effect("halo", 0.4)]
    assert loses_by(rows) == "halos 0.40"


def test_the_costliest_come_first_and_three_at_most():
    rows = [effect(name, cost) for name, cost in
            (("blur", 0.2), ("noise", 0.3), ("halo", 0.4), ("dark", 0.5))]  # fmt: skip
    assert loses_by(rows) == "darkness 0.50, halos 0.40, noise 0.30"


def test_the_sentence_names_both_sides(tmp_path):
    view = view_of(tmp_path, effect("halo", 0.4), effect("blur", -0.3), effect("noise", 0.02))
    assert view.sentence == (
        "Loses clearly more than the mean device by halos (0.40); clearly less by blur (0.30)."
    )
    assert [row.words for row in view.rows] == ["Halos", "Noise", "Blur"]
    assert [row.level for row in view.rows] == ["below", "", "above"]


def test_clear_but_small_is_not_called_worse(tmp_path):
    (row,) = view_of(tmp_path, effect("halo", 0.06, 0.02)).rows
    assert (row.level, row.clear) == ("small", "less than 0.1 apart")


def test_without_intervals_nothing_is_clear(tmp_path):
    view = view_of(tmp_path, effect("halo", 0.9, None))
    assert view.sentence == "There are no intervals, so no fault can be called clear."
    assert loses_by([effect("halo", 0.9, None)]) == ""


def test_conditions_are_told_apart(tmp_path):
    view = view_of(
        tmp_path,
        effect("halo", 0.4),
        effect("noise", 0.5, condition="Night"),
        effect("noise", 0.0, condition="Indoor"),
    )
    assert view.conditions == (("Night", "noise 0.50"),)


def test_a_model_without_faults_has_no_profile(tmp_path):
    assert view_of(tmp_path) is None
