"""Records of a few items are a list; those of very many are made each time."""

import pytest

from piqa_cli.records import on_demand
from piqa_cli.records.on_demand import each


@pytest.fixture
def made():
    return []


@pytest.fixture
def doubled(made, monkeypatch):
    """Doubles of three numbers, made on demand, beside the list of what was made."""
    monkeypatch.setattr(on_demand, "IN_MEMORY", 2)
    return each((1, 2, 3), lambda number: made.append(number) or 2 * number)


def test_few_are_made_at_once_and_kept(made):
    assert each((1, 2), lambda number: made.append(number) or 2 * number) == [2, 4]
    assert made == [1, 2]


def test_many_are_made_when_they_are_asked_for(doubled, made):
    assert (len(doubled), made) == (3, [])
    assert (doubled[1], doubled[-1], made) == (4, 6, [2, 3])
    assert list(doubled) == list(doubled) == [2, 4, 6]
    assert made == [2, 3, 1, 2, 3, 1, 2, 3]


def test_a_slice_is_made_on_demand_too(doubled, made):
    last = doubled[1:]
    assert made == []
    assert list(last) == [4, 6]
    with pytest.raises(IndexError):
        last[2]
