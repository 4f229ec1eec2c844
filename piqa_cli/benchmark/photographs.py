"""Large JPEGs made from the sample set, the same at every call."""

from __future__ import annotations

import io
import math
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image

from piqa_cli.errors import PiqaError
from piqa_cli.processors import available_processors
from piqa_cli.resources import resource_dir

_DIFFERENT = 8  # pictures; the others are copies of them that differ in a comment
_GRAIN = 3.0  # standard deviation of the added noise, levels: makes files as large as a phone's
_QUALITY = 92
_SUFFIXES = (".jpg", ".png")


def make_photographs(folder: Path, count: int, *, megapixels: float) -> list[Path]:
    """Writes JPEGs (4:2:0, with grain) that are enlarged captures of the sample set.

    Args:
        folder: empty or missing.
        count: files to write; no two are equal, though only eight pictures are.
        megapixels: of every picture, with the aspect ratio of its capture.

    Raises:
        PiqaError: the folder can't be written.
    """
    captures = [
        file
        for file in sorted(resource_dir("sample_sets").rglob("*"))
        if file.suffix.lower() in _SUFFIXES
    ]
    chosen = captures[:: max(1, len(captures) // _DIFFERENT)][: min(count, _DIFFERENT)]

    def encoded(item: tuple[int, Path]) -> bytes:
        return _enlarged(item[1], megapixels, seed=item[0])

    files = [folder / f"{number:05}.jpg" for number in range(count)]
    with ThreadPoolExecutor(available_processors()) as threads:
        pictures = list(threads.map(encoded, enumerate(chosen)))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number, file in enumerate(files):
            file.write_bytes(_commented(pictures[number % len(pictures)], number))
    except OSError as error:
        raise PiqaError(f"{folder}: can't be written: {error.strerror or error}") from None
    return files


def _enlarged(file: Path, megapixels: float, *, seed: int) -> bytes:
    with Image.open(file) as opened:
        small = opened.convert("RGB")
    factor = math.sqrt(megapixels * 1e6 / (small.width * small.height))
    size = (round(small.width * factor), round(small.height * factor))
    pixels = np.asarray(small.resize(size, Image.Resampling.BICUBIC))
    grain = np.random.default_rng(seed).normal(0, _GRAIN, pixels.shape[:2]).astype(np.float32)
    noisy = np.clip(pixels + grain[..., None], 0, 255).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(noisy).save(buffer, "JPEG", quality=_QUALITY, subsampling="4:2:0")
    return buffer.getvalue()


def _commented(jpeg: bytes, number: int) -> bytes:
    """A JPEG with a comment of its own: equal files would share one score."""
    comment = f"photograph {number}".encode()
    return jpeg[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + jpeg[2:]
