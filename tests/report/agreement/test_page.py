"""The page of several models says what the table of agreement holds, in words."""

import pytest

from piqa_cli.report.agreement.page import _words


@pytest.mark.parametrize(
    ("tau", "words"),
    [
        (1.0, "nearly the same order: about 100 % of the pairs of devices in the same order"),
        (0.5, "mostly the same order: about 75 % of the pairs of devices in the same order"),
        (0.0, "no common order: about 50 % of the pairs of devices in the same order"),
        (
            -1.0,
            "rather the opposite order: about 0 % of the pairs of devices in the same order",
        ),
        (None, "no scene says it"),
    ],
)
def test_a_mean_tau_in_words(tau, words):
    assert _words(tau) == words
