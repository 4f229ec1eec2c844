"""`[expect]` becomes settings, or one line that says what to mend."""

import tomllib
from pathlib import Path

import pytest

from piqa_cli.errors import PiqaError
from piqa_cli.expect.rules import parse_expect
from piqa_cli.settings import ExpectSettings
from piqa_cli.settings_file import SettingsFile


def asked(text):
    values = tomllib.loads(text)
    return parse_expect(values.get("expect"), SettingsFile(Path("lab/piqa.toml"), values))


def test_no_table_expects_nothing():
    assert asked("") is None


def test_lists_takes_and_a_run():
    lists = "[expect]\ndevices = ['k2', ' orvane ']\nscenes = ['Bar']\ntakes = 2\n"
    assert asked(lists) == ExpectSettings(("k2", "orvane"), ("Bar",), 2, None, "lab/piqa.toml")
    base = asked("[expect]\nfrom = 'runs/base'\n")
    assert (base.base, base.devices, base.takes) == (Path("lab/runs/base"), None, 1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("expect = 1", "'expect' must be a table: write it under [expect]"),
        ("[expect]", "[expect] asks for nothing: give devices, scenes, takes or from"),
        ("[expect]\ndevice = ['a']", "unknown key 'device' in [expect]; did you mean 'devices'?"),
        ("[expect]\ndevices = 'a'", "'devices' in [expect] must be a list such as"),
        ("[expect]\nscenes = []", "'scenes' in [expect] must be a list such as"),
        ("[expect]\nscenes = [1]", "'scenes' in [expect] must hold names, not 1"),
        ("[expect]\ntakes = 0", "'takes' in [expect] must be a whole number from 1 on, not 0"),
        ("[expect]\ntakes = true", "'takes' in [expect] must be a whole number from 1 on"),
        ("[expect]\nfrom = 3", "'from' in [expect] must be the folder of a run, in quotes"),
        ("[expect]\nfrom = 'x'\ntakes = 2", "'from' in [expect] stands alone: leave 'takes' out"),
    ],
)
def test_what_cannot_be_meant_is_one_line(text, said):
    with pytest.raises(PiqaError) as caught:
        asked(text)
    assert str(caught.value).startswith(f"lab/piqa.toml: {said}")
