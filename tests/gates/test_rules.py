"""`[gates]` becomes rules, or one line that says what to mend."""

import tomllib
from pathlib import Path

import pytest

from piqa_cli.errors import PiqaError
from piqa_cli.gates.rules import parse_gates
from piqa_cli.records.gates import GateRule
from piqa_cli.settings_file import SettingsFile


def rules(text):
    values = tomllib.loads(text)
    return parse_gates(values.get("gates"), SettingsFile(Path("piqa.toml"), values))


def test_no_table_no_rule():
    assert rules("") == ()


def test_limits_are_errors_for_everything():
    assert rules("[gates]\nmax_failed_captures = 0\nmax_regression_jod = 0.3\n") == (
        GateRule("max_regression_jod", 0.3),
        GateRule("max_failed_captures", 0.0),
    )


def test_rules_follow_and_take_over_level_judge_and_command():
    text = """
        [gates]
        level = "warn"
        judge = "estimate"
        unjudged = "warn"
        min_preference = 0.4
        [[gates.rule]]
        device = "kestrin*"
        scene = "Bar"
        min_takes = 3
        [[gates.rule]]
        condition = "Night"
        command = "compare"
        level = "error"
        judge = "clear"
        unjudged = "error"
        max_regression_jod = 1
    """
    assert rules(text) == (
        GateRule("min_preference", 0.4, "warn", "estimate", unjudged="warn"),
        GateRule("min_takes", 3.0, "warn", "estimate", None, "kestrin*", "Bar", None, "warn"),
        GateRule("max_regression_jod", 1.0, "error", "clear", "compare", None, None, "Night"),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("gates = 1", "'gates' must be a table: write limits under [gates]"),
        ("[gates]\nmax_regresion_jod = 1", "unknown key 'max_regresion_jod' in [gates]; "
         "did you mean 'max_regression_jod'?"),
        ("[[gates.rule]]\nscene = 'Bar'\nmax_missing_devices = 0", "'scene' in [[gates.rule]]: "
         "a device is missing from all scenes; max_missing_cells counts devices in scenes"),
        ("[gates]\nmin_takes = 1.5", "'min_takes' in [gates] must be a whole number, not 1.5"),
        ("[gates]\nmin_takes = true", "'min_takes' in [gates] must be a number, not true"),
        ("[gates]\nmin_takes = '2'", "'min_takes' in [gates] must be a number, not the text '2'"),
        ("[gates]\nmax_regression_jod = nan", "must be a number, not nan"),
        ("[gates]\nmax_regression_jod = -1", "must be 0 or more, not -1"),
        ("[gates]\nmin_preference = 45", "must be a share from 0 to 1, such as 0.45, not 45"),
        ("[gates]\nlevel = 'fatal'", "'level' in [gates] must be \"error\" or \"warn\", "
         "not the text 'fatal'"),
        ("[gates]\ndevice = 'a'\nmin_takes = 1", "patterns belong under [[gates.rule]]"),
        ("[gates.rule]\nmin_takes = 1", "must be written as [[gates.rule]], with both brackets"),
        ("[[gates.rule]]\ndevice = 'a'", "[[gates.rule]] sets no limit: add one of"),
        ("[[gates.rule]]\nmin_takes = 1\n[[gates.rule]]\nmin_takes = 1\nphone = 'a'",
         "unknown key 'phone' in [[gates.rule]] number 2; "),
        ("[[gates.rule]]\nmin_takes = 1\ndevice = ''", "must be a pattern, not the text ''"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant(text, said):
    with pytest.raises(PiqaError) as told:
        rules(text)
    assert str(told.value).startswith("./piqa.toml: ")
    assert said in str(told.value)
