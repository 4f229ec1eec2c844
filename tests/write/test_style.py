"""The style sheet keeps its promise: text has at least WCAG AA contrast, light and dark."""

from __future__ import annotations

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


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.2 of `#rrggbb`."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXTS)
def test_text_can_be_read(theme, text, ground):
    high, low = sorted((luminance(theme[f"--{text}"]), luminance(theme[f"--{ground}"])))[::-1]
    assert (high + 0.05) / (low + 0.05) >= AA


def test_both_themes_define_the_same_colours():
    assert LIGHT.keys() == DARK.keys()


def test_nothing_is_fetched():
    assert "url(" not in CSS
    assert "@import" not in CSS
