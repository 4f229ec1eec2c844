import io

import numpy as np
from PIL import Image
from skimage import data

from piqa_cli.train.simulation.contact_sheet import FAULTS, STEPS, contact_sheet


def test_every_fault_has_a_row_that_grows_worse(tmp_path):
    Image.fromarray(data.astronaut()[:320, 80:400]).save(tmp_path / "a.png")
    sheet = contact_sheet(tmp_path / "a.png")
    assert contact_sheet(tmp_path / "a.png") == sheet
    with Image.open(io.BytesIO(sheet)) as picture:
        pixels = np.asarray(picture.convert("L"), float)
    rows = np.split(pixels, len(FAULTS))
    assert rows[0].shape == (290, STEPS * 264 + 8)
    tiles = [rows[0][26:282, 8 + 264 * n : 264 * (n + 1)] for n in range(STEPS)]
    sharpness = [np.abs(np.diff(tile)).mean() for tile in tiles]  # the first row is defocus
    assert sharpness == sorted(sharpness, reverse=True)
    assert sharpness[-1] < 0.5 * sharpness[0]
