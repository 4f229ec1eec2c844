"""Captures expected and found, by scene and device."""

from piqa_cli.expect.cells import expected_by_lists, shortfall
from piqa_cli.expect.expectation import counted
from piqa_cli.expect.renamed import Sighting
from piqa_cli.records.expected import Renamed, ShortCell
from piqa_cli.settings import ExpectSettings

FOUND = {("Bar", "A"): 2, ("Bar", "B"): 1, ("Hall", "A"): 2}


def missing(expected, **more):
    return shortfall(expected, FOUND, asked_by="the lab asks for", conditions={}, **more)


def test_a_list_that_is_not_given_is_that_of_the_run():
    devices = expected_by_lists(ExpectSettings(devices=("A", "C")), FOUND)
    assert devices == {(s, d): 1 for s in ("Bar", "Hall") for d in "AC"}
    scenes = expected_by_lists(ExpectSettings(scenes=("Park",), takes=2), FOUND)
    assert scenes == {("Park", "A"): 2, ("Park", "B"): 2}


def test_devices_scenes_cells_and_takes_that_are_missing():
    found = missing({(s, d): 2 for s in ("Bar", "Park") for d in "ABC"})
    assert (found.devices, found.scenes) == (("C",), ("Park",))
    assert found.cells[:2] == (ShortCell("Bar", None, "B", 2, 1), ShortCell("Bar", None, "C", 2, 0))
    assert [(cell.scene, cell.device) for cell in found.empty_cells] == [
        ("Bar", "C"), ("Park", "A"), ("Park", "B"), ("Park", "C"),
    ]  # fmt: skip
    assert (found.missing_takes, found.n_takes) == (9, 12)
    assert found.lines == (
        "missing of what the lab asks for: 1 of 3 devices (C), 1 of 2 scenes (Park), "
        "4 of 6 cells (C in Bar, A in Park, B in Park, ...), 9 of 12 captures",
    )


def test_more_than_expected_is_whole():
    found = missing({("Bar", "A"): 1, ("Hall", "A"): 2})
    assert found.is_whole
    assert (found.lines, found.cells) == ((), ())


def test_a_device_of_base_is_missing_without_a_cell_of_its_own():
    found = missing({("Bar", "A"): 1}, also_devices=["Z", "B"], renamed=[Renamed("Z", "B", "w")])
    assert (found.devices, found.cells, found.n_devices) == (("Z",), (), 3)
    assert found.lines[1] == "looks like 'Z' renamed to 'B' (w): map it in [devices] of piqa.toml"


def test_a_picture_that_lies_twice_in_a_cell_counts_once():
    seen = [
        Sighting("Bar", "A", "1", None, "p"),
        Sighting("Bar", "A", "2", None, "p"),
        Sighting("Bar", "A", "1"),
        Sighting("Hall", "A", "1"),
        Sighting("Bar", "A"),
        Sighting("Bar", "A"),
    ]
    assert counted(seen) == {("Bar", "A"): 3, ("Hall", "A"): 1}
