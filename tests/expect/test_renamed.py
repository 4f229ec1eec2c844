"""Devices that came back under another name."""

from piqa_cli.expect.renamed import Sighting, phone_of, renamed_devices

K2, ORV = ("Kestrin", "K2"), ("Orvane", "Orvane 5")


def seen(device, *files, scene="Bar", phone=None):
    return [Sighting(scene, device, file, phone) for file in files or (None,)]


def pairs(before, now):
    return [(pair.old, pair.new, pair.why) for pair in renamed_devices(before, now)]


def test_known_by_its_files():
    assert pairs(seen("k2", "x", "y"), seen("k2b", "x", "y", "z")) == [
        ("k2", "k2b", "2 files are the same")
    ]


def test_known_by_the_phone_of_exif():
    now = seen("k2b", "new", phone=K2) + seen("orv", phone=ORV)
    assert pairs(seen("k2", "old", phone=K2) + seen("orv", phone=ORV), now) == [
        ("k2", "k2b", "EXIF: Kestrin K2")
    ]


def test_one_scene_under_a_new_name():
    before = seen("k2", phone=K2) + seen("k2", scene="Hall", phone=K2)
    slip = seen("k2", phone=K2) + seen("K2_", scene="Hall", phone=K2)
    assert pairs(before, slip) == [("k2", "K2_", "EXIF: Kestrin K2")]
    second_unit = before + seen("k2-b", scene="Hall", phone=K2)
    assert pairs(before, second_unit) == []


def test_files_that_went_to_another_known_name():
    before = seen("k2", "x") + seen("orv", "y")
    assert pairs(before, seen("orv", "x", "y")) == [("k2", "orv", "1 file is the same")]
    assert pairs(before, seen("k2", "x", "q") + seen("orv", "x", "y")) == []  # `rank` warns of it


def test_two_phones_of_one_model_are_not_guessed():
    before = seen("a", phone=K2) + seen("b", phone=K2)
    assert pairs(before, seen("c", phone=K2)) == []
    assert pairs(before, before) == []


def test_without_a_model_exif_says_nothing():
    assert (phone_of("Kestrin", None), phone_of("Kestrin", " ")) == (None, None)
    assert phone_of(None, " K2 ") == ("", "K2")
    assert pairs(seen("k2"), seen("k2b")) == []
