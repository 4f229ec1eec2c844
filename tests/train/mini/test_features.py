from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from piqa_cli.errors import PiqaError
from piqa_cli.train.mini.features import Maps, frozen_maps, read_views
from piqa_cli.train.mini.ratings import Rated, read_ratings
from piqa_cli.train.mini.steps import all_features

COUNT = 3


@pytest.fixture(scope="module")
def rows(rated):
    return read_ratings(rated).rows[4 : 4 + COUNT]  # the last two of a scene, the first of another


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("features")


@pytest.fixture(scope="module")
def maps(rows, cache):
    return frozen_maps(rows, cache, start="imagenet", quiet=True)


@pytest.fixture(scope="module")
def direct(network, rows):
    """Features of the whole network in these pictures; both ends of a square one are equal."""
    views = [read_views(row) for row in rows]
    inputs = {name: torch.from_numpy(np.stack([one[name] for one in views])) for name in views[0]}
    with torch.inference_mode():
        return network.features(inputs)[0]


def test_maps_have_their_shapes(maps):
    assert maps.whole.shape == (COUNT, 40, 48, 48)
    assert maps.face.shape == (COUNT, 40, 28, 28)
    assert {maps.whole.dtype, maps.face.dtype} == {torch.float16}
    assert maps.early.shape == (COUNT, 2, 160)


def test_features_at_the_start_are_those_of_the_network(maps, direct):
    assert torch.allclose(maps.start, direct, atol=1e-4)


def test_the_trained_stages_go_on_from_the_maps(network, maps, direct):
    found = all_features(network, maps, torch.arange(COUNT))
    assert not found.requires_grad
    assert torch.allclose(found, direct, atol=0.02)  # maps are kept in half precision


def test_maps_are_computed_once(rows, cache, maps):
    def stamps():
        return {file.name: file.stat().st_mtime_ns for file in cache.iterdir()}

    before = stamps()
    again = frozen_maps(rows, cache, start="imagenet", quiet=True)
    assert stamps() == before
    assert len(before) == 1
    assert all(torch.equal(getattr(again, n), getattr(maps, n)) for n in Maps.__slots__)


def test_what_maps_depend_on_makes_new_ones(rows, cache, maps):
    with_face = [replace(rows[0], face=(10.0, 10.0, 60.0, 60.0))]
    found = frozen_maps(with_face, cache, start="imagenet", quiet=True)
    assert torch.allclose(found.whole[0], maps.whole[0], atol=0.01)
    assert not torch.allclose(found.face[0], maps.face[0], atol=0.01)


def test_training_sees_one_end_the_same_in_all_captures_of_a_scene(tmp_path, cache, network):
    picture = np.random.default_rng(0).integers(0, 256, (90, 160, 3), np.uint8)
    Image.fromarray(picture).save(tmp_path / "a.png")
    scenes = [Rated(tmp_path / "a.png", scene, 0.0, face=None) for scene in ("0", "0", "1", "3")]
    found = frozen_maps(scenes, cache, start="imagenet", quiet=True).whole
    assert torch.equal(found[0], found[1])
    ends = torch.from_numpy(read_views(scenes[0])["whole"])
    with torch.inference_mode():
        wanted = network.backbone.lower(ends, 3)[0].half()
    seen = [[torch.allclose(one, end, atol=0.01) for end in wanted] for one in found]
    assert seen == [[False, True]] * 3 + [[True, False]]


def test_maps_of_some_rows(maps):
    some = maps.part([2, 0])
    assert torch.equal(some.start, maps.start[[2, 0]])
    joined = Maps.joined([some, maps.part([1])])
    assert torch.equal(joined.face, maps.face[[2, 0, 1]])


def test_a_face_box_is_in_pixels_of_the_file_however_large_it_is(tmp_path):
    picture = np.zeros((2700, 2700, 3), np.uint8)
    picture[1800:2000, 400:600] = 255
    Image.fromarray(picture).save(tmp_path / "large.png")
    face = read_views(Rated(tmp_path / "large.png", "s", 0.0, face=(400, 1800, 600, 2000)))["face"]
    assert (face > 127).mean() == pytest.approx(1 / 1.6**2, abs=0.02)


def test_a_picture_that_cannot_be_read_is_named(tmp_path, cache):
    (tmp_path / "bad.png").write_bytes(b"no picture")
    row = Rated(tmp_path / "bad.png", "s", 0.0, face=None)
    with pytest.raises(PiqaError, match=r"can't read .*bad\.png"):
        frozen_maps([row], cache, start="imagenet", quiet=True)
