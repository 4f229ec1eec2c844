"""Names that say that several files show one shot, and which of them counts."""

from __future__ import annotations

import pytest

from piqa_cli.discover.matrix import scan_matrix
from piqa_cli.discover.shots import same_shots
from piqa_cli.discover.walk import discover
from piqa_cli.records import Skipped
from piqa_cli.settings import FindSettings

P = "PXL_20240101_120000000"

FAMILIES = {
    "Pixel portrait": [f"{P}.PORTRAIT-01.COVER.jpg", f"{P}.PORTRAIT-02.ORIGINAL.jpg"],
    "Pixel portrait before the numbers": [f"{P}.PORTRAIT.jpg", f"{P}.PORTRAIT.ORIGINAL.jpg"],
    "Pixel night": [f"{P}.NIGHT-01.COVER.jpg", f"{P}.NIGHT-02.ORIGINAL.jpg"],
    "Pixel long exposure": [
        f"{P}.LONG_EXPOSURE-01.COVER.jpg", f"{P}.LONG_EXPOSURE-02.ORIGINAL.jpg",
    ],
    "cut by Takeout": [f"{P}.LONG_EXPOSURE-01.COVER.jpg", f"{P}.LONG_EXPOSURE-02.ORIGINA.jpg"],
    "Pixel pan without cover": [f"{P}.ACTION_PAN-01.jpg", f"{P}.ACTION_PAN-02.ORIGINAL.jpg"],
    "Pixel motion": [f"{P}.MOTION-01.COVER.jpg", f"{P}.MOTION-02.ORIGINAL.jpg"],
    "Pixel motion photo": [f"{P}.MP.jpg", f"{P}.jpg"],
    "Pixel raw and portrait": [f"{P}.RAW-01.MP.COVER.jpg", f"{P}.PORTRAIT.jpg"],
    "Pixel panorama": [f"{P}.PANO.jpg", f"{P}.jpg"],
    "Pixel photo sphere": [f"{P}.PHOTOSPHERE.jpg", f"{P}.jpg"],
    "Pixel burst": [f"{P}.BURST-01.COVER.jpg", f"{P}.BURST-02.jpg", f"{P}.BURST-03.jpg"],
    "edit of a cover": [
        f"{P}.PORTRAIT-01.COVER~2.jpg", f"{P}.PORTRAIT-01.COVER.jpg",
        f"{P}.PORTRAIT-02.ORIGINAL.jpg",
    ],
    "edit of an original": [
        f"{P}.PORTRAIT-01.COVER.jpg", f"{P}.PORTRAIT-02.ORIGINAL.jpg",
        f"{P}.PORTRAIT-02.ORIGINAL~2.jpg",
    ],
    "first portraits of Google": [
        "00100lrPORTRAIT_00100_BURST20190101120000000_COVER.jpg",
        "00000PORTRAIT_00000_BURST20190101120000000.jpg",
    ],
    "first bursts of Google": [
        "00000IMG_00000_BURST20190101120000000_COVER.jpg",
        "00001IMG_00001_BURST20190101120000000.jpg",
    ],
    "Sony burst": [
        "DSC_0052_BURST20190101120000000_COVER.JPG", "DSC_0001_BURST20190101120000000.JPG",
    ],
    "Huawei burst": ["IMG_20231014_183246_BURST001_COVER.jpg", "IMG_20231014_183246_BURST002.jpg"],
    "OPPO burst": ["IMG20250429174214_BURST001_COVER.jpg", "IMG20250429174214_BURST000.jpg"],
    "Motorola burst": [
        "IMG_20180914_094602055_BURST000_COVER.jpg", "IMG_20180914_094602055_BURST001.jpg",
    ],
    "iPhone edit, or portrait effect": ["IMG_E1234.JPG", "IMG_1234.HEIC", "IMG_1234.JPG"],
    "twins": ["IMG_1234.HEIC", "IMG_1234.jpg"],
    "conversions": ["IMG_1234.jpg", "IMG_1234.png", "IMG_1234.tif", "IMG_1234.webp"],
    "Google Photos": ["IMG_1234-edited.jpg", "IMG_1234.jpg"],
    "Google Photos in French": ["IMG_1234-modifie\u0301.jpg", "IMG_1234.jpg"],
    "Google Photos, second of a name": ["IMG_1234-edited(1).jpg", "IMG_1234(1).jpg"],
    "osxphotos": ["IMG_1234_edited.jpg", "IMG_1234.heic"],
    "Samsung edits": ["20240101_120000~3.jpg", "20240101_120000~2.jpg", "20240101_120000.jpg"],
    "edit of an edit": ["IMG_1234_5~2-edited.jpg", "IMG_1234_5~2.jpg", "IMG_1234_5.jpg"],
    "effects of Google Photos": ["IMG_1234.jpg", "IMG_1234-EFFECTS.jpg"],
    "ExifTool's copy": ["IMG_1234.jpg", "IMG_1234.jpg_original"],
}  # fmt: skip


@pytest.mark.parametrize("names", FAMILIES.values(), ids=FAMILIES)
def test_of_a_shot_the_finished_picture_counts(tree, find, names):
    found = find(tree(*(f"cafe/a/{name}" for name in names)))
    kept, *others = names
    assert [capture.path for capture in found.captures] == [f"cafe/a/{kept}"]
    reason = f"same shot as cafe/a/{kept}"
    skipped = {Skipped(f"cafe/a/{name}", reason, "cafe", "a") for name in others}
    assert set(found.skipped) == skipped


@pytest.mark.parametrize(
    "names",
    [
        ("IMG_1234.jpg", "IMG_1235.jpg"),
        ("IMG_E1234.jpg", "IMG_1235.jpg"),
        ("IMG_1234.jpg", "IMG_1234(1).jpg", "IMG_1234 (1).jpg", "IMG_1234 2.jpg"),
        ("IMG_1234.jpg", "IMG_1234.JPG", "img_1234.jpeg"),
        ("20231207_101605.jpg", "20231207_101605_001.jpg", "20231207_101605_002.jpg"),
        (f"{P}.jpg", "PXL_20240101_120000001.jpg", f"{P}.cropped.jpg"),
        (f"{P}.BURST-01.jpg", f"{P}.BURST-02.jpg"),
        ("00000IMG_00000_BURST20190101120000000.jpg", "00001IMG_00001_BURST20190101120000000.jpg"),
        ("IMG_20231014_183246.jpg", "IMG_20231014_183246_BURST001_COVER.jpg"),
        ("IMG_12~1.JPG", "IMG_12~2.JPG", "IMG_12.JPG"),
        ("front.jpg", "front-redited.jpg", "edited.jpg", "-edited.jpg"),
        ("1.jpg", "1.dat"),
    ],
)
def test_names_that_only_look_alike_stay_takes(tree, find, names):
    found = find(tree(*(f"cafe/a/{name}" for name in names)))
    assert {capture.path for capture in found.captures} == {f"cafe/a/{name}" for name in names}


def test_a_shot_never_spans_folders_devices_or_scenes(tree, find):
    root = tree("cafe/a/1.heic", "cafe/a/sub/1.jpg", "cafe/b/1.jpg", "hall/a/1.jpg")
    assert len(find(root).captures) == 4
    root = tree("loft/a.heic", "loft/a_edited.jpg")
    assert len(find(root, "{scene}/{device}.*", only=("scene=loft",)).captures) == 2


@pytest.mark.parametrize(
    ("raw", "picture"),
    [
        (f"{P}.dng", f"{P}.MP.jpg"),
        (f"{P}.RAW-02.ORIGINAL.dng", f"{P}.RAW-01.MP.COVER.jpg"),
        ("IMG_1234.DNG", "IMG_E1234.jpg"),
        ("1.dng", "1.heic"),
    ],
)
def test_raw_stands_beside_the_picture_that_counts(tree, find, raw, picture):
    root = tree(f"cafe/a/{picture}", "cafe/a/1.jpg", **{f"cafe/a/{raw}": "II*"})
    reasons = {row.path: row.reason for row in find(root).skipped}
    assert reasons[f"cafe/a/{raw}"] == f"RAW beside {picture}"


def test_keep_all_makes_every_file_a_take_again(tree):
    root = tree("cafe/a/1.heic", "cafe/a/1.jpg", **{"cafe/a/1.dng": "II*"})
    found = discover(FindSettings(root, shots="keep-all"))
    assert [capture.path for capture in found.captures] == ["cafe/a/1.heic", "cafe/a/1.jpg"]
    assert [row.reason for row in found.skipped] == ["RAW beside 1.heic"]


def test_only_and_exclude_see_both_files_of_a_shot(tree, find):
    root = tree("cafe/a/1.heic", "cafe/a/1.jpg", "cafe/b/2.jpg")
    assert [row.path for row in find(root, only=("device=a",)).skipped] == ["cafe/a/1.jpg"]
    assert find(root, exclude=("device=a",)).skipped == ()


def test_the_rows_of_a_manifest_all_count_and_are_warned_of(tree, tmp_path):
    root = tree("cafe/a/1.heic", "cafe/a/1.jpg", "cafe/a/2.jpg")
    manifest = root / "list.csv"
    rows = [f"cafe/a/{name},cafe,a" for name in ("1.heic", "1.jpg", "2.jpg")]
    manifest.write_text("\n".join(["path,scene,device", *rows]))
    found = discover(FindSettings(None, manifest))
    assert (len(found.captures), found.skipped) == (3, ())
    assert found.warnings == (
        "1 row looks like another picture of a listed shot, and all count, as the manifest has "
        "them (first: cafe/a/1.jpg: same shot as cafe/a/1.heic)",
    )
    assert discover(FindSettings(None, manifest, shots="keep-all")).warnings == ()


def test_the_matrix_counts_what_was_skipped_so(tree, find):
    found = find(tree("cafe/a/1.heic", "cafe/a/1.jpg", **{"cafe/a/1.txt": "x"}))
    matrix = scan_matrix(found)
    assert (matrix.n_captures, matrix.n_skipped, matrix.n_same_shot) == (1, 2, 1)


def test_the_order_of_files_does_not_matter(tree, find):
    root = tree(*(f"cafe/a/{name}" for names in FAMILIES.values() for name in names))
    listed = discover(FindSettings(root, shots="keep-all")).captures
    assert same_shots(listed).keys() == same_shots(listed[::-1]).keys()
