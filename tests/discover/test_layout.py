from __future__ import annotations

import pytest

from piqa_cli.discover.layout import parse_layout
from piqa_cli.errors import PiqaError


@pytest.mark.parametrize(
    ("pattern", "path", "names"),
    [
        ("{scene}/{device}", "cafe/pixel/1.jpg", {"scene": "cafe", "device": "pixel"}),
        ("{scene}/{device}", "cafe/pixel/raw/day 2/1.jpg", {"scene": "cafe", "device": "pixel"}),
        ("{device}/{scene}", "pixel/cafe/1.jpg", {"scene": "cafe", "device": "pixel"}),
        ("*/{scene}/{device}", "2026-11/cafe/pixel/1.jpg", {"scene": "cafe", "device": "pixel"}),
        ("lab/{scene}/{device}", "lab/cafe/pixel/1.jpg", {"scene": "cafe", "device": "pixel"}),
        ("set */{scene}/{device}/", "set 9/cafe/pixel/1.jpg", {"scene": "cafe", "device": "pixel"}),
        (
            "{condition}/{scene}/{device}_{firmware}",
            "Night/cafe/pixel_8_v2.1/1.jpg",
            {"condition": "Night", "scene": "cafe", "device": "pixel_8", "firmware": "v2.1"},
        ),
        (
            "{scene}/{device}/{take}",
            "cafe/pixel/IMG.001.jpg",
            {"scene": "cafe", "device": "pixel", "take": "IMG.001"},
        ),
        (
            "{scene}/{device}/{take}",
            "cafe/pixel/take 2/IMG.jpg",
            {"scene": "cafe", "device": "pixel", "take": "take 2"},
        ),
        (
            "{scene}/{device}-{take}",
            "cafe/pixel-8-01.jpg",
            {"scene": "cafe", "device": "pixel-8", "take": "01"},
        ),
        ("{scene}@{device}.*", "cafe@pixel.jpg", {"scene": "cafe", "device": "pixel"}),
    ],
)
def test_a_path_says_the_names(pattern: str, path: str, names: dict[str, str]):
    place = parse_layout(pattern).place(path.split("/"))
    assert (place.names, place.outside) == (names, None)


@pytest.mark.parametrize(
    ("pattern", "path", "names", "outside"),
    [
        ("{scene}/{device}", "1.jpg", {}, "not in a {scene} folder"),
        ("{scene}/{device}", "cafe/1.jpg", {"scene": "cafe"}, "not in a {device} folder"),
        ("{scene}/{device}_{firmware}", "cafe/x/1.jpg", {"scene": "cafe"}, "'x' is no"),
        ("{scene}/{device}/{take}", "cafe/1.jpg", {"scene": "cafe"}, "not in a {device} folder"),
        ("lab/{scene}/{device}", "home/cafe/pixel/1.jpg", {}, "'home' is no lab"),
    ],
)
def test_a_path_outside_the_layout_says_how_far_it_goes(pattern, path, names, outside):
    place = parse_layout(pattern).place(path.split("/"))
    assert place.names == names
    assert outside in str(place.outside)


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("{scene}", "{device} is missing"),
        ("*/{device}", "{scene} is missing"),
        ("{scene}/{devise}", "{devise} is no placeholder, did you mean {device}?"),
        ("{scene}/{Device}", "did you mean {device}?"),
        ("{scene}/{zzz}", "{zzz} is no placeholder; write"),
        ("{scene}/{device}/{scene}", "{scene} stands there twice"),
        ("{scene}_{scene}/{device}", "{scene} stands there twice"),
        ("{scene}{device}", "nothing divides the placeholders of '{scene}{device}'"),
        ("{scene}/{device", "a brace has no partner"),
        ("{scene}//{device}", "a level is empty"),
        ("../{scene}/{device}", "a level is empty"),
        ("", "a level is empty"),
    ],
)
def test_a_bad_pattern_is_refused_with_what_to_write(pattern: str, message: str):
    with pytest.raises(PiqaError) as caught:
        parse_layout(pattern)
    assert message in str(caught.value)
    assert "'{scene}/{device}'" in str(caught.value)
    assert caught.value.exit_code == 3
