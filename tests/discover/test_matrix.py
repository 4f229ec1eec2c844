from __future__ import annotations

from piqa_cli.discover.matrix import ScanMatrix, scan_matrix


def test_the_matrix_counts_captures_and_marks_holes(tree, find):
    root = tree(
        "s2/b/1.jpg",
        "s2/b/2.jpg",
        "s10/b/1.jpg",
        "s10/A/1.jpg",
        **{"s2/scene.toml": "condition='Night'", "s2/video only/1.mp4": "x"},
    )
    matrix = scan_matrix(find(root))
    assert matrix == ScanMatrix(
        scenes=("s2", "s10"),
        devices=("A", "b"),
        counts=((0, 2), (1, 1)),
        conditions=("Night", None),
        without_captures=("video only",),
        n_captures=4,
        n_skipped=1,
        n_same_shot=0,
        n_ignored=1,
    )
    assert matrix.n_holes == 1


def test_firmware_makes_columns_of_its_own(tree, find):
    root = tree("s/p_v10/1.jpg", "s/p_v9/1.jpg")
    assert scan_matrix(find(root, "{scene}/{device}_{firmware}")).devices == ("p v9", "p v10")
