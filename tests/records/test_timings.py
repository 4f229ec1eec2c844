"""Timings in columns read as the records that were added."""

import pytest

from piqa_cli.records import Timing
from piqa_cli.records.timings import Timings

READ, SCORE = Timing("a.jpg", "read", 0.5), Timing("a.jpg", "score", 0.25)


def test_they_come_back_in_order():
    timings = Timings([READ])
    timings.extend([SCORE, READ])
    assert list(timings) == [READ, SCORE, READ]
    assert (len(timings), timings[1], timings[-1], timings[:2]) == (3, SCORE, READ, [READ, SCORE])
    with pytest.raises(IndexError):
        timings[3]
