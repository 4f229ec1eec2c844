from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageFilter

from piqa_cli.read.decode import Original
from piqa_cli.records import Box
from piqa_cli.score.differing import most_different

RNG = np.random.default_rng(5)
FACE = Box(500.0, 400.0, 700.0, 700.0)


def texture(size=(1200, 1200)) -> Image.Image:
    """Coarse patches under fine grain, so that both brightness and detail vary."""
    coarse = Image.fromarray(RNG.integers(40, 200, (12, 12), np.uint8)).resize(size)
    grain = RNG.normal(0, 12, size[::-1])
    return Image.fromarray(np.clip(np.asarray(coarse) + grain, 0, 255).astype(np.uint8))


def middle(place):
    return (place[0] + place[2]) / 2, (place[1] + place[3]) / 2


@pytest.mark.parametrize("change", ["brighter", "blurred"])
def test_the_place_that_was_changed_is_found_in_both(change):
    best = texture()
    own = best.point(lambda level: level * 0.8 + 10)  # another exposure of all of it is no place
    patch = own.crop((800, 800, 950, 950))
    if change == "brighter":
        own.paste(patch.point(lambda level: min(255, level + 60)), (800, 800))
    else:
        own.paste(patch.filter(ImageFilter.GaussianBlur(4)), (800, 800))
    places = most_different(Original(own, None), Original(best, None), FACE, FACE)
    for place in places:
        assert np.allclose(middle(place), (875, 875), atol=76)  # a block is 150 px


def test_faces_lie_on_one_another_at_the_scale_of_the_smaller_one():
    best = texture()
    own = best.copy()
    own.paste(20, (800, 200, 950, 350))
    large = own.resize((2400, 2400)).crop((200, 100, 2400, 2400))  # twice as large, and shifted
    face = Box(800.0, 700.0, 1200.0, 1300.0)  # where FACE is now
    mine, other = most_different(Original(large, None), Original(best, None), face, FACE)
    assert np.allclose(middle(other), (875, 275), atol=76)
    assert np.allclose(np.add(middle(mine), (200, 100)) / 2, middle(other), atol=2)
    assert (mine[2] - mine[0]) == pytest.approx(2 * (other[2] - other[0]), abs=2)


def test_without_a_face_whole_pictures_are_compared_whatever_their_size():
    best = texture()
    own = best.copy()
    own.paste(250, (400, 700, 550, 850))
    small = Original(own.resize((600, 600)), None)
    mine, other = most_different(small, Original(best, None), None, FACE)
    assert np.allclose(np.array(middle(mine)) * 2, middle(other), atol=4)
    assert np.allclose(middle(other), (475, 775), atol=76)


def test_pictures_that_are_alike_or_share_next_to_nothing_have_no_such_place():
    one = Original(texture(), None)
    assert most_different(one, one, FACE, FACE) is None
    tiny = Original(texture((200, 200)), None)
    assert most_different(tiny, one, None, None) is None
