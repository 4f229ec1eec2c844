"""Crops of a capture's original pixels, which the viewer shows at 100 %: WebP without any loss.

The other pictures of a page are reduced and compressed, and hide what the models judge: grain,
blocks, halos. The places of two crops follow from the capture's size and face alone, so no table
needs to hold them; `differing` says where the others lie.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from piqa_cli.atomic import write_whole
from piqa_cli.records import Box
from piqa_cli.runs.differing import Compared, difference_label, is_of_comparison, note_of
from piqa_cli.runs.pictures import PictureKind, face_label, picture_name

CropKind = Literal["facecrop", "cornercrop"]
CROP_KINDS: tuple[CropKind, ...] = get_args(CropKind)
DifferenceKind = Literal["differscrop", "bestcrop"]
DIFFERENCE_KINDS: tuple[DifferenceKind, ...] = get_args(DifferenceKind)
CropBox = tuple[int, int, int, int]
CROP_SIDE_PX: Mapping[CropKind, int] = {"facecrop": 640, "cornercrop": 384}


@dataclass(frozen=True, slots=True)
class Crops:
    """The crops of one capture in one scene.

    Attributes:
        sha256: of the capture's file.
        face: box in pixels of the upright original; None: no face.
        boxes: places of its face and its corner.
        scene: that it is looked at in.
        best: the scene's best capture; None: the same device took it.
    """

    sha256: str
    face: Box | None
    boxes: Mapping[CropKind, CropBox]
    scene: str
    best: Compared | None = None

    @property
    def names(self) -> dict[PictureKind, str]:
        """File names by kind; those of the difference, too, which may lie nowhere."""
        names: dict[PictureKind, str] = {
            kind: picture_name(self.sha256, kind, crop_label(kind, self.face))
            for kind in CROP_KINDS
        }
        label = difference_label(self.scene, self.face)
        if self.best is not None:
            names |= {kind: picture_name(self.sha256, kind, label) for kind in DIFFERENCE_KINDS}
        return names

    def are_current(self, folder: Path) -> bool:
        """True if all exist, show these places, and were compared with this best capture."""
        names = self.names
        if any(
            note_of(folder / names[kind]) != place_note(box) for kind, box in self.boxes.items()
        ):
            return False
        if self.best is None:
            return True
        notes = [note_of(folder / names[kind]) for kind in DIFFERENCE_KINDS]
        return notes[0] == notes[1] and is_of_comparison(notes[0], self.face, self.best)


def crop_label(kind: CropKind, face: Box | None) -> str:
    """Label in the name of a crop: a file may be looked at for several faces."""
    return face_label(face) if kind == "facecrop" and face is not None else ""


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
    (x0, x1), (y0, y1) = around(x, side, width), around(y, side, height)
    return {
        "facecrop": (x0, y0, x1, y1),
        "cornercrop": (0, 0, min(corner, width), min(corner, height)),
    }


def around(middle: float, side: int, length: int) -> tuple[int, int]:
    """Ends of a stretch of `side` around a place, moved to lie within 0..length."""
    side = min(side, length)
    start = min(max(round(middle - side / 2), 0), length - side)
    return start, start + side


def save_crop(pixels: NDArray[np.uint8], file: Path, note: bytes) -> None:
    """Writes a crop, replacing an older one.

    Args:
        pixels: (height, width, 3) uint8 sRGB original pixels of the crop.
        file: in the run's `pictures/`, which is made where it is missing.
        note: its place, see `place_note`.

    Raises:
        OSError: the folder can't be written.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    # More effort takes three times as long and saves two hundredths of the bytes.
    Image.fromarray(pixels).save(buffer, "WEBP", lossless=True, quality=0, method=0, xmp=note)
    write_whole(file, buffer.getvalue())


def drop_crops(folder: Path, keep: Collection[str] = ()) -> None:
    """Removes all crops but those of these file names."""
    for file in sorted(folder.glob("*-*crop*.webp")):
        if file.name not in keep:
            file.unlink(missing_ok=True)


def place_note(box: CropBox) -> str:
    """Metadata in a crop's picture: its place."""
    return "crop {} {} {} {}".format(*box)
