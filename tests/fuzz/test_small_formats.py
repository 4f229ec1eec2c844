import pytest

from tests.fuzz.limits import broken_rules


@pytest.mark.parametrize("name", ["png", "webp", "avif"])
def test_damaged_files_are_refused_or_harmless(name):
    assert broken_rules(name, count=100) == []
