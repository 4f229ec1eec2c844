"""A small picture with texture, its files, and what becomes of damaged ones."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from piqa_cli.errors import CaptureError
from piqa_cli.read.decode import read_photo

pillow_heif.register_heif_opener()


@pytest.fixture(scope="session")
def textured() -> Image.Image:
    """320 x 256: a slope of colours under noise, so that every part of a file is long."""
    y, x = np.mgrid[:256, :320]
    slope = np.stack([x * 0.7, y * 0.9, (x + y) * 0.4], axis=-1)
    noise = np.random.default_rng(5).normal(0, 12, (256, 320, 3))
    return Image.fromarray((slope + noise).clip(0, 255).astype(np.uint8))


def encoded(image: Image.Image, plugin: str, **options: object) -> bytes:
    """A picture as the bytes of a file."""
    stream = io.BytesIO()
    image.save(stream, format=plugin, **options)
    return stream.getvalue()


def with_zeros(data: bytes, start: float, end: float) -> bytes:
    """A copy with zeros between two shares of its length."""
    first, last = int(len(data) * start), int(len(data) * end)
    return data[:first] + bytes(last - first) + data[last:]


def with_noise(data: bytes, start: float, *, length: int = 40) -> bytes:
    """A copy with random bytes behind a share of its length."""
    first = int(len(data) * start)
    return data[:first] + random.Random(5).randbytes(length) + data[first + length :]


@pytest.fixture
def fault(tmp_path: Path) -> Callable[[bytes], str | None]:
    """Gives the reason why a file of these bytes is refused; None: it is read."""

    def reason(data: bytes) -> str | None:
        file = tmp_path / "capture"
        file.write_bytes(data)
        try:
            read_photo(file, working_side_px=None)
        except CaptureError as error:
            return error.reason if error.stage == "read" else f"at stage {error.stage}"
        return None

    return reason
