from tests.fuzz.limits import broken_rules


def test_damaged_tiff_is_refused_or_harmless():
    assert broken_rules("tiff", count=200) == []
