"""Names that are most likely one device, and the table that joins them."""

import random
from collections import Counter
from pathlib import Path

import pytest

from piqa_cli.discover.aliases import parse_devices
from piqa_cli.discover.name_list import Taken, read_names
from piqa_cli.discover.names import as_label
from piqa_cli.discover.near_names import near_names, plus_names, propose, ranking_warning
from piqa_cli.errors import PiqaError
from piqa_cli.records import Competitor
from piqa_cli.records.device_names import DeviceName
from piqa_cli.settings_file import SettingsFile


def found(*names, known=()):
    """Groups among names, given in full or with their number of captures."""
    counts = dict.fromkeys(names, 1) if isinstance(names[0], str) else dict(names)
    entries = near_names({Competitor(name): n for name, n in counts.items()}, known)
    return {entry.name: list(entry.aliases) for entry in entries}


@pytest.mark.parametrize(
    ("names", "joined"),
    [
        (("Pixel 8", "pixel 8", "Pixel 8a"), {"Pixel 8": ["pixel 8"]}),
        (("Pixel  8", "Pixel\u00a08"), {"Pixel 8": ["Pixel  8", "Pixel\u00a08"]}),
        (("S23", "S23+", "S23 Plus"), {}),
        (("S21 5G", "Galaxy S215G", "GalaxyS215G", "Galaxy S21 5G"),
         {"Galaxy S215G": ["GalaxyS215G"]}),
        (("Galaxy S21 5G", "GalaxyS215G"), {"Galaxy S21 5G": ["GalaxyS215G"]}),
        (("Galaxy S21 5G", "Galaxy S2 15G", "GalaxyS215G"), {}),
        (("k2-1", "k21"), {}),
        (("unit 12", "unit12", "unit 1 2"), {"unit 12": ["unit12"]}),
        (("★", "☆"), {}),
    ],
)  # fmt: skip
def test_what_is_one_device(names, joined):
    assert found(*names) == joined


def test_the_most_frequent_name_holds_then_the_best_written():
    assert found(("pixel8", 3), ("Pixel 8", 2)) == {"pixel8": ["Pixel 8"]}
    assert found(("pixel8", 2), ("pixel 8", 2), ("Pixel 8", 2)) == {
        "Pixel 8": ["pixel8", "pixel 8"]
    }


def test_names_that_the_lab_keeps_apart_stay_apart():
    apart = [DeviceName("Galaxy S21 5G"), DeviceName("GalaxyS215G")]
    assert found("Galaxy S21 5G", "GalaxyS215G", known=apart) == {}
    assert found(("GalaxyS215G", 1), ("Galaxy S21 5G", 9), known=apart[1:]) == {
        "GalaxyS215G": ["Galaxy S21 5G"]
    }


def test_firmwares_are_joined_within_their_device():
    counts = {
        Competitor("K2", "2.1-rc3"): 2,
        Competitor("k2", "2.1 RC3"): 1,
        Competitor("K2", "21rc3"): 1,
        Competitor("L9", "2.1_rc3"): 1,
    }
    assert near_names(counts) == (
        DeviceName("K2", ("k2",)),
        DeviceName("K2@2.1-rc3", ("K2@2.1 RC3",)),
    )


def test_plus_may_be_a_sign():
    counts = Counter({"X70 Pro Plus": 3, "X70 Pro+": 1, "X70 Pro": 5})
    assert plus_names(counts) == (DeviceName("X70 Pro Plus", ("X70 Pro+",)),)


HALVES = [Taken("Hall", "Pixel 8"), Taken("Hall", "A"), Taken("Bar", "pixel 8"), Taken("Bar", "B")]


def test_the_warning_says_that_leagues_would_be_one():
    (said,) = ranking_warning(HALVES)
    assert said == (
        "'Pixel 8' is also written 'pixel 8': ranked as different devices; written in one way, "
        "2 groups that share no scene would be one; `piqa-cli names` proposes a [devices] table "
        "that joins them"
    )
    assert ranking_warning([*HALVES, Taken("Bar", "A")])[0].count("group") == 0
    assert ranking_warning([Taken("Hall", "S23"), Taken("Hall", "S23+")]) == ()


def test_only_scored_captures_link_leagues():
    failed = Taken("Bar", "A")
    assert (
        "2 groups that share no scene would be one"
        in ranking_warning([*HALVES, failed], counted=HALVES)[0]
    )


def test_firmwares_that_do_not_compete_are_not_warned_of():
    rows = [Taken("Hall", "K2", "2.1-rc"), Taken("Hall", "K2", "2.1 RC")]
    assert "'K2@2.1 RC' is also written 'K2@2.1-rc'" in ranking_warning(rows)[0]
    assert ranking_warning(rows, by="device") == ()


def test_many_devices_are_one_line():
    rows = [Taken("Hall", name) for n in range(5) for name in (f"A{n}", f"a {n}")]
    assert ", and 2 more likewise: ranked" in ranking_warning(rows)[0]


def test_a_proposal_keeps_the_table_and_adds_to_it():
    known = [DeviceName("Old", ("older",)), DeviceName("Galaxy S21 5G")]
    rows = [*HALVES, Taken("Bar", "OLDER"), Taken("Bar", "GalaxyS215G"),
            Taken("Bar", "Galaxy S21 5G")]  # fmt: skip
    told = propose([rows], known)
    assert told.devices == (
        DeviceName("Old", ("older",)),
        DeviceName("Galaxy S21 5G", ("GalaxyS215G",)),
        DeviceName("Pixel 8", ("pixel 8",)),
    )
    assert (told.n_names, told.n_leagues, told.n_leagues_joined) == (7, 2, 1)
    assert propose([rows], told.devices).joined == ()


def test_a_list_needs_only_devices(tmp_path):
    file = tmp_path / "list.csv"
    file.write_text("image,Device,class\na.jpg, K2 ,3\nb.jpg,,3\n")
    assert read_names(file) == ((Taken("3\n", "K2"),), ())
    file.write_text("device\n\n")
    with pytest.raises(PiqaError, match="names no device"):
        read_names(file)


def test_every_proposal_can_be_read_back_and_leaves_nothing_to_join():
    """Names made of the same few parts: most are near to some other."""
    rng = random.Random(8)
    parts = ("K2", "k2", "s 21", "5G", "+", "Plus", "-", "\u00a0", "@", "2.1", "★", "é", "e\u0301")
    for _ in range(300):
        rows = [
            Taken(rng.choice("xy"), as_label("".join(rng.choices(parts, k=3))) or "A", firmware)
            for firmware in rng.choices((None, "2.1", "2-1", "RC", "rc"), k=8)
        ]
        told = propose([rows])
        table = {entry.name: list(entry.aliases) for entry in told.devices}
        assert parse_devices(table, SettingsFile(Path("piqa.toml"), {})) == told.devices
        assert propose([rows], told.devices).joined == ()
        assert propose([rows[::-1]]) == told
