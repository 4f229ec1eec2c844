"""RAW captures from the folder to the tables."""

from __future__ import annotations

import sys
from contextlib import contextmanager

import pytest
from PIL import Image

from piqa_cli.runs.table_set import load_run
from tests import dng

FAST = ("--working-size", "native", "--workers", "1", "--pictures", "none")


@pytest.fixture
def lab(tmp_path, texture):
    """Two devices: one with a RAW beside each JPEG, one with a RAW alone and a JPEG alone."""
    folder = tmp_path / "captures"
    for take, device in enumerate(("Aster", "Birch")):
        place = folder / "Bar" / device
        place.mkdir(parents=True)
        pixels = texture(take)
        Image.fromarray(pixels).save(place / "1.jpg", quality=95)
        name = "1.dng" if device == "Aster" else "2.dng"
        (place / name).write_bytes(dng.dng(dng.sensor((pixels / 255) ** 2.2)))
    return folder


@pytest.fixture
def without_rawpy(tmp_path):
    """A block in which nothing can import rawpy; decode processes get this path, too."""
    place = tmp_path / "broken"
    place.mkdir()
    (place / "rawpy.py").write_text("raise ImportError('not installed')")

    @contextmanager
    def block():
        with pytest.MonkeyPatch.context() as patch:
            patch.syspath_prepend(place)
            patch.delitem(sys.modules, "rawpy", raising=False)
            yield

    return block


def outcomes(run):
    return {row.path: row.status for row in load_run(run).tables.captures}


def test_raw_alone_is_scored_and_raw_beside_a_picture_only_where_preferred(piqa, lab, tmp_path):
    pytest.importorskip("rawpy")
    assert piqa("rank", lab, "-o", tmp_path / "run", *FAST).exit_code == 0
    assert outcomes(tmp_path / "run") == {
        "Bar/Aster/1.dng": "skipped",
        "Bar/Aster/1.jpg": "ok",
        "Bar/Birch/1.jpg": "ok",
        "Bar/Birch/2.dng": "ok",
    }
    assert piqa("rank", lab, "-o", tmp_path / "raw", *FAST, "--prefer", "raw").exit_code == 0
    found = outcomes(tmp_path / "raw")
    assert (found["Bar/Aster/1.dng"], found["Bar/Aster/1.jpg"]) == ("ok", "skipped")
    assert load_run(tmp_path / "raw").info["settings"]["find"]["prefer"] == "raw"


def test_raw_that_failed_for_want_of_the_extra_is_scored_once_it_is_there(
    piqa, lab, tmp_path, without_rawpy
):
    pytest.importorskip("rawpy")
    with without_rawpy():
        assert piqa("rank", lab, "-o", tmp_path / "run", *FAST).exit_code == 5
    (failed,) = (r for r in load_run(tmp_path / "run").tables.captures if r.status == "failed")
    assert failed.path == "Bar/Birch/2.dng"
    assert "pip install 'piqa-cli[raw]'" in failed.reason
    assert piqa("rank", lab, "-o", tmp_path / "run", *FAST).exit_code == 0
    assert outcomes(tmp_path / "run")["Bar/Birch/2.dng"] == "ok"


def test_raw_cant_be_preferred_without_the_extra(piqa, lab, tmp_path, without_rawpy):
    with without_rawpy():
        for command in (("scan", lab), ("rank", lab, "-o", tmp_path / "run")):
            result = piqa(*command, "--prefer", "raw")
            assert result.exit_code == 4
            assert "--prefer raw needs an optional part" in result.stderr
    assert not (tmp_path / "run").exists()
