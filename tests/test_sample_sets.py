"""The sample set is what it says: files, EXIF, origin, and a truth that sharpness gets wrong."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from PIL import Image, ImageOps
from PIL.ExifTags import IFD, Base
from scipy import ndimage

from piqa_cli.formats import sniff_file
from piqa_cli.resources import resource_dir
from piqa_cli.train.simulation.severity import label_jod
from sample_sets import build

pillow_heif.register_heif_opener()
FOLDER = resource_dir("sample_sets") / "portraits-mini"
SET = build.load_set(FOLDER)
DEVICES = {device["name"]: device for device in SET["devices"]}
FILES = sorted(FOLDER.glob("*/*/*"))


def exif_ifd(file: Path) -> dict[int, object]:
    with Image.open(file) as picture:
        return dict(picture.getexif().get_ifd(IFD.Exif))


def sharpness(file: Path) -> float:
    with Image.open(file) as picture:
        grey = np.asarray(ImageOps.exif_transpose(picture).convert("L"), np.float64)
    return float(np.log(ndimage.laplace(grey).var()))


def test_holds_exactly_the_captures_of_its_description():
    special = SET["special"]
    named = {build.file_of(shot, heic=shot.name == special["heic"]) for shot in build.shots(SET)}
    assert {str(file.relative_to(FOLDER)) for file in FILES} == named
    assert len(FILES) == 38
    assert not (FOLDER / "cafe-table" / "halmeva-30").exists()


def test_weighs_three_to_five_megabytes():
    assert 3e6 <= sum(file.stat().st_size for file in FOLDER.rglob("*") if file.is_file()) <= 5e6


def test_pictures_keep_the_size_of_their_source_less_the_framing():
    sizes = {}
    for file in FILES:
        with Image.open(file) as picture:
            sizes.setdefault(file.parts[-3], set()).add(ImageOps.exif_transpose(picture).size)
    assert sizes == {
        "cafe-table": {(576, 384)},
        "doorway-close": {(553, 737)},
        "doorway-far": {(553, 737)},
        "evening-clock": {(553, 737)},
        "studio": {(492, 492)},
    }


def test_one_file_is_heic_and_the_rest_are_jpeg():
    kinds = {file.name: sniff_file(file) for file in FILES}
    assert [name for name, kind in kinds.items() if kind == "heic"] == ["IMG_0421.heic"]
    assert sum(kind == "jpeg" for kind in kinds.values()) == 37


def test_one_file_is_stored_on_its_side():
    turned = []
    for file in FILES:
        with Image.open(file) as picture:
            if picture.getexif()[Base.Orientation] != 1:
                turned.append((file.parts[-3:-1], picture.getexif()[Base.Orientation]))
    assert turned == [(("studio", "tolvika-t9"), 6)]


def test_the_turned_file_is_upright_once_its_tag_is_obeyed():
    first, second = sorted((FOLDER / "studio" / "tolvika-t9").iterdir())
    small = []
    for file in (first, second):
        with Image.open(file) as picture:
            upright = ImageOps.exif_transpose(picture).convert("L").resize((32, 32))
        small.append(np.asarray(upright, np.float64).ravel())
    assert np.corrcoef(small)[0, 1] > 0.9


def test_exif_tells_four_phones_and_their_exposure():
    phones = {}
    for file in FILES:
        with Image.open(file) as picture:
            exif = picture.getexif()
        phones.setdefault((exif[Base.Make], exif[Base.Model]), set()).add(file.parts[-2])
        taken = exif_ifd(file)
        assert 1 / 2000 < taken[Base.ExposureTime] <= 1 / 20, file
        assert 50 <= taken[Base.ISOSpeedRatings] <= 3200, file
        assert taken[Base.LensModel], file
        assert taken[Base.FocalLengthIn35mmFilm] in (24, 25, 26), file
        assert str(taken[Base.DateTimeOriginal]).startswith("2026:05:12 "), file
        assert exif[Base.Software], file
    assert phones == {
        ("Kestrin", "K2"): {"kestrin-k2"},
        ("TOLVIKA", "TVK-T911"): {"tolvika-t9"},
        ("Halmeva", "Halmeva 30"): {"halmeva-30"},
        ("Orvane", "ORV5-EU"): {"orvane-5"},
    }


@pytest.mark.parametrize("scene", SET["scenes"], ids=lambda scene: scene["name"])
def test_exif_exposure_agrees_with_the_light_of_the_scene(scene):
    for file in (FOLDER / scene["name"]).glob("*/*"):
        taken = exif_ifd(file)
        seconds, iso = float(taken[Base.ExposureTime]), float(taken[Base.ISOSpeedRatings])
        ev100 = np.log2(float(taken[Base.FNumber]) ** 2 / seconds * 100 / iso)
        bias = float(taken[Base.ExposureBiasValue])
        assert ev100 + bias == pytest.approx(scene["ev100"], abs=0.2), file


def test_stated_labels_are_those_of_the_cameras():
    assert build.wrong_labels(SET) == []


def test_a_wrong_label_is_named():
    wrong = {"devices": [{**DEVICES["orvane-5"], "label_jod": -1.0}]}
    assert build.wrong_labels(wrong) == ["orvane-5: label_jod is -1.0, its camera's is -2.37"]


def test_true_order_is_that_of_the_labels_with_gaps_of_a_third_to_four_fifths():
    labels = [label_jod(build.camera_of(DEVICES[name])) for name in SET["true_order"]]
    gaps = [better - worse for better, worse in itertools.pairwise(labels)]
    assert len(labels) == 4
    assert all(0.3 <= gap <= 0.8 for gap in gaps), gaps


@pytest.mark.parametrize("scene", SET["scenes"], ids=lambda scene: scene["name"])
def test_sharpness_puts_the_worst_device_first(scene):
    folders = [folder for folder in (FOLDER / scene["name"]).iterdir() if folder.is_dir()]
    mean = {d.name: np.mean([sharpness(file) for file in d.iterdir()]) for d in folders}
    assert max(mean, key=mean.get) == SET["oversharpened"] == SET["true_order"][-1]


def test_every_source_has_its_origin_author_and_licence():
    told = {s["name"]: (s["author"], s["licence"]) for s in SET["scenes"]}
    assert told == {
        "studio": ("NASA", "public domain"),
        "doorway-close": ("Lisa DeBruine", "CC0-1.0"),
        "doorway-far": ("Lisa DeBruine", "CC0-1.0"),
        "evening-clock": ("Lisa DeBruine", "CC0-1.0"),
        "cafe-table": ("Rachel Michetti", "CC0-1.0"),
    }
    assert all(s["origin"] and s["url"] and len(s["sha256"]) == 64 for s in SET["scenes"])


def test_every_scene_states_its_title_and_condition():
    conditions = {}
    for file in FOLDER.glob("*/scene.toml"):
        facts = build.tomllib.loads(file.read_text(encoding="utf-8"))
        assert facts["title"]
        conditions[file.parent.name] = facts["condition"]
    assert conditions == {
        "cafe-table": "Lowlight",
        "doorway-close": "Indoor",
        "doorway-far": "Indoor",
        "evening-clock": "Lowlight",
        "studio": "Indoor",
    }


@pytest.mark.parametrize("name", ["studio/orvane-5/1", "cafe-table/kestrin-k2/2"])
def test_building_again_gives_the_committed_picture(tmp_path, name):
    shot = next(shot for shot in build.shots(SET) if shot.name == name)
    source = {"studio": "skimage:astronaut", "cafe-table": "skimage:coffee"}[shot.scene["name"]]
    made = build.write_capture(tmp_path, shot, build.load_photo(source), SET["special"])
    with Image.open(made) as new, Image.open(FOLDER / made.relative_to(tmp_path)) as old:
        apart = np.abs(np.asarray(new, np.int16) - np.asarray(old, np.int16))
        assert new.info["exif"] == old.info["exif"]
    assert apart.mean() < 0.1  # not bytes: another processor may round a Fourier sum otherwise


def test_refuses_another_photograph_and_writes_nothing(tmp_path, capsys):
    (tmp_path / "sample_set.toml").write_bytes((FOLDER / "sample_set.toml").read_bytes())
    with pytest.raises(SystemExit, match="2"):
        build.main([str(tmp_path), "studio=skimage:coffee"])
    assert "skimage:coffee is another photograph than the set's" in capsys.readouterr().err
    assert [file.name for file in tmp_path.iterdir()] == ["sample_set.toml"]


def test_the_model_that_ships_ranks_the_devices_in_their_true_order(piqa, tmp_path):
    result = piqa("rank", FOLDER, "-o", tmp_path / "run", "--json")
    assert result.exit_code == 0, result.output
    summary = json.loads(result.stdout)
    assert summary["counts"]["ok"] == 38
    overall = [row for row in summary["device_ranks"] if row["condition"] is None]
    assert [row["device"] for row in overall] == SET["true_order"]
    assert overall[-1]["device"] == SET["oversharpened"]  # which sharpness puts first
