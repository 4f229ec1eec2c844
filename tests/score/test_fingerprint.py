"""A key names what decodes a file, and nothing where that isn't installed."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from piqa_cli.records import Capture, Recipe
from piqa_cli.score.fingerprint import key_of
from tests import dng

RECIPE = Recipe("m", "relative")


@pytest.fixture
def raw(tmp_path):
    file = tmp_path / "1.dng"
    file.write_bytes(dng.dng(dng.sensor(np.full((64, 96, 3), 0.4))))
    return Capture(path="s/d/1.dng", file=file, scene="s", device="d")


def test_the_decoder_of_raw_is_part_of_the_key(raw, monkeypatch):
    pytest.importorskip("rawpy")
    before = key_of(RECIPE, raw)
    assert "rendering raw-1" in before.decoder
    monkeypatch.setattr("piqa_cli.formats.raw.RENDERING", "rendering raw-2")
    after = key_of(RECIPE, raw)
    assert after.sha256 == before.sha256
    assert after.fingerprint != before.fingerprint


def test_without_the_extra_the_key_is_another_one(raw, monkeypatch):
    pytest.importorskip("rawpy")
    with_extra = key_of(RECIPE, raw)
    monkeypatch.setitem(sys.modules, "rawpy", None)
    without = key_of(RECIPE, raw)
    assert without.decoder == "none"
    assert without.fingerprint != with_extra.fingerprint
