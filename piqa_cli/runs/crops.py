"""Crops of a capture's original pixels, which the viewer shows at 100 %: WebP without any loss.

The other pictures of a page are reduced and compressed, and hide what the models judge: grain,
blocks, halos. A crop's place follows from the capture's size and face alone, so no table needs
to hold it.
"""

from __future__ import annotations

import io
from collections.abc import Container, Mapping
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from piqa_cli.atomic import write_whole
from piqa_cli.records import Box
from piqa_cli.runs.pictures import picture_name

CropKind = Literal["facecrop", "cornercrop"]
CROP_KINDS: tuple[CropKind, ...] = get_args(CropKind)
CropBox = tuple[int, int, int, int]
CROP_SIDE_PX: Mapping[CropKind, int] = {"facecrop": 640, "cornercrop": 384}


def crop_boxes(face: Box | None, *, width: int, height: int) -> dict[CropKind, CropBox]:
    """Places of the crops: around the middle of the face, or of the picture; its upper left corner.

    Args:
        face: box in pixels of the upright original; None: no face.
        width: of the upright original, in pixels.
        height: of the same.

    Returns:
        (x0, y0, x1, y1) in pixels of the upright original.

    >>> crop_boxes(Box(3700.0, 1000.0, 3900.0, 1300.0), width=4000, height=3000)
    {'facecrop': (3360, 830, 4000, 1470), 'cornercrop': (0, 0, 384, 384)}
    """
    x, y = (width / 2, height / 2)
    if face is not None:
        x, y = (face.x0 + face.x1) / 2, (face.y0 + face.y1) / 2
    side, corner = CROP_SIDE_PX["facecrop"], CROP_SIDE_PX["cornercrop"]
    (x0, x1), (y0, y1) = _around(x, side, width), _around(y, side, height)
    return {
        "facecrop": (x0, y0, x1, y1),
        "cornercrop": (0, 0, min(corner, width), min(corner, height)),
    }


def _around(middle: float, side: int, length: int) -> tuple[int, int]:
    """Ends of a stretch of `side` around a place, moved to lie within 0..length."""
    side = min(side, length)
    start = min(max(round(middle - side / 2), 0), length - side)
    return start, start + side


def save_crop(
    pixels: NDArray[np.uint8], box: CropBox, sha256: str, folder: Path, kind: CropKind
) -> None:
    """Writes a crop, replacing an older one.

    Args:
        pixels: (height, width, 3) uint8 sRGB original pixels of the crop.
        box: its place in the upright original.
        sha256: of the capture's file.
        folder: the run's `pictures/`; made where it is missing.
        kind: which crop it is.

    Raises:
        OSError: the folder can't be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    # More effort takes three times as long and saves two hundredths of the bytes.
    Image.fromarray(pixels).save(buffer, "WEBP", lossless=True, quality=0, method=0, xmp=_note(box))
    write_whole(folder / picture_name(sha256, kind), buffer.getvalue())


def crops_are_current(sha256: str, folder: Path, boxes: Mapping[CropKind, CropBox]) -> bool:
    """True if all crops of a capture exist and show these places."""
    try:
        for kind, box in boxes.items():
            with Image.open(folder / picture_name(sha256, kind)) as shown:
                if shown.info.get("xmp") != _note(box):
                    return False
    except (OSError, SyntaxError):
        return False
    return True


def crops_bytes(sha256: str, folder: Path) -> int:
    """Bytes that the crops of a capture take."""
    files = (folder / picture_name(sha256, kind) for kind in CROP_KINDS)
    return sum(file.stat().st_size for file in files if file.is_file())


def drop_crops(folder: Path, keep: Container[str] = ()) -> None:
    """Removes all crops but those of these captures, named by the SHA-256 of their files."""
    for kind in CROP_KINDS:
        for file in sorted(folder.glob(f"*-{kind}.webp")):
            if file.stem.partition("-")[0] not in keep:
                file.unlink(missing_ok=True)


def _note(box: CropBox) -> bytes:
    """Metadata in a crop's picture: its place."""
    return "crop {} {} {} {}".format(*box).encode()
