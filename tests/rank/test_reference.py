from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from piqa_cli.errors import PiqaError
from piqa_cli.rank.reference import find_reference
from piqa_cli.records import Competitor
from tests.rank.parts import rank_overall


@pytest.fixture
def firmwares(captures):
    return captures({"s/Aster@v1": (1.0,), "s/Aster@v2": (2.0,), "s/Birch@1.0 b": (3.0,)})


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Aster@v2", Competitor("Aster", "v2")),
        ("Aster v1", Competitor("Aster", "v1")),
        ("Birch", Competitor("Birch", "1.0 b")),
        (" Birch@1.0 b ", Competitor("Birch", "1.0 b")),
    ],
)
def test_a_reference_is_found_by_device_and_firmware(firmwares, name, found):
    assert find_reference(firmwares, name, by=None) == found


def test_between_devices_firmwares_dont_count(firmwares):
    assert find_reference(firmwares, "Aster", by="device") == Competitor("Aster", None)


def test_a_name_spelt_by_a_mac_is_the_same_name(captures):
    rows = captures({"s/Phon\u00e9": (1.0,)})
    assert find_reference(rows, "Phone\u0301", by=None).device == "Phon\u00e9"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Aster", "competes with 2 firmwares: say one of them, 'Aster@v1', 'Aster@v2'"),
        ("aster@v3", "no such device here; did you mean 'Aster@v2'?"),
        ("Zzz", "no such device here; there are 'Aster@v1', 'Aster@v2', 'Birch@1.0 b'"),
    ],
)
def test_what_isnt_one_competitor_is_refused(firmwares, name, message):
    with pytest.raises(PiqaError, match=r"^--reference '[^']+'.*" + message.split(";")[-1][-20:]):
        find_reference(firmwares, name, by=None)


def test_gaps_to_the_reference_are_the_coefficients_of_a_regression(captures):
    # With b as the base of the dummy variables, a coefficient is the gap to b.
    rng = np.random.default_rng(8)
    cells = [(s, d) for s in range(6) for d in "abcd" if (s, d) not in {(1, "a"), (4, "d")}]
    scores = rng.normal(0, 1, len(cells))
    table = {f"s{s}/{d}": (float(v),) for (s, d), v in zip(cells, scores, strict=True)}
    told = rank_overall(captures(table), jod_per_unit=1.0, reference=Competitor("b", None))
    design = np.array(
        [[d == other for other in "acd"] + [s == k for k in range(6)] for s, d in cells], float
    )
    fit = sm.OLS(scores, design).fit()
    for place, device in enumerate("acd"):
        row = next(rank for rank in told if rank.device == device)
        assert (row.gap, row.reference) == (pytest.approx(fit.params[place]), "b")
        assert row.gap_high - row.gap == pytest.approx(row.gap - row.gap_low)


def test_beside_the_reference_itself_stands_nothing(captures):
    rows = captures({"s1/a": (3.0,), "s2/a": (6.0,), "s1/b": (1.0,), "s2/b": (2.0,)})
    a, b = rank_overall(rows, jod_per_unit=1.0, reference=Competitor("b", None))
    assert (b.gap, b.gap_low, b.gap_high, b.preference) == (0.0, None, None, None)
    assert (a.gap, a.preference) == (pytest.approx(3.0), pytest.approx(0.978490, abs=1e-6))


def test_a_reference_in_another_league_gives_no_gap(captures):
    rows = captures({"s1/a": (1.0,), "s1/b": (2.0,), "s2/x": (1.0,), "s2/y": (2.0,)})
    ranks = rank_overall(rows, jod_per_unit=1.0, reference=Competitor("a", None))
    assert [(r.device, r.gap, r.preference is None) for r in ranks] == [
        ("b", 1.0, False),
        ("a", 0.0, True),
        ("y", None, True),
        ("x", None, True),
    ]
    assert "no gap: the reference a has no score in this group" in str(ranks[2].note)
    assert "no gap" not in str(ranks[0].note)
