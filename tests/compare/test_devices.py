"""Devices of BASE are paired with those of NEW."""

import pytest

from piqa_cli.compare.devices import pair_devices
from piqa_cli.errors import PiqaError, UsageError
from tests.runs.samples import scored_row


def rows(*keys):
    """`"A"`, or `"A 1.0"` for a firmware."""
    return [
        scored_row(device=name, firmware=firmware or None)
        for name, _, firmware in (key.partition(" ") for key in keys)
    ]


def labels(base, new, *maps):
    return [subject.label for subject in pair_devices(rows(*base), rows(*new), maps).subjects]


def test_devices_meet_by_name():
    roster = pair_devices(rows("B", "A"), rows("A", "C"))
    assert [subject.label for subject in roster.subjects] == ["A", "B", "C"]
    assert roster.of_base["A", None] is roster.of_new["A", None]
    assert (roster.subjects[1].device, roster.subjects[2].base_device) == (None, None)


def test_a_new_firmware_is_the_same_device():
    (subject,) = pair_devices(rows("A 1.0"), rows("A 1.1")).subjects
    assert subject.label == "A"
    assert (subject.base_firmware, subject.firmware) == ("1.0", "1.1")


def test_several_firmwares_are_not_mixed():
    roster = pair_devices(rows("A 1.0"), rows("A 1.0", "A 1.1"))
    assert [subject.label for subject in roster.subjects] == ["A · 1.0", "A · 1.1"]
    assert roster.subjects[1].base_device is None
    assert roster.notes == (
        "NEW holds several firmwares of A (1.0, 1.1): each is compared with itself; "
        "--map 'DEVICE OLD=DEVICE NEW' compares one with another",
    )


def test_a_firmware_can_be_mapped():
    roster = pair_devices(rows("A 1.0"), rows("A 1.0", "A 1.1"), ["A 1.0=A 1.1"])
    assert roster.of_base["A", "1.0"] is roster.of_new["A", "1.1"]
    assert [subject.label for subject in roster.subjects] == ["A · 1.0", "A · 1.0 → 1.1"]


def test_renamed_devices_meet_by_map():
    assert labels(["A", "B"], ["C", "B"], "A=C") == ["A → C", "B"]
    assert labels(["A", "B"], ["A", "B"], "A=B", "B=A") == ["A → B", "B → A"]
    assert labels(["A 1", "A 2"], ["B 1", "B 2"], "A=B") == ["A → B · 1", "A → B · 2"]


def test_names_may_hold_an_equals_sign():
    assert labels(["A=1"], ["B"], "A=1=B") == ["A=1 → B"]


@pytest.mark.parametrize(
    ("text", "kind", "message"),
    [
        ("A", UsageError, "write --map OLD=NEW"),
        ("A=", UsageError, "write --map OLD=NEW"),
        ("kestrim=B", PiqaError, "BASE has no device 'kestrim'; did you mean 'kestrin'?"),
        ("kestrin=KESTRIN-2", PiqaError, "did you mean 'kestrin-2'?"),
        ("kestrin=zzzz", PiqaError, "NEW has no device 'zzzz'; it has 'kestrin-2', 'P', 'P 1'"),
        ("kestrin=P", PiqaError, "NEW holds several firmwares of P; name the one that is meant, such as 'P 1'"),  # noqa: E501
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_map(text, kind, message):
    with pytest.raises(kind) as error:
        pair_devices(rows("kestrin"), rows("kestrin-2", "P 1", "P 2"), [text])
    assert message in str(error.value)
    assert type(error.value) is kind


def test_a_device_can_be_mapped_once_only():
    with pytest.raises(UsageError, match="--map names C of NEW twice"):
        pair_devices(rows("A", "B"), rows("C"), ["A=C", "B=C"])
