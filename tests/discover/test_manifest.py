from __future__ import annotations

import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from piqa_cli.discover.manifest import open_manifest
from piqa_cli.discover.walk import discover
from piqa_cli.errors import PiqaError
from piqa_cli.records import Box, Capture, SceneInfo, Skipped
from piqa_cli.settings import FindSettings


@pytest.fixture
def manifest(tmp_path: Path):
    def write(*lines: str, encoding: str = "utf-8") -> Path:
        file = tmp_path / "list.csv"
        file.write_text("\r\n".join(lines) + "\r\n", encoding=encoding)
        return file

    return write


def test_a_csv_row_is_a_capture(manifest, tmp_path):
    file = manifest(
        "path,Scene,device,firmware,condition,take,jod,face_x0,face_y0,face_x1,face_y1,operator",
        r"in\1.jpg,café,Pixel 8,v2,Night,1,-1.5,10,20.5,110,140,Ann",
        "./in//2.jpg, café ,Pixel 8,,,,,,,,,",
        "/other/3.jpg,café,Pixel 8,,,,,auto,,,,",
        encoding="utf-8-sig",
    )
    assert open_manifest(file)[0] == (
        Capture(
            path="in/1.jpg",
            file=tmp_path / "in/1.jpg",
            scene="café",
            device="Pixel 8",
            firmware="v2",
            condition="Night",
            take="1",
            face_source="given",
            given_face=Box(10, 20.5, 110, 140),
            jod=-1.5,
        ),
        Capture("in/2.jpg", tmp_path / "in/2.jpg", "café", "Pixel 8", face_source="none"),
        Capture(
            os.path.relpath("/other/3.jpg", tmp_path),
            Path("/other/3.jpg"),
            "café",
            "Pixel 8",
            face_source="detect",
        ),
    )


@pytest.mark.parametrize("divider", [",", ";", "\t"])
def test_without_face_columns_the_detector_is_asked(manifest, divider):
    file = manifest(divider.join(("path", "scene", "device")), divider.join(("1.jpg", "s", "d")))
    (capture,) = open_manifest(file)[0]
    assert (capture.path, capture.face_source, capture.given_face) == ("1.jpg", "detect", None)


def test_parquet_says_the_same_as_csv(tmp_path):
    file = tmp_path / "list.pq"
    columns = {
        "path": ["1.jpg", "2.jpg"],
        "scene": [7, 8],
        "device": ["a", "b"],
        "firmware": ["v1", None],
        "jod": [0.5, float("nan")],
        **{
            name: [float(i), None]
            for i, name in enumerate("face_x0 face_y0 face_x1 face_y1".split())
        },
        "blob": [b"x", b"y"],
    }
    pq.write_table(pa.table(columns), file)
    one, two = open_manifest(file)[0]
    assert (one.scene, one.firmware, one.jod, one.given_face) == ("7", "v1", 0.5, Box(0, 1, 2, 3))
    assert (two.scene, two.firmware, two.jod, two.face_source) == ("8", None, None, "none")


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (("path,scen,device", "1.jpg,s,d"), "column 'scene' is missing, it has path, scen, dev"),
        (("file,scene,device",), "column 'path' is missing"),
        (("",), "it has no heading line"),
        (("path,scene,device,device",), "column 'device' stands there twice"),
        (("path,scene,device",), "lists no captures; add a row for each picture"),
        (("path,scene,device", ",,", "1.jpg,s,"), "line 3: device is blank"),
        (("path,scene,device", "1.jpg,s,d", "2.jpg,s"), "line 3: device is blank"),
        (("path,scene,device", "1,5.jpg,s,d"), "line 2: 4 cells where 3 are expected; put quotes"),
        (("path,scene,device", "1.jpg,s,d", "./1.jpg,s,e"), "line 3: 1.jpg stands already in"),
        (("path,scene,device,jod", "1.jpg,s,d,good"), "line 2: jod is 'good', not a number"),
        (("path,scene,device,jod", "1.jpg,s,d,inf"), "line 2: jod is 'inf', not a number"),
        (("path,scene,device,face_x0", "1.jpg,s,d,1"), "lack face_y0, face_x1, face_y1"),
        (('path,scene,device', '"1.jpg,s,d'), "line 2: broken CSV"),
    ],
)  # fmt: skip
def test_what_cant_be_understood_is_refused_with_its_line(manifest, lines, message):
    file = manifest(*lines)
    with pytest.raises(PiqaError) as caught:
        open_manifest(file)[0]
    assert str(caught.value).startswith(f"manifest {file}")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("box", "message"),
    [
        ("1,2,3,", "half a face box"),
        ("1,2,x,4", "face_x1 is 'x', not a number"),
        ("9,2,3,4", "the face box 9 2 3 4 is empty"),
        ("1,4,3,4", "the face box 1 4 3 4 is empty"),
    ],
)
def test_a_bad_face_box_is_refused(manifest, box, message):
    file = manifest("path,scene,device,face_x0,face_y0,face_x1,face_y1", f"1.jpg,s,d,{box}")
    with pytest.raises(PiqaError, match=f"line 2: {message}"):
        open_manifest(file)[0]


def test_a_file_that_cant_be_a_manifest_is_refused(tmp_path):
    (tmp_path / "binary.csv").write_bytes(b"path,scene,device\n1.jpg,caf\x81,d")
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 but no more")
    for name, message in {
        "none.csv": "does not exist; check the path",
        ".": "is a folder; give it as captures folder",
        "binary.csv": "is not UTF-8 text; save it as CSV UTF-8",
        "broken.parquet": "can't be read as Parquet",
    }.items():
        with pytest.raises(PiqaError, match=message):
            open_manifest(tmp_path / name)[0]


def test_a_run_sees_missing_files_as_captures_and_others_as_rows(manifest, tree):
    root = tree("2.jpg", "10.jpg", **{"2.dng": "II*", "clip.mp4": "x"})
    names = ("10.jpg", "2.jpg", "2.dng", "clip.mp4", "gone.jpg", "gone")
    rows = [f"{root.name}/{name},s,d,Night" for name in names]
    found = discover(FindSettings(None, manifest=manifest("path,scene,device,condition", *rows)))
    paths = ["captures/2.jpg", "captures/10.jpg", "captures/gone", "captures/gone.jpg"]
    assert [c.path for c in found.captures] == paths
    assert found.skipped == (
        Skipped("captures/2.dng", "RAW beside 2.jpg", "s", "d", "Night"),
        Skipped("captures/clip.mp4", "no picture: video", "s", "d", "Night"),
    )
    assert found.scenes == {"s": SceneInfo("s", condition="Night")}


def test_a_manifest_without_a_picture_is_refused(manifest, tree):
    tree(**{"notes.txt": "x"})
    file = manifest("path,scene,device", "captures/notes.txt,s,d")
    with pytest.raises(PiqaError, match=r"lists no picture .* no picture: text"):
        discover(FindSettings(None, manifest=file))


def test_numbers_of_a_manifest_may_have_decimal_commas(manifest):
    faces = "face_x0;face_y0;face_x1;face_y1"
    file = manifest(f"path;scene;device;jod;{faces}", "1.jpg;Bar;A;-0,5;1,5;2;3,5;4")
    (capture,) = open_manifest(file)[0]
    assert (capture.jod, capture.given_face) == (-0.5, Box(1.5, 2, 3.5, 4))
    with pytest.raises(PiqaError, match=r"jod is '1,5', not a number \(where commas divide"):
        open_manifest(manifest("path,scene,device,jod", '1.jpg,Bar,A,"1,5"'))
