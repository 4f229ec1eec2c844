"""The style sheet keeps its promises: WCAG AA contrast, and a map for the colour-blind."""

from __future__ import annotations

import math
import re

import pytest

from piqa_cli.resources import resource_dir

CSS = (resource_dir("templates") / "style.css").read_text(encoding="utf-8")
AA = 4.5
LIGHT, DARK = (
    dict(re.findall(r"(--[\w-]+): (#[0-9a-f]{6})", block))
    for block in re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)[:2]
)
TEXTS = [
    ("ink", "paper"),
    ("ink", "wash"),
    ("ink", "warn-wash"),
    ("quiet", "paper"),
    ("quiet", "wash"),
    ("link", "paper"),
    ("link", "wash"),
    ("bad", "paper"),
    ("good", "paper"),
    ("warn", "paper"),
    ("on-accent", "accent"),
    *(("heat-ink", f"h{level}") for level in range(-5, 6)),
]


def linear(colour: str) -> list[float]:
    """`#rrggbb` as linear RGB of 0..1."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.2 of `#rrggbb`."""
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXTS)
def test_text_can_be_read(theme, text, ground):
    high, low = sorted((luminance(theme[f"--{text}"]), luminance(theme[f"--{ground}"])))[::-1]
    assert (high + 0.05) / (low + 0.05) >= AA


# Severity 1.0 of Machado, Oliveira and Fernandes 2009, table 1; on linear RGB.
DICHROMATS = {
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216),
               (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413),
               (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602),
               (0.004733, 0.691367, 0.303900)),
}  # fmt: skip


def lab_seen_by(eye: str, colour: str) -> tuple[float, float, float]:
    """CIELAB (D65) of `#rrggbb` as a dichromat sees it."""
    red, green, blue = linear(colour)
    r, g, b = (min(max(x * red + y * green + z * blue, 0.0), 1.0) for x, y, z in DICHROMATS[eye])
    xyz = (
        (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505,
        0.2126 * r + 0.7152 * g + 0.0722 * b,
        (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089,
    )
    x, y, z = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("eye", DICHROMATS)
def test_better_and_worse_stay_apart_for_the_colour_blind(theme, eye):
    for level in (2, 3, 4, 5):
        better, worse = (lab_seen_by(eye, theme[f"--h{n}"]) for n in (level, -level))
        assert math.dist(better, worse) > 9  # 2.3 is just noticeable


def test_both_themes_define_the_same_colours():
    assert LIGHT.keys() == DARK.keys()


def test_nothing_is_fetched():
    assert "url(" not in CSS
    assert "@import" not in CSS
