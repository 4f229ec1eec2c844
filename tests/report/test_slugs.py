from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from piqa_cli.report.slugs import slugs


def test_readable_names_stay_readable():
    assert slugs(["Night, wide angle", "Café 2"]) == {
        "Night, wide angle": "night-wide-angle",
        "Café 2": "cafe-2",
    }


def test_names_that_fold_alike_are_told_apart_whatever_their_order():
    there = slugs(["Hall", "hall", "HALL "])
    assert len(set(there.values())) == 3
    assert slugs(["HALL ", "hall", "Hall"]) == there


def test_names_of_nothing_usable_and_reserved_names_get_a_digest():
    there = slugs(["夜景", "", "CON", "../..", "x" * 200])
    assert re.fullmatch(r"n-[0-9a-f]{8}", there["夜景"])
    assert re.fullmatch(r"con-[0-9a-f]{8}", there["CON"])
    assert there["x" * 200] == "x" * 48


def test_a_name_that_looks_like_the_digest_of_another():
    taken = slugs(["Hall", "hall"])["Hall"]
    assert len(set(slugs(["Hall", "hall", taken]).values())) == 3


@given(st.lists(st.text(), unique=True, max_size=20))
def test_slugs_are_unique_and_safe(names):
    there = slugs(names)
    assert len(set(there.values())) == len(names)
    assert all(re.fullmatch(r"[a-z0-9-]{1,120}", slug) for slug in there.values())
