"""Folders of clean photographs: which are held out for the test, where their faces are."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from piqa_cli.errors import PiqaError
from piqa_cli.formats import PICTURE_SUFFIXES

FaceBox = tuple[float, float, float, float]

_DEMO_PREFIX = (
    "lisa_"  # the photographs that sample_sets is made of are neither trained on nor judged
)
_NEAR_FACE = 0.15  # share of the shorter side; a face this high makes a portrait
_LONGEST_SIDE_PX = 768  # clean photographs are reduced to it before they are degraded


def list_photographs(folder: Path) -> list[Path]:
    """The picture files directly in a folder, in order of their names.

    Raises:
        PiqaError: no such folder, or no picture in it.
    """
    if not folder.is_dir():
        raise PiqaError(f"no folder of photographs at {folder}: name an existing folder")
    found = sorted(
        file
        for file in folder.iterdir()
        if file.suffix.lower() in PICTURE_SUFFIXES and not file.name.startswith((".", _DEMO_PREFIX))
    )
    if not found:
        raise PiqaError(f"no photographs in {folder}: it needs JPEG, PNG, TIFF or WebP files")
    return found


def by_hash(names: Iterable[str]) -> list[str]:
    """File names in the order of their SHA-256: a shuffle that anybody can repeat."""
    return sorted(names, key=lambda name: hashlib.sha256(name.encode()).hexdigest())


def load_clean(file: Path) -> NDArray[np.uint8]:
    """(H, W, 3) uint8 pixels of a clean photograph, longer side at most 768 px.

    Raises:
        PiqaError: the file is no readable picture.
    """
    picture = Image.fromarray(read_photograph(file))
    picture.thumbnail((_LONGEST_SIDE_PX, _LONGEST_SIDE_PX), Image.Resampling.BICUBIC)
    return np.asarray(picture)


def read_photograph(file: Path) -> NDArray[np.uint8]:
    """(H, W, 3) uint8 pixels of a photograph at full size.

    Raises:
        PiqaError: the file is no readable picture.
    """
    try:
        with Image.open(file) as picture:
            return np.asarray(picture.convert("RGB"))
    except (OSError, Image.DecompressionBombError) as error:
        raise PiqaError(f"can't read the photograph {file}: {error}") from error


def face_boxes(folder: Path) -> dict[str, FaceBox | None]:
    """Face boxes by file name, from `manifest.csv` in the folder where there is one.

    Its column `face_box` holds `x0 y0 x1 y1` in pixels of the file, blank where there is no face.

    Raises:
        PiqaError: a face box isn't four numbers.
    """
    manifest = folder / "manifest.csv"
    if not manifest.is_file():
        return {}
    with manifest.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return {row["file"]: _box(row.get("face_box") or "", manifest) for row in rows}


def is_portrait(face: FaceBox | None, size: tuple[int, ...]) -> bool:
    """True where somebody is near in a picture of (height, width, ...)."""
    return face is not None and face[3] - face[1] >= _NEAR_FACE * min(size[:2])


def scaled(face: FaceBox | None, factor: float) -> FaceBox | None:
    """A face in the pixels of a picture that is `factor` times as large."""
    if face is None:
        return None
    x0, y0, x1, y1 = (value * factor for value in face)
    return x0, y0, x1, y1


def _box(text: str, manifest: Path) -> FaceBox | None:
    if not text.strip():
        return None
    try:
        x0, y0, x1, y1 = (float(part) for part in text.split())
    except ValueError as error:
        message = f"{manifest}: face_box {text!r} is not four numbers `x0 y0 x1 y1`"
        raise PiqaError(message) from error
    return x0, y0, x1, y1
