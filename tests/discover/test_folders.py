"""Folders where captures belong but none is found."""

from piqa_cli.records import FailedFolder


def failed(found):
    return [(folder.path, folder.scene, folder.device) for folder in found.folders]


def test_empty_folders_of_scenes_and_devices_fail_the_innermost_alone(tree, find):
    root = tree("cafe/a/1.jpg", **{"cafe/notes/read.txt": "x", "park/list.txt": "x"})
    for name in ("cafe/b/deep/er", "hall/a", "hall/b", "bare"):
        (root / name).mkdir(parents=True)
    found = find(root)
    assert failed(found) == [
        ("cafe/b", "cafe", "b"),
        ("cafe/notes", "cafe", "notes"),
        ("hall/a", "hall", "a"),
        ("hall/b", "hall", "b"),
        ("bare", "bare", None),
        ("park", "park", None),
    ]
    assert {folder.reason for folder in found.folders} == {"no captures in it"}
    assert [row.path for row in found.skipped] == ["cafe/notes/read.txt", "park/list.txt"]


def test_pictures_at_the_wrong_level_are_no_captures_of_a_scene(tree, find):
    found = find(tree("cafe/a/1.jpg", "park/1.jpg"))
    assert failed(found) == [("park", "park", None)]


def test_only_folders_of_the_layout_are_expected_to_hold_captures(tree, find):
    root = tree("2026/a_v1/cafe/1.jpg", **{"2026/calibration/read.txt": "x"})
    for name in ("2026/a_v1/hall", "2026/b_v1", "2025", "2026/a_v1/cafe/extra"):
        (root / name).mkdir()
    found = find(root, "*/{device}_{firmware}/{scene}")
    assert found.folders == (
        FailedFolder("2026/a_v1/hall", "no captures in it", "hall", "a", "v1"),
        FailedFolder("2026/b_v1", "no captures in it", None, "b", "v1"),
    )


def test_a_link_to_a_folder_that_is_gone_fails(tree, find):
    root = tree("cafe/a/1.jpg")
    (root / "cafe/b").symlink_to("unmounted", target_is_directory=True)
    (root / "cafe/a/2.txt").symlink_to("nowhere")  # where files lie it stays a file
    found = find(root)
    assert [(f.path, f.reason) for f in found.folders] == [
        ("cafe/b", "a link to a folder that isn't there")
    ]
    assert [row.path for row in found.skipped] == ["cafe/a/2.txt"]


def test_what_runs_and_file_systems_leave_does_not_fail(tree, find):
    root = tree(
        "cafe/a/1.jpg",
        f"killed/pictures/{'0f' * 32}-320.webp",
        **{"compared/compare.json": "{}", "compared/compare_captures.parquet": "", "x/y/z": ""},
    )
    (root / "killed-sooner").mkdir()
    (root / "killed-sooner/.run-lock").touch()
    (root / "lost+found").mkdir()
    assert failed(find(root)) == [("x/y", "x", "y")]


def test_a_folder_of_a_scene_with_several_conditions_is_in_its_own(tree, find):
    root = tree("Night/cafe/a/1.jpg", "Day/cafe/a/1.jpg")
    (root / "Day/cafe/b").mkdir()
    (folder,) = find(root, "{condition}/{scene}/{device}").folders
    assert (folder.scene, folder.condition, folder.device) == ("cafe (Day)", "Day", "b")


def test_only_and_exclude_leave_folders_that_may_hold_what_is_asked_for(tree, find):
    root = tree("cafe/a/1.jpg")
    for name in ("cafe/b", "hall"):
        (root / name).mkdir()
    assert failed(find(root, only=("device=a",))) == [("hall", "hall", None)]
    assert failed(find(root, only=("scene=cafe",))) == [("cafe/b", "cafe", "b")]
    assert failed(find(root, exclude=("hall", "device=b"))) == []
