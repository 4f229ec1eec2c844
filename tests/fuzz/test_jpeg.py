from tests.fuzz.limits import broken_rules


def test_damaged_jpeg_is_refused_or_harmless():
    assert broken_rules("jpeg", count=300) == []
