"""Groups of devices that share no scene have heat maps of their own."""

from __future__ import annotations

from piqa_cli.report.home.heat_map import heats_of, n_cells
from tests.report.ranked import ranked_site

APART = {
    "Bar": {"Aster": (2.0,), "Birch": (1.0,)},
    "Hall": {"Aster": (2.0,), "Birch": (1.0,)},
    "Quay": {"Cedar": (2.0,), "Dune": (1.0,)},
}


def shown(site):
    return [
        ([d.label for d in heat.devices], [row.scene.title for row in heat.rows], heat.holes)
        for heat in heats_of(site)
    ]


def test_a_map_a_group_without_scenes_that_it_lacks(tmp_path):
    assert shown(ranked_site(tmp_path, scores=APART)) == [
        (["Aster", "Birch"], ["Bar", "Hall"], 0),
        (["Cedar", "Dune"], ["Quay"], 0),
    ]


def test_devices_that_are_linked_share_one_map(tmp_path):
    linked = APART | {"Quay": {"Birch": (2.0,), "Cedar": (1.0,)}}
    ((devices, scenes, holes),) = shown(ranked_site(tmp_path, scores=linked))
    assert (sorted(devices), scenes, holes) == (["Aster", "Birch", "Cedar"], list(APART), 3)


def test_cells_are_counted_without_making_maps(tmp_path):
    linked = APART | {"Quay": {"Birch": (2.0,), "Cedar": (1.0,)}}
    for n, scores in enumerate((APART, linked)):
        site = ranked_site(tmp_path / str(n), scores=scores)
        assert n_cells(site) == sum(len(row.cells) for heat in heats_of(site) for row in heat.rows)
