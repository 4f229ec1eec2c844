from __future__ import annotations

import pytest

from piqa_cli.report.device.best_and_worst import extremes
from piqa_cli.report.scene_gaps import scene_gaps
from piqa_cli.runs.pictures import PictureSource
from tests.report.ranked import ranked_site

NOTHING = PictureSource(frozenset())


@pytest.fixture
def found(tmp_path):
    """The extremes of a device of a site."""

    def of(device: str, **changes: object):
        site = ranked_site(tmp_path / "run", **changes)
        cells: dict[str, list] = {}
        for row in site.run.tables.captures:
            if row.device == device and row.status == "ok":
                cells.setdefault(row.scene, []).append(row)
        usual = dict.fromkeys(site.scenes)
        return extremes(cells, scene_gaps(site), usual=usual, pictures=NOTHING)

    return of


def test_captures_are_ordered_by_their_gap_never_by_raw_scores(found):
    scores = {"Dark": {"A": (-5.0,), "B": (-7.0,)}, "Bright": {"A": (9.0,), "B": (9.4,)}}
    lists = found("A", scores=scores)
    assert [(item.scene.name, item.gap) for item in lists.best] == [("Dark", "+1.00")]
    assert [(item.scene.name, item.gap) for item in lists.worst] == [("Bright", "−0.20")]


def test_a_scene_gives_its_best_and_its_worst_and_none_is_in_both(found):
    lists = found("Aster")
    assert [(i.scene.name, i.gap) for i in lists.best] == [
        ("Bar", "+0.83"),
        ("Hall", "+0.70"),
        ("Park", "+0.48"),
        ("Quay", "+0.33"),
    ]
    assert [(i.scene.name, i.gap) for i in lists.worst] == [
        ("Quay", "+0.13"),
        ("Park", "+0.38"),
        ("Hall", "+0.50"),
        ("Bar", "+0.63"),
    ]
    paths = [i.shot.path for i in (*lists.best, *lists.worst)]
    assert len(set(paths)) == 8


def test_alone_in_a_scene_a_capture_is_neither(found):
    scores = {"Bar": {"A": (2.0, 1.0)}, "Hall": {"A": (1.0,), "B": (0.0,)}}
    lists = found("A", scores=scores)
    assert [item.scene.name for item in (*lists.best, *lists.worst)] == ["Hall"]
