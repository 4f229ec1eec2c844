from __future__ import annotations

import pytest

from piqa_cli.report.output.name_finder import NameFinder
from tests.runs.samples import scored_row

THERE = NameFinder.of_rows(
    [scored_row(device="halmeva 30", firmware="v7", exif_make="Tolvika", exif_model="TVK-T911")],
    ["halmeva 30", "7", "phone alpha", "📷", "Cafe\u0301 X"],
)


@pytest.mark.parametrize(
    "text",
    [
        "Halmeva 30 in the hall",
        "hall_HALMEVA-30",
        "halmeva30hall",
        "The Halmeva came late",
        "tolvika's own",
        "with tvk t911",
        "before v7",
        "phone-alpha",
        "the 📷 came late",
        "caf\u00e9 x",
    ],
)
def test_names_are_found_however_they_are_spelt(text):
    assert THERE.found(text)


@pytest.mark.parametrize("text", ["hall 30", "7 lamps", "phone booth", "alpha", "", "t911"])
def test_other_texts_stay(text):
    assert THERE.clean(text) == text


def test_only_names_that_tell_are_changed_and_none_twice():
    names = ["hall", "Halmeva 30", None, "scene-2", "v7", "hall"]
    assert THERE.renamed(names, "scene") == {
        "hall": "hall",
        "Halmeva 30": "scene-3",
        None: None,
        "scene-2": "scene-2",
        "v7": "scene-5",
    }
