from __future__ import annotations

from pathlib import Path

import pytest

from piqa_cli.discover.scenes import read_scene_file
from piqa_cli.errors import PiqaError
from piqa_cli.records import Region

EYES = 'name = "eyes"\nto = "face"\nx0 = 0.1\ny0 = -0.2\nx1 = 1\ny1 = 0.5\n'


def read(folder: Path, text: str) -> tuple[Region, ...]:
    file = folder / "scene.toml"
    file.write_text(text, encoding="utf-8")
    return read_scene_file(file, "hall")[0].regions


def test_regions_stand_beside_the_texts_of_a_scene(tmp_path):
    wall = '[[region]]\nname = "wall"\nx0 = 0\ny0 = 0.25\nx1 = 0.5\ny1 = 1.0\n'
    assert read(tmp_path, f'title = "Hall"\n[[region]]\n{EYES}{wall}') == (
        Region("eyes", 0.1, -0.2, 1.0, 0.5, "face"),
        Region("wall", 0.0, 0.25, 0.5, 1.0, "frame"),
    )
    assert read(tmp_path, "title = 'Hall'") == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("region = 3", "a region stands under its own [[region]], with name, x0 y0 x1 y1"),
        (f"[region]\n{EYES}", "a region stands under its own [[region]]"),
        (f"[[region]]\n{EYES}[[region]]\n{EYES}", "two regions are called 'eyes'"),
        (f"[[region]]\n{EYES}".replace("eyes", " "), "a [[region]] needs a name"),
        (
            f"[[region]]\n{EYES}".replace("name", "nome"),
            "unknown key 'nome' in [[region]], did you",
        ),
        (f"[[region]]\n{EYES}".replace('"face"', '"frame"'), "region 'eyes': y0 must be a number"),
        (f"[[region]]\n{EYES}".replace("x1 = 1", "x1 = 0.1"), "region 'eyes' has no area"),
        (f"[[region]]\n{EYES}".replace("x1 = 1", "x1 = true"), "region 'eyes': x1 must be"),
        (f"[[region]]\n{EYES}".replace("x1 = 1", "x1 = nan"), "region 'eyes': x1 must be"),
        (f"[[region]]\n{EYES}".replace("face", "nose"), 'to must be "frame" or "face"'),
    ],
)
def test_a_region_that_is_none_is_named_with_its_file(tmp_path, text, message):
    with pytest.raises(PiqaError) as caught:
        read(tmp_path, text)
    assert str(caught.value).startswith(f"{tmp_path / 'scene.toml'}: ")
    assert message in str(caught.value)
