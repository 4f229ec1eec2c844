"""Finds faces in captures without a given face; one detector a process."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from piqa_cli.train.photographs import FaceBox, load_clean, scaled

if TYPE_CHECKING:
    from piqa_cli.face.detect import FaceDetector

FaceSource = FaceBox | Literal["find"] | None
"""A box, no face, or `find` to look for one."""


def find_face(pixels: NDArray[np.uint8]) -> FaceBox | None:
    """The most confident face in (H, W, 3) uint8 pixels, or None."""
    box = _detector().detect(pixels).box
    return None if box is None else (box.x0, box.y0, box.x1, box.y1)


def face_in(pixels: NDArray[np.uint8], face: FaceSource, *, factor: float = 1.0) -> FaceBox | None:
    """A face in pixels of a picture.

    Args:
        pixels: (H, W, 3) uint8, searched for a face if `face` demands it.
        face: its box in pixels of the file.
        factor: width of the picture against that of the file.
    """
    return find_face(pixels) if face == "find" else scaled(face, factor)


def load_with_face(file: Path, face: FaceSource) -> tuple[NDArray[np.uint8], FaceBox | None]:
    """A clean photograph, see `load_clean`, and the face in its pixels; `face` as in `face_in`.

    Raises:
        PiqaError: the file is no readable picture.
    """
    clean = load_clean(file)
    with Image.open(file) as picture:
        return clean, face_in(clean, face, factor=clean.shape[1] / picture.width)


@cache
def _detector() -> FaceDetector:
    from piqa_cli.face.detect import FaceDetector  # seconds to import

    return FaceDetector()
