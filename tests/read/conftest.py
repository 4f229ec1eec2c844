"""Small real pictures, built here in every format that piqa-cli reads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from piqa_cli.read.decode import read_photo
from piqa_cli.records import Photo

pillow_heif.register_heif_opener()

# Settings at which a picture of flat squares comes back almost unchanged.
CLEAN: dict[str, tuple[str, dict[str, Any]]] = {
    "jpeg": ("JPEG", {"quality": 98, "subsampling": 0}),
    "png": ("PNG", {}),
    "tiff": ("TIFF", {}),
    "webp": ("WEBP", {"lossless": True}),
    "heic": ("HEIF", {"quality": -1, "chroma": 444}),
    "avif": ("AVIF", {"quality": 100, "subsampling": "4:4:4"}),
}

Save = Callable[..., Path]


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Saves a picture in a format at its cleanest and gives the file."""

    def save_as(image: Image.Image, kind: str, **options: Any) -> Path:
        plugin, clean = CLEAN[kind]
        file = tmp_path / f"picture.{kind}"
        image.save(file, format=plugin, **(clean | options))
        return file

    return save_as


@pytest.fixture
def read() -> Callable[[Path], Photo]:
    return lambda file: read_photo(file, working_side_px=None)


@pytest.fixture
def squares() -> Image.Image:
    """64 x 48: red, green, blue and white quarters, so that every turn shows."""
    pixels = np.zeros((48, 64, 3), np.uint8)
    pixels[:24, :32] = (220, 30, 30)
    pixels[:24, 32:] = (30, 200, 30)
    pixels[24:, :32] = (30, 30, 210)
    pixels[24:, 32:] = (240, 240, 240)
    return Image.fromarray(pixels)
