from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from piqa_cli.formats import FORMATS

pixels_of = FORMATS["jpeg"].pixels


def jpeg(mode: str = "RGB", **options: object) -> bytes:
    noise = np.random.default_rng(0).integers(0, 256, (61, 83, 3), np.uint8)
    stream = io.BytesIO()
    smooth = Image.fromarray(noise).resize((517, 389), Image.Resampling.BICUBIC)
    smooth.convert(mode).save(stream, "JPEG", **options)
    return stream.getvalue()


@pytest.mark.parametrize("mode", ["RGB", "L"])
@pytest.mark.parametrize(
    "options",
    [
        {"subsampling": 0},
        {"subsampling": 1, "quality": 40},
        {"subsampling": 2, "progressive": True},
        {"restart_marker_blocks": 3},
    ],
)
def test_pixels_are_pillows_to_the_bit(mode, options):
    data = jpeg(mode, **options)
    image = Image.open(io.BytesIO(data))
    found = pixels_of(image, data)
    assert found is not None
    assert np.array_equal(found, np.asarray(image))


def test_cmyk_and_faults_are_left_to_pillow():
    cmyk, short = jpeg("CMYK"), jpeg()[:-500]
    for data in (cmyk, short):
        assert pixels_of(Image.open(io.BytesIO(data)), data) is None
