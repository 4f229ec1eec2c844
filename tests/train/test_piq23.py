from __future__ import annotations

import pytest

from piqa_cli.errors import PiqaError
from piqa_cli.train.piq23 import read_piq23

HEADINGS = "IMAGE PATH,JOD,JOD STD,QUALITY LEVEL,IMAGE,SCENE,CONDITION"
SCORES = (
    HEADINGS,
    r"Overall\1_Indoor_Scene_1.jpg,-0.5,0.2,3,1_Indoor_Scene_1.jpg,Indoor_Scene_1,INDOOR",
    r"Overall\2_Indoor_Scene_1.JPG,0.5,0.2,4,2_Indoor_Scene_1.JPG,Indoor_Scene_1,INDOOR",
    r"Overall\1_Indoor_Scene_12.tiff,1.25,0.2,5,1_Indoor_Scene_12.tiff,Indoor_Scene_12,INDOOR",
)
SCENES = ("SCENE,SPLIT,NB IMAGES", "Indoor_Scene_1,Test,2", "Indoor_Scene_12,Train,1")
IMAGES = (
    "IMAGE,SPLIT",
    "1_Indoor_Scene_1.jpg,Train",
    "2_Indoor_Scene_1.JPG,Test",
    "1_Indoor_Scene_12.tiff,train",
)
DEVICES = (
    "Image,Device",
    "1_Indoor_Scene_1.jpg,Huawei P40 Pro",
    "2_Indoor_Scene_1.JPG,HuaweiP40pro",
)


def write(file, lines, bom=""):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(bom + "\r\n".join(lines) + "\r\n", encoding="utf-8", newline="")


@pytest.fixture
def piq23(tmp_path):
    """The folders as DXOMARK has them; some pictures' extensions differ in case from the CSV."""
    write(tmp_path / "Scores" / "Scores_Overall.csv", SCORES, bom="\ufeff")
    write(tmp_path / "Test split" / "Scene Split.csv", SCENES)
    write(tmp_path / "Test split" / "Device Split.csv", IMAGES)
    for attribute in ("Exposure", "Overall"):
        for name in ("1_Indoor_Scene_1.JPG", "2_Indoor_Scene_1.JPG", "1_Indoor_Scene_12.tiff"):
            file = tmp_path / "Dataset" / attribute / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()
    return tmp_path


def seen(part):
    return [(item.capture.path, item.capture.scene, item.jod) for item in part]


def test_the_scene_split_tells_scene_1_from_scene_12(piq23):
    material = read_piq23(piq23, "overall", "scene")
    assert seen(material.training) == [
        ("Dataset/Overall/1_Indoor_Scene_12.tiff", "Indoor_Scene_12", 1.25)
    ]
    assert seen(material.test) == [
        ("Dataset/Overall/1_Indoor_Scene_1.JPG", "Indoor_Scene_1", -0.5),
        ("Dataset/Overall/2_Indoor_Scene_1.JPG", "Indoor_Scene_1", 0.5),
    ]
    assert material.by_scene


def test_the_device_split_goes_by_picture(piq23):
    material = read_piq23(piq23, "overall", "device")
    assert [jod for _, _, jod in seen(material.training)] == [-0.5, 1.25]
    assert [jod for _, _, jod in seen(material.test)] == [0.5]
    assert not material.by_scene


def test_spellings_of_a_device_are_one(piq23):
    write(piq23 / "Metadata" / "Image Metadata.csv", DEVICES)
    material = read_piq23(piq23, "overall", "scene")
    assert [item.capture.device for item in material.test] == ["huaweip40pro", "huaweip40pro"]


def test_ready_made_split_files_are_taken_first(piq23):
    folder = piq23 / "Test split" / "Scene Split"
    write(folder / "SceneSplit_Train_Scores_Overall.csv", SCORES[:3])
    write(folder / "SceneSplit_Test_Scores_Overall.csv", (SCORES[0], SCORES[3]))
    material = read_piq23(piq23, "overall", "scene")
    assert [jod for _, _, jod in seen(material.training)] == [-0.5, 0.5]


def test_another_attribute_has_its_own_file(piq23):
    with pytest.raises(PiqaError, match=r"holds no Scores_Details\.csv: put the CSVs of PIQ23"):
        read_piq23(piq23, "details", "scene")


def test_a_missing_split_is_named(piq23):
    (piq23 / "Test split" / "Device Split.csv").unlink()
    with pytest.raises(PiqaError, match=r"holds no Device Split\.csv"):
        read_piq23(piq23, "overall", "device")


def test_a_missing_picture_is_named_with_its_line(piq23):
    for file in piq23.rglob("2_Indoor_Scene_1.JPG"):
        file.unlink()
    with pytest.raises(PiqaError, match=r"lacks the picture Overall/2_Indoor_Scene_1.JPG \(Sc.*3"):
        read_piq23(piq23, "overall", "scene")


def test_a_jod_that_is_no_number_is_named_with_its_line(piq23):
    write(piq23 / "Scores" / "Scores_Overall.csv", [SCORES[0], SCORES[1].replace("-0.5", "n/a")])
    with pytest.raises(PiqaError, match=r"Scores_Overall\.csv, line 2: JOD is 'n/a', not a number"):
        read_piq23(piq23, "overall", "scene")


def test_a_scene_without_a_split_is_named(piq23):
    write(piq23 / "Test split" / "Scene Split.csv", SCENES[:2])
    with pytest.raises(PiqaError, match="Indoor_Scene_12 is neither train nor test"):
        read_piq23(piq23, "overall", "scene")


def test_a_folder_that_is_none(tmp_path):
    with pytest.raises(PiqaError, match="nowhere is no folder: give the folder of PIQ23"):
        read_piq23(tmp_path / "nowhere", "overall", "scene")
