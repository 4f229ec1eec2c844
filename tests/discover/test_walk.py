from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from piqa_cli.discover.walk import discover
from piqa_cli.errors import PiqaError, UsageError
from piqa_cli.records import Capture, FailedFolder, SceneInfo, Skipped
from piqa_cli.settings import FindSettings


def test_captures_come_in_natural_order_with_scene_and_device(tree, find):
    root = tree("cafe/B/take10.jpg", "cafe/B/take2.jpg", "cafe/a/x.jpg", "Beach/a/deep/er/1.jpg")
    found = find(root)
    assert [(c.path, c.scene, c.device) for c in found.captures] == [
        ("Beach/a/deep/er/1.jpg", "Beach", "a"),
        ("cafe/a/x.jpg", "cafe", "a"),
        ("cafe/B/take2.jpg", "cafe", "B"),
        ("cafe/B/take10.jpg", "cafe", "B"),
    ]
    assert found.captures[0] == Capture(
        "Beach/a/deep/er/1.jpg", root / "Beach/a/deep/er/1.jpg", "Beach", "a"
    )
    assert (found.skipped, found.ignored) == ((), 0)


def test_every_other_file_is_a_skipped_row_with_its_reason(tree, find):
    root = tree(
        "cafe/a/1.jpg",
        "cafe/a/content_decides.dat",
        "cafe/a/1.THM",
        "loose.jpg",
        "cafe/loose.png",
        **{
            "README": "x",
            "sample_set.toml": "x",
            "cafe/a/1.MOV": "x",
            "cafe/a/1.xmp": "x",
            "cafe/a/odd.bin": "x",
            "cafe/a/bare": "x",
        },
    )
    found = find(root)
    assert [c.path for c in found.captures] == ["cafe/a/1.jpg", "cafe/a/content_decides.dat"]
    assert {(s.path, s.reason, s.scene, s.device) for s in found.skipped} == {
        ("README", "no picture: text", None, None),
        ("sample_set.toml", "no picture: text", None, None),
        ("loose.jpg", "outside the layout {scene}/{device}: not in a {scene} folder", None, None),
        (
            "cafe/loose.png",
            "outside the layout {scene}/{device}: not in a {device} folder",
            "cafe",
            None,
        ),
        ("cafe/a/1.MOV", "no picture: video", "cafe", "a"),
        ("cafe/a/1.THM", "no picture: sidecar", "cafe", "a"),
        ("cafe/a/1.xmp", "no picture: sidecar", "cafe", "a"),
        ("cafe/a/odd.bin", "no picture: unknown kind .bin", "cafe", "a"),
        ("cafe/a/bare", "no picture: unknown kind without suffix", "cafe", "a"),
    }


def test_a_text_file_named_jpg_stays_a_capture_to_fail_in_reading(tree, find):
    root = tree("cafe/a/1.jpg", **{"cafe/a/2.jpg": "no picture", "cafe/a/3.gif": "GIF89a"})
    assert [c.take for c in find(root, "{scene}/{device}/{take}").captures] == ["1", "2", "3"]


def test_raw_beside_its_picture_is_skipped_and_raw_alone_is_a_capture(tree, find):
    root = tree(
        "cafe/a/1.JPG",
        "cafe/a/PXL_7.RAW-01.COVER.jpg",
        "cafe/b/1.jpg",
        **{
            "cafe/a/1.dng": "II*",
            "cafe/a/2.dng": "II*",
            "cafe/b/sub/1.dng": "II*",
            "cafe/a/PXL_7.RAW-02.ORIGINAL.dng": "II*",
        },
    )
    found = find(root)
    assert found.skipped == (
        Skipped("cafe/a/1.dng", "RAW beside 1.JPG", "cafe", "a"),
        Skipped(
            "cafe/a/PXL_7.RAW-02.ORIGINAL.dng", "RAW beside PXL_7.RAW-01.COVER.jpg", "cafe", "a"
        ),
    )
    assert {c.path for c in found.captures if c.path.endswith("dng")} == {
        "cafe/a/2.dng",
        "cafe/b/sub/1.dng",
    }


def test_hidden_files_litter_and_finished_runs_are_only_counted(tree, find):
    root = tree(
        "cafe/a/1.jpg",
        "cafe/a/.hidden.jpg",
        ".git/x/1.jpg",
        "cafe/a/@eaDir/1.jpg",
        f"unfinished/pictures/{'0f' * 32}-320.webp",
        "piqa-run/pictures/1.webp",
        **{
            "Thumbs.db": "",
            ".DS_Store": "",
            "piqa-run/run.json": "{}",
            "piqa-run/captures.parquet": "",
            "cafe/scene.toml": "title = 'Café'",
        },
    )
    found = find(root)
    assert [c.path for c in found.captures] == ["cafe/a/1.jpg"]
    assert (found.skipped, found.ignored) == ((), 8)


def test_link_loops_end_and_second_links_to_a_file_are_not_new_takes(tree, find):
    root = tree("cafe/a/1.jpg", "cafe/b/1.jpg")
    (root / "cafe/a/up").symlink_to(root, target_is_directory=True)
    (root / "cafe/a/2.jpg").symlink_to("1.jpg")
    (root / "cafe/a/self.jpg").symlink_to("self.jpg")
    (root / "cafe/b/broken.txt").symlink_to("nowhere")
    (root / "cafe/c").symlink_to("a", target_is_directory=True)
    found = find(root)
    assert [c.path for c in found.captures] == [
        "cafe/a/1.jpg",
        "cafe/a/self.jpg",
        "cafe/b/1.jpg",
        "cafe/c/1.jpg",
        "cafe/c/self.jpg",
    ]
    assert [(s.path, s.reason) for s in found.skipped] == [
        ("cafe/a/2.jpg", "the same file as cafe/a/1.jpg"),
        ("cafe/a/up", "a link back to a folder above it"),
        ("cafe/b/broken.txt", "can't be opened: No such file or directory"),
        ("cafe/c/2.jpg", "the same file as cafe/c/1.jpg"),
        ("cafe/c/up", "a link back to a folder above it"),
    ]


def test_a_pipe_is_never_opened(tree, find):
    root = tree("cafe/a/1.jpg")
    os.mkfifo(root / "cafe/a/2.jpg")
    assert find(root).skipped == (
        Skipped("cafe/a/2.jpg", "no picture: not a regular file", "cafe", "a"),
    )


@contextmanager
def as_nobody() -> Iterator[None]:
    """Root may open every folder, so a test by root steps down for a while."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_closed_folder_is_a_row_and_loses_nothing_else(find):
    with TemporaryDirectory() as place:  # tmp_path lies in a folder that is closed itself
        root = Path(place)
        root.chmod(0o755)
        for name in "abc":
            (root / "cafe" / name).mkdir(parents=True)
            (root / "cafe" / name / "1.jpg").write_bytes(b"\xff\xd8\xff")
        (root / "cafe/b").chmod(0)
        with as_nobody():
            found = find(root)
            with pytest.raises(PiqaError, match="cafe/b can't be opened: Permission denied"):
                find(root / "cafe/b")
        (root / "cafe/b").chmod(0o755)
    assert [c.path for c in found.captures] == ["cafe/a/1.jpg", "cafe/c/1.jpg"]
    closed = FailedFolder("cafe/b", "folder can't be opened: Permission denied", "cafe", "b")
    assert (found.folders, found.skipped, found.warnings) == ((closed,), (), ())


def test_an_endless_nest_of_folders_is_a_row(tree, find):
    root = tree("cafe/a/1.jpg", "cafe/a/" + "d/" * 70 + "1.jpg")
    found = find(root)
    assert [c.path for c in found.captures] == ["cafe/a/1.jpg"]
    assert [s.reason for s in found.skipped] == ["nested deeper than 64 folders"]


def test_a_name_that_is_no_utf8_can_stand_in_a_table(tree, find):
    root = tree("cafe/a/1.jpg")
    (root / "cafe/a/1.jpg").rename(os.fsdecode(os.fsencode(root) + b"/cafe/a/\xe9.jpg"))
    (capture,) = find(root).captures
    assert capture.path == r"cafe/a/\xe9.jpg"
    assert capture.file.exists()


def test_scene_toml_names_title_condition_and_notes(tree, find):
    root = tree(
        "2/a/1.jpg",
        "10/a/1.jpg",
        **{"2/scene.toml": "title='Two'\ncondition='Night'\nnotes='n'", "2/a/scene.toml": "x"},
    )
    found = find(root)
    assert found.scenes == {"2": SceneInfo("2", "Two", "Night", "n"), "10": SceneInfo("10")}
    assert list(found.scenes) == ["2", "10"]
    astray = "not in a scene folder of the layout {scene}/{device}: describes nothing"
    assert (found.skipped, found.ignored) == ((Skipped("2/a/scene.toml", astray),), 1)
    assert [c.condition for c in found.captures] == ["Night", None]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_scene_toml_as_windows_saves_it(tree, find, encoding):
    root = tree("bar/a/1.jpg")
    (root / "bar" / "scene.toml").write_text("title = 'Café'\r\n", encoding=encoding)
    found = find(root)
    assert found.scenes == {"bar": SceneInfo("bar", "Café")}
    warned = ("scene.toml of scene 'bar' is no UTF-8 text and was read as Windows-1252: "
              "save it as UTF-8",)  # fmt: skip
    assert found.warnings == (warned if encoding == "cp1252" else ())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title = ", "can't be read as TOML"),
        ("tittle = 'x'", "unknown key 'tittle', did you mean 'title'?"),
        ("condition = 3", 'condition must be a text, e.g. condition = "Indoor"'),
    ],
)
def test_a_broken_scene_toml_is_named(tree, find, text, message):
    root = tree("cafe/a/1.jpg", **{"cafe/scene.toml": text})
    with pytest.raises(PiqaError) as caught:
        find(root)
    assert str(caught.value).startswith(f"{root / 'cafe/scene.toml'}: {message}")


def test_scene_files_of_one_scene_must_agree(tree, find):
    root = tree(
        "a/cafe/1.jpg",
        "b/cafe/1.jpg",
        **{"a/cafe/scene.toml": "title='x'", "b/cafe/scene.toml": "title='y'"},
    )
    with pytest.raises(PiqaError, match="say different things of scene 'cafe'; keep one"):
        find(root, "{device}/{scene}")


def test_one_scene_under_two_conditions_is_two_scenes(tree, find):
    root = tree("Night/cafe/a/1.jpg", "Day/cafe/a/1.jpg", "Day/hall/a/1.jpg")
    found = find(root, "{condition}/{scene}/{device}")
    assert [(c.path, c.scene, c.condition) for c in found.captures] == [
        ("Day/cafe/a/1.jpg", "cafe (Day)", "Day"),
        ("Day/hall/a/1.jpg", "hall", "Day"),
        ("Night/cafe/a/1.jpg", "cafe (Night)", "Night"),
    ]
    assert found.scenes["cafe (Night)"] == SceneInfo("cafe (Night)", None, "Night")


@pytest.mark.parametrize(
    ("only", "exclude", "left"),
    [
        (("scene=n*",), (), ["night/pixel", "night/galaxy"]),
        (("PIXEL",), (), ["day/pixel", "night/pixel"]),
        (("scene=n*", "device=p*"), (), ["night/pixel"]),
        (("scene=night", "scene=day"), ("device=g*",), ["day/pixel", "night/pixel"]),
        ((), ("night",), ["day/pixel", "day/galaxy"]),
    ],
)
def test_only_and_exclude_choose_by_pattern(tree, find, only, exclude, left):
    root = tree("day/pixel/1.jpg", "day/galaxy/1.jpg", "night/pixel/1.jpg", "night/galaxy/1.jpg")
    found = find(root, only=only, exclude=exclude)
    assert {f"{c.scene}/{c.device}" for c in found.captures} == set(left)
    assert set(found.scenes) == {c.scene for c in found.captures}


def test_patterns_that_leave_nothing_or_cant_be_read_are_refused(tree, find):
    root = tree("day/pixel/1.jpg")
    with pytest.raises(PiqaError, match=r"leave no capture .* scenes day and devices pixel"):
        find(root, only=("scene=dya",))
    with pytest.raises(UsageError, match="can't read the pattern 'phone=x'"):
        find(root, only=("phone=x",))


def test_what_is_no_folder_is_refused_in_one_line(tree, find, tmp_path):
    root = tree("day/pixel/1.jpg")
    (tmp_path / "file.jpg").write_text("x")
    cases = {
        tmp_path / "capturse": f"does not exist; did you mean {root}?",
        tmp_path / "zzz": "does not exist; check the path",
        tmp_path / "capturse" / "day": f"does not exist; did you mean {root / 'day'}?",
        tmp_path / "zzz" / "day": f"does not exist; {tmp_path / 'zzz'} isn't there either: check",
        tmp_path / "file.jpg" / "x": "does not exist",
        tmp_path / "file.jpg": "is a file, not a folder of captures; use --manifest",
    }
    for folder, message in cases.items():
        with pytest.raises(PiqaError) as caught:
            find(folder)
        assert message in str(caught.value)
        assert "\n" not in str(caught.value)
        assert caught.value.exit_code == 3


def test_an_empty_folder_is_refused(tree, find):
    root = tree()
    with pytest.raises(PiqaError, match=r"is empty; put captures into .*/captures/SCENE/DEVICE/"):
        find(root)


def test_a_folder_that_only_seems_empty_is_not_called_so(tree, find):
    root = tree(**{"Hall/scene.toml": ""})
    with pytest.raises(PiqaError, match="has no captures in it; put captures into"):
        find(root)
    with pytest.raises(PiqaError, match="nothing but what piqa-cli wrote; name the folder of the"):
        find(tree(**{"2026-01-01/run.json": "{}", "2026-01-01/captures.parquet": ""}))


def test_a_folder_without_scenes_is_refused(tree, find):
    root = tree("1.jpg", "b/2.jpg")
    with pytest.raises(PiqaError) as caught:
        find(root)
    assert str(caught.value) == (
        f"no picture in {root} fits the layout {{scene}}/{{device}} (first: 1.jpg); there are too "
        "few folders for it: name the folder that holds all scenes and devices, or describe yours "
        f"with --layout, and look with `piqa-cli scan {root}`"
    )


def test_another_layout_is_proposed_only_where_there_are_folders_enough(tree, find):
    root = tree("pixel/cafe/1.jpg")
    with pytest.raises(PiqaError, match=r"e\.g\. --layout '\{device\}/\{scene\}'"):
        find(root, layout="{scene}/x{device}")
    with pytest.raises(PiqaError, match="name the folder that holds all scenes and devices"):
        find(root / "pixel")


def test_a_folder_without_pictures_is_refused(tree, find):
    root = tree(**{"cafe/a/notes.txt": "x"})
    with pytest.raises(PiqaError, match=r"no picture in .* \(1 files, first: cafe/a/notes.txt: no"):
        find(root)


def test_a_folder_or_a_manifest_but_not_both():
    with pytest.raises(UsageError, match="not both"):
        discover(FindSettings(Path("x"), manifest=Path("y.csv")))
    with pytest.raises(UsageError, match="give a captures folder or --manifest FILE"):
        discover(FindSettings(None))


def test_skipped_files_go_with_their_scene_where_its_conditions_split_it(tree, find):
    root = tree("bar/Night/a/1.jpg", "bar/Night/a/1.mp4", "bar/Day/a/1.jpg", "bar/Day/a/2.mp4")
    found = find(root, layout="{scene}/{condition}/{device}")
    assert sorted(found.scenes) == ["bar (Day)", "bar (Night)"]
    assert {row.path: row.scene for row in found.skipped} == {
        "bar/Day/a/2.mp4": "bar (Day)",
        "bar/Night/a/1.mp4": "bar (Night)",
    }
