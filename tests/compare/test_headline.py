"""The headline of a comparison."""

import pytest

from piqa_cli.compare.headline import detail, headline
from piqa_cli.compare.verdicts import sentence
from tests.compare.conftest import photo

SCENES = ("Bar", "Hall", "Park")


def runs(**gaps):
    """One capture a scene, and two of scene Zoo that tell the noise of a take: runs(A=(-.5,))."""
    sides = ([], [])
    for device, values in gaps.items():
        for scene, gap in zip(SCENES, values, strict=False):
            sides[0].append(photo(scene, device, 1.0))
            sides[1].append(photo(scene, device, 1.0 + gap))
    for n in (0, 1):
        sides[0].append(photo("Zoo", "Z", 0.01 * n, f"{n}.jpg", shot=f"z{n}"))
    return sides


@pytest.mark.parametrize(
    ("gaps", "first"),
    [
        ({"A": (0.5, 0.6, 0.7)}, "A is better by 0.60 points (0.35 to 0.85)"),
        ({"A": (0.5, -0.6, 0.7)}, "A: no clear change: +0.20 points (−1.54 to +1.94); "
         "worse in 1 scene, better in 2 scenes"),
        ({"A": (0.5, 0.6, 0.7), "B": (-0.5, -0.6, -0.7)}, "B is worse, A is better"),
        ({"A": (-0.5, -0.6, -0.7), "B": (-0.5, -0.6, -0.7)}, "A and B are worse"),
        ({"A": (0.01, 0.02, 0.03), "B": (0.01, 0.02, 0.03)}, "No change that counts"),
        ({"A": (-2.0, 0.1, 0.1), "B": (0.01, 0.02, 0.03)},
         "No clear change over all scenes, but A is worse in 1 scene"),
        ({"A": (0.1,), "B": (0.2,)}, "No clear change; too few scenes for an interval"),
    ],
)  # fmt: skip
def test_the_first_line(compared, gaps, first):
    assert headline(compared(*runs(**gaps))) == f"Z is missing from NEW. {first}"


def test_equal_runs_and_one_that_lost_a_capture(compared):
    base = [photo("Bar", "A", 1.0, "1.jpg", shot="x"), photo("Bar", "A", 1.2, "2.jpg", shot="y")]
    assert headline(compared(base, base)) == "Nothing changed"
    found = compared(base, base[:1])
    assert headline(found) == "No score changed, but captures did"
    assert detail(found).endswith("others were removed or could not be scored.")


def test_runs_without_a_common_device(compared):
    found = compared([photo("Bar", "A", 1.0)], [photo("Bar", "B", 1.0)])
    assert headline(found) == "No device is in both runs"
    assert detail(found) == "0 devices over 0 shared scenes: 1 in NEW only, 1 in BASE only."


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (("worse", -0.4, -0.7, -0.1), "worse by 0.40 JOD (0.10 to 0.70)"),
        (("unclear", 0.2, -0.3, 0.7), "no clear change: +0.20 JOD (−0.30 to +0.70)"),
        (("unclear", 0.2, 0.1, 0.3), "no clear change: +0.20 JOD (+0.10 to +0.30), "
         "less than a tie"),
        (("same", 0.0, -0.1, 0.1), "no change that counts: 0.00 (−0.10 to +0.10), "
         "all within a tie of 0.3 JOD"),
        (("unknown", -0.4, None, None), "−0.40 JOD, but how sure that is can't be known"),
        (("unknown", None, None, None), "no difference can be taken"),
        (("unchanged", 0.0, 0.0, 0.0), "unchanged files: the difference is 0"),
    ],
)  # fmt: skip
def test_words(asked, words):
    assert sentence(*asked, unit="JOD", tie=0.3) == words
