"""Captures that NEW lacks."""

from piqa_cli.compare.expected import missing_lines
from tests.compare.conftest import broken, photo

KESTRIN = {"make": "Kestrin", "model": "K2"}


def test_a_device_of_base_and_the_one_that_has_its_phone(compared):
    base = [photo(s, "k2", 1.0, **KESTRIN) for s in ("Bar", "Hall")] + [photo("Bar", "orv", 1.0)]
    new = [photo(s, "k2b", 2.0, **KESTRIN) for s in ("Bar", "Hall")] + [photo("Bar", "orv", 1.0)]
    found = compared(base, new).expected
    assert (found.devices, found.n_devices, found.n_cells) == (("k2",), 2, 3)
    assert [pair.text for pair in found.renamed] == [
        "looks like 'k2' renamed to 'k2b' (EXIF: Kestrin K2): map it in [devices] of piqa.toml"
    ]
    joined = compared(base, new, maps=["k2=k2b"]).expected
    assert (joined.is_whole, joined.renamed) == (True, ())


def test_a_firmware_that_has_gone_is_no_missing_device(compared):
    base = [photo("Bar", "A", 1.0, firmware=v, folder=v) for v in ("1", "2")]
    new = [photo("Bar", "A", 1.5, firmware="3", folder="3")]
    found = compared(base, new).expected
    assert (found.devices, found.missing_takes) == ((), 1)
    assert missing_lines(found) == ()


def test_a_capture_that_failed_is_not_missing(compared):
    base = [photo("Bar", "A", 1.0), photo("Bar", "B", 1.0)]
    assert compared(base, [photo("Bar", "A", 1.0), broken("Bar", "B")]).expected.is_whole


def test_a_scene_that_has_gone_is_told(compared):
    found = compared([photo(s, "A", 1.0) for s in ("Bar", "Hall")], [photo("Bar", "A", 1.0)])
    assert found.notes == (
        "missing of what BASE has: 1 of 2 scenes (Hall), 1 of 2 cells (A in Hall), 1 of 2 captures",
    )
