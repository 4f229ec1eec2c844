from tests.fuzz.limits import broken_rules


def test_damaged_heic_is_refused_or_harmless():
    assert broken_rules("heic", count=200) == []
