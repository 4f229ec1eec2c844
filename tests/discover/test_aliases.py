"""`[devices]`: aliases are read, checked and applied."""

import re
import tomllib
from pathlib import Path

import pytest

from piqa_cli.discover.aliases import Aliases, parse_devices
from piqa_cli.errors import PiqaError
from piqa_cli.records.device_names import DeviceName
from piqa_cli.settings_file import SettingsFile

TABLE = """
"Vivo X70 Pro Plus" = ["VivoX70ProPlus", "vivo x70 pro+"]
"Kestrin K2" = ["k2 proto"]
"kestrin k2@2.1" = ["kestrin k2@2.1-rc3", "k2 proto@nightly"]
"Pixel 8" = []
"""


def parsed(text):
    file = SettingsFile(Path("piqa.toml"), tomllib.loads(text))
    return parse_devices(file.values, file)


@pytest.mark.parametrize(
    ("met", "holds"),
    [
        (("VivoX70ProPlus",), ("Vivo X70 Pro Plus", None)),
        (("VIVO-X70-PRO-PLUS",), ("Vivo X70 Pro Plus", None)),
        (("Vivo X70 Pro+",), ("Vivo X70 Pro Plus", None)),
        (("Vivo X70 Pro",), ("Vivo X70 Pro", None)),
        (("pixel  8",), ("Pixel 8", None)),
        (("Pixel 8a",), ("Pixel 8a", None)),
        (("VivoX70ProPlus", "7"), ("Vivo X70 Pro Plus", "7")),
        (("k2 proto", "1.9"), ("Kestrin K2", "1.9")),
        (("kestrin k2", "2.1-rc3"), ("Kestrin K2", "2.1")),
        (("Kestrin-K2", "2.1 RC3"), ("Kestrin K2", "2.1")),
        (("K2 proto", "Nightly"), ("Kestrin K2", "2.1")),
        (("Kestrin K2", "nightly"), ("Kestrin K2", "2.1")),
        (("Kestrin K2", "21"), ("Kestrin K2", "21")),
        (("kestrin k2@2.1-rc3",), ("Kestrin K2@2.1", None)),
        (("other", "2.1-rc3"), ("other", "2.1-rc3")),
    ],
)
def test_the_name_that_holds(met, holds):
    assert Aliases.of(parsed(TABLE)).canonical(*met) == holds


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("vivox70proplus", "Vivo X70 Pro Plus"),
        ("kestrin k2@2.1-rc3", "Kestrin K2@2.1"),
        ("k2 proto@1.9", "Kestrin K2@1.9"),
        ("Nobody", "Nobody"),
    ],
)
def test_a_name_that_a_command_is_given(given, meant):
    assert Aliases.of(parsed(TABLE)).text(given) == meant


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('A = ["x"]\nB = ["X"]', "'X' is an alias of 'A' and of 'B': keep one"),
        ('A = ["B"]\nB = ["c"]', "'B' is a name and an alias of 'A': put all its aliases under"),
        ('B = ["c"]\nA = ["b"]', "'B' is a name and an alias of 'A'"),
        ('"P 8" = []\n"p8" = []', "'P 8' and 'p8' are one name: keep one"),
        ('A = "x"', "devices.'A' must be a list such as [\"...\"], not the text 'x'"),
        ("A = [1]", "devices.'A' must list texts in quotes, not 1"),
        ('A = [" "]', "devices.'A': a name is blank"),
        ('"A@1" = ["a"]', "'a' lacks a firmware; write DEVICE@FIRMWARE on both sides or on none"),
        ('A = ["a@1"]', "'a@1' names a firmware; write"),
    ],
)
def test_what_contradicts_itself_is_one_line(text, said):
    with pytest.raises(PiqaError, match=re.escape(said)) as told:
        parsed(text)
    assert str(told.value).startswith("./piqa.toml: ")
    assert "\n" not in str(told.value)


def test_one_alias_may_be_written_twice_under_its_name():
    assert Aliases.of(parsed('A = ["x", "X", "a"]')).canonical("x").device == "A"


def test_no_table_changes_nothing():
    file = SettingsFile(Path("piqa.toml"), {})
    assert parse_devices(None, file) == ()
    with pytest.raises(PiqaError, match="'devices' must be a table"):
        parse_devices("Pixel", file)
    assert Aliases.of(()).canonical("pixel 8", "1") == ("pixel 8", "1")


def test_a_folder_with_a_firmware_in_its_name_follows_an_alias_of_the_device():
    known = Aliases.of([DeviceName("K2", ("kestrin",)), DeviceName("kestrin@9", ())])
    assert known.canonical("kestrin@2.1") == ("K2@2.1", None)
    assert known.canonical("kestrin", "2.1") == ("K2", "2.1")
    assert known.canonical("other@2.1") == ("other@2.1", None)
