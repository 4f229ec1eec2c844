"""Of a RAW file and the pictures of its shot one counts: the picture, or with `prefer` the RAW."""

from __future__ import annotations

import sys

import pytest

from piqa_cli.discover.walk import discover
from piqa_cli.errors import MissingPartError
from piqa_cli.settings import FindSettings

P = "PXL_20240101_120000000"


@pytest.fixture
def prefer_raw(monkeypatch):
    """Discovers with RAW preferred: paths that count, and the reasons of the others by path."""
    monkeypatch.setitem(sys.modules, "rawpy", sys)  # any module: nothing is decoded here

    def run(root, **more):
        found = discover(FindSettings(root, prefer="raw", **more))
        reasons = {row.path.split("/")[-1]: row.reason for row in found.skipped}
        return [capture.path.split("/")[-1] for capture in found.captures], reasons

    return run


def raws(*names):
    return {f"cafe/a/{name}": "II*" for name in names}


@pytest.mark.parametrize(
    ("raw", "pictures"),
    [
        ("1.dng", ["1.jpg"]),
        ("1.CR3", ["1.heic", "1.jpg"]),
        ("IMG_1234.DNG", ["IMG_1234.HEIC", "IMG_E1234.HEIC"]),
        (f"{P}.RAW-02.ORIGINAL.dng", [f"{P}.RAW-01.MP.COVER.jpg"]),
        (f"{P}.dng", [f"{P}.PORTRAIT-01.COVER.jpg", f"{P}.PORTRAIT-02.ORIGINAL.jpg"]),
    ],
)
@pytest.mark.parametrize("shots", ["one", "keep-all"])
def test_the_raw_counts_and_all_pictures_of_its_shot_are_skipped(
    tree, prefer_raw, raw, pictures, shots
):
    root = tree(*(f"cafe/a/{name}" for name in (*pictures, "other.jpg")), **raws(raw))
    kept, reasons = prefer_raw(root, shots=shots)
    assert set(kept) == {raw, "other.jpg"}
    assert reasons == dict.fromkeys(pictures, f"same shot as cafe/a/{raw}")


def test_of_two_raw_files_of_a_shot_one_counts(tree, prefer_raw):
    root = tree("cafe/a/1.jpg", **raws("1.arw", "1.dng"))
    kept, reasons = prefer_raw(root)
    assert kept == ["1.arw"]
    assert set(reasons) == {"1.dng", "1.jpg"}


def test_of_a_burst_the_raw_of_its_cover_counts(tree, prefer_raw):
    cover, frame = f"{P}.BURST-02.COVER", f"{P}.BURST-01"
    root = tree(
        f"cafe/a/{cover}.jpg", f"cafe/a/{frame}.jpg", **raws(f"{cover}.dng", f"{frame}.dng")
    )
    assert prefer_raw(root)[0] == [f"{cover}.dng"]


def test_pictures_without_raw_and_raw_without_picture_count_as_ever(tree, prefer_raw):
    root = tree("cafe/a/1.heic", "cafe/a/1.jpg", "cafe/b/2.jpg", **raws("2.dng"))
    assert prefer_raw(root) == (
        ["1.heic", "2.dng", "2.jpg"],
        {"1.jpg": "same shot as cafe/a/1.heic"},
    )


def test_a_raw_of_another_cell_takes_nobodys_place(tmp_path, tree, prefer_raw):
    tree("1.jpg", **{"1.dng": "II*"})
    manifest = tmp_path / "m.csv"
    manifest.write_text("path,scene,device\ncaptures/1.jpg,s,a\ncaptures/1.dng,s,b\n")
    assert prefer_raw(None, manifest=manifest) == (["1.dng", "1.jpg"], {})
    manifest.write_text("path,scene,device\ncaptures/1.jpg,s,a\ncaptures/1.dng,s,a\n")
    assert prefer_raw(None, manifest=manifest)[0] == ["1.dng"]


def test_raw_cant_be_preferred_where_it_cant_be_read(tree, monkeypatch):
    monkeypatch.setitem(sys.modules, "rawpy", None)
    root = tree("cafe/a/1.jpg")
    with pytest.raises(MissingPartError, match=r"pip install 'piqa-cli\[raw\]'"):
        discover(FindSettings(root, prefer="raw"))
    assert len(discover(FindSettings(root)).captures) == 1
