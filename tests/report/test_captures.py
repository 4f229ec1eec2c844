"""The page of captures: what needs a look comes first, and gaps stand in place of raw scores."""

from __future__ import annotations

from piqa_cli.faults import FAULTS
from piqa_cli.report.captures import capture_lines
from piqa_cli.report.fault_costs import loses_more_by
from piqa_cli.runs.pictures import PictureSource
from tests.report.ranked import ranked_site
from tests.runs.samples import scored_row


def lines(tmp_path):
    site = ranked_site(tmp_path)
    return capture_lines(site, PictureSource.in_folder(tmp_path / "pictures", "none"))


def test_the_furthest_below_their_scene_come_first(tmp_path):
    gaps = [line.gap_key for line in lines(tmp_path) if line.status == "ok"]
    assert gaps == sorted(gaps)
    assert gaps[0] < 0 < gaps[-1]


def test_a_gap_is_against_the_devices_of_the_scene(tmp_path):
    park = [line for line in lines(tmp_path) if line.scene == "Park"]
    # Aster -1.05 and Birch -1.9: the mean of the two is -1.475
    assert [line.gap for line in park] == ["−0.52", "−0.32", "+0.38", "+0.48"]


def test_captures_link_to_their_device_in_the_scene(tmp_path):
    assert {line.href.partition("#")[2] for line in lines(tmp_path)} == {
        "d-aster", "d-birch", "d-cedar",
    }  # fmt: skip


def test_only_faults_that_cost_more_than_the_mean_are_named():
    costs = {"halo": 0.9, "noise": 0.5, "blur": 0.35, "dark": 0.3, "haze": 0.1}
    row = scored_row(more={"fault_costs": [costs.get(fault.name, 0.0) for fault in FAULTS]})
    assert loses_more_by(row, [0.1] * len(FAULTS)) == "halos 0.80, noise 0.40, blur 0.25"
    assert loses_more_by(row, None) == ""
    assert loses_more_by(scored_row(), [0.1] * len(FAULTS)) == ""
