"""The pictures that the pages show: WebP without the camera's metadata, made where files are read.

Named by the SHA-256 of the capture's file, so equal files share one picture; where such files have
several faces, as in two scenes, the others are named by their box too. `docs/report.md` says
what they cost; WebP at method 1 takes a third of the default method 4 and is no larger, method 0 a
quarter.
"""

from __future__ import annotations

import hashlib
import io
import math
import re
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from piqa_cli.atomic import write_whole
from piqa_cli.records import Box
from piqa_cli.records.capture_row import ScoredRow
from piqa_cli.runs.differing import Difference, difference_in, note_of
from piqa_cli.settings import Pictures

PictureKind = Literal["320", "full", "face", "facecrop", "cornercrop", "differscrop", "bestcrop"]
KINDS: dict[Pictures, tuple[PictureKind, ...]] = {
    "none": (),
    "small": ("320", "face"),
    "full": ("320", "face", "full", "facecrop", "cornercrop", "differscrop", "bestcrop"),
}

THUMB_SIDE_PX = 320  # longer side
FACE_SIDE_PX = 256
FACE_GROWTH = 1.5  # ratio of the shown square's side to the longer side of the detector's box
_QUALITY = 80
_METHOD = 1
_FULL_METHOD = 0  # a fifth less time than method 1 for 8 % more bytes, at equal PSNR
_REDUCING_GAP = 1.2  # plain means first, down to this many times the wanted size
_WEBP_MAX_SIDE_PX = 16383  # limit of the format


_NAME = re.compile(
    r"(?P<sha256>[0-9a-f]+)-(?P<kind>320|full|(?:face|corner|differs|best)crop|face)"
    r"(?P<label>[0-9a-f]*)"
)


def picture_name(sha256: str, kind: PictureKind, label: str = "") -> str:
    """The file name of a capture's picture within `pictures/`.

    Args:
        sha256: of the capture's file.
        kind: of picture.
        label: of a face that isn't the first of its file, see `face_labels`; of a crop's face, see
            `face_label`; or of a difference, see `differing.difference_label`.
    """
    return f"{sha256}-{kind}{label}.webp"


def face_label(box: Box) -> str:
    """Label of a face by its place, in pixels of the upright original."""
    return hashlib.sha256(_face_note(box)).hexdigest()[:8]


def face_labels(faces: Iterable[tuple[str, Box]]) -> dict[tuple[str, Box], str]:
    """Labels of faces; only where one file has several, and empty for one of these.

    Args:
        faces: SHA-256 of each capture's file, and the box in pixels of the upright original.
    """
    by_file: defaultdict[str, set[Box]] = defaultdict(set)
    for sha256, box in faces:
        by_file[sha256].add(box)
    return {
        (sha256, box): face_label(box) if place else ""
        for sha256, boxes in by_file.items()
        for place, box in enumerate(sorted(boxes, key=face_label))
    }


@dataclass(frozen=True, slots=True)
class PictureFolder:
    """Folder of a run's pictures, with or without the full working pixels.

    Attributes:
        path: the run's `pictures/`; made where it is missing.
        full: False: thumbnails and faces alone.
        crops_mb: how much crops of the original pixels may take, in millions of bytes.
    """

    path: Path
    full: bool = True
    crops_mb: float = 0.0

    @classmethod
    def wanted(cls, path: Path, detail: Pictures, crops_mb: float = 0.0) -> PictureFolder | None:
        """The folder for this detail of pictures; None: the run keeps no pictures."""
        full = detail == "full"
        return None if detail == "none" else cls(path, full, crops_mb if full else 0.0)


@dataclass(frozen=True, slots=True)
class PictureSource:
    """Pictures that a run has, of those that pages may show.

    Attributes:
        names: their files in `pictures/`.
        detail: kinds that pages may show; with `none` they list captures and miss no picture.
        portable: True if pages find them in `report/` itself, not beside it.
        above: the way from the run's folder to the one that holds the pictures.
        differences: what crops of the kind `differscrop` show, by file name.
    """

    names: frozenset[str]
    detail: Pictures = "full"
    portable: bool = False
    above: str = ""
    differences: Mapping[str, Difference] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """The folder of the pictures, seen from `report/`."""
        return "pictures/" if self.portable else f"../{self.above}pictures/"

    @classmethod
    def in_folder(
        cls, folder: Path, detail: Pictures = "full", *, crops: bool = True
    ) -> PictureSource:
        """Looks once, so that a page needn't ask for every picture.

        Args:
            folder: the run's `pictures/`.
            detail: kinds that pages may show.
            crops: False: not the crops of the original pixels.
        """
        wanted = {kind for kind in KINDS[detail] if crops or not kind.endswith("crop")}
        named = ((file.name, _NAME.fullmatch(file.stem)) for file in folder.glob("*.webp"))
        kinds = {name: m["kind"] for name, m in named if m and m["kind"] in wanted}
        differing = sorted(name for name, kind in kinds.items() if kind == "differscrop")
        notes = ((name, difference_in(note_of(folder / name))) for name in differing)
        return cls(
            frozenset(kinds),
            detail,
            differences={name: difference for name, difference in notes if difference},
        )

    @property
    def bare(self) -> bool:
        """True if pages show no picture at all: they list the captures instead."""
        return self.detail == "none"

    def of(self, sha256: str | None, kind: PictureKind, label: str = "") -> str | None:
        """The file name of a capture's picture, see `picture_name`; None where there is none."""
        if sha256 is None:
            return None
        name = picture_name(sha256, kind, label)
        return name if name in self.names else None

    def face_of(self, row: ScoredRow) -> str | None:
        """The file name of the picture of a capture's face; None where there is none."""
        if row.no_face:
            return None
        if row.face_box is not None:
            own = self.of(row.sha256, "face", face_label(row.face_box))
            if own is not None:
                return own
        return self.of(row.sha256, "face")


def pictures_are_current(
    sha256: str,
    folder: Path,
    *,
    size_px: tuple[int, int],
    face: Box | None,
    label: str = "",
    full: bool = True,
) -> bool:
    """True if all pictures of a capture exist, with this size and this face.

    Args:
        sha256: of the capture's file.
        folder: the run's `pictures/`.
        size_px: width and height of the working pixels, which an earlier run may have had smaller.
        face: box in working pixels, which another rule or manifest may have put elsewhere.
        label: of the face; see `face_labels`.
        full: False: the thumbnail and the face will do.
    """
    sides: dict[PictureKind, int] = {"320": THUMB_SIDE_PX}
    if full:
        sides["full"] = _WEBP_MAX_SIDE_PX
    try:
        for kind, side_px in sides.items():
            with Image.open(folder / picture_name(sha256, kind)) as shown:
                if shown.size != _fitted(size_px, side_px):
                    return False
        if face is None:
            return True
        with Image.open(folder / picture_name(sha256, "face", label)) as shown:
            return shown.info.get("xmp") == _face_note(face)
    except (OSError, SyntaxError):
        return False


def _face_note(box: Box) -> bytes:
    """Metadata in a face's picture: the box that it shows."""
    return f"face {box.x0:.2f} {box.y0:.2f} {box.x1:.2f} {box.y1:.2f}".encode()


def save_pictures(
    pixels: NDArray[np.uint8], sha256: str, folder: Path, *, full: bool = True
) -> None:
    """Writes the thumbnail (longer side 320) and the full picture, unless they are there.

    Args:
        pixels: (height, width, 3) uint8 sRGB working pixels.
        sha256: of the capture's file.
        folder: the run's `pictures/`; made where it is missing.
        full: False: the thumbnail alone.

    Raises:
        OSError: the folder can't be written.
    """
    image = Image.fromarray(pixels)
    if pictures_are_current(sha256, folder, size_px=image.size, face=None, full=full):
        return
    folder.mkdir(parents=True, exist_ok=True)
    if full:
        shown = _within(image, _WEBP_MAX_SIDE_PX)
        _save(shown, folder / picture_name(sha256, "full"), method=_FULL_METHOD)
    _save(_within(image, THUMB_SIDE_PX), folder / picture_name(sha256, "320"))


def save_face(
    pixels: NDArray[np.uint8], box: Box, sha256: str, folder: Path, *, label: str = ""
) -> None:
    """Writes the face as a square of 256 px, replacing an older one (the box may have changed).

    Args:
        pixels: (height, width, 3) uint8 sRGB working pixels.
        box: the detector's box in pixels of `pixels`, before any growing.
        sha256: of the capture's file.
        folder: the run's `pictures/`; made where it is missing.
        label: of the face; see `face_labels`.

    Raises:
        OSError: the folder can't be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    square = shown_square(box, width=pixels.shape[1], height=pixels.shape[0])
    left, top = math.floor(square[0]), math.floor(square[1])
    part = Image.fromarray(pixels[top : math.ceil(square[3]), left : math.ceil(square[2])])
    within = square[0] - left, square[1] - top, square[2] - left, square[3] - top
    side = (FACE_SIDE_PX, FACE_SIDE_PX)
    face = part.resize(side, Image.Resampling.LANCZOS, box=within, reducing_gap=_REDUCING_GAP)
    _save(face, folder / picture_name(sha256, "face", label), note=_face_note(box))


def prune_pictures(
    folder: Path,
    keep: Container[str],
    detail: Pictures = "full",
    *,
    faces: Iterable[tuple[str, Box]] = (),
) -> None:
    """Removes the pictures of captures that are no longer in the run, and kinds it has no use for.

    Args:
        folder: the run's `pictures/`.
        keep: SHA-256 of the captures' files.
        detail: which pictures the run keeps.
        faces: see `face_labels`; faces and their crops with labels of others are removed.
    """
    labelled = face_labels(faces)
    labels = {("face", sha256, label) for (sha256, _), label in labelled.items()}
    labels |= {("facecrop", sha256, face_label(box)) for sha256, box in labelled}
    for file in sorted(folder.glob("*.webp")):
        named = _NAME.fullmatch(file.stem)
        if named is None:
            continue
        sha256, kind, label = named["sha256"], named["kind"], named["label"]
        of_a_face = bool(label) and kind in ("face", "facecrop")
        is_other = of_a_face and (kind, sha256, label) not in labels
        if sha256 not in keep or kind not in KINDS[detail] or is_other:
            file.unlink(missing_ok=True)


def shown_square(box: Box, *, width: int, height: int) -> tuple[float, float, float, float]:
    """The square around a face that pages show: grown by half, moved to lie within the picture.

    Returns:
        (x0, y0, x1, y1) in pixels; sides equal unless rounding makes them differ.
    """
    side = min(FACE_GROWTH * max(box.x1 - box.x0, box.y1 - box.y0, 1.0), width, height)
    x0 = min(max((box.x0 + box.x1 - side) / 2, 0.0), width - side)
    y0 = min(max((box.y0 + box.y1 - side) / 2, 0.0), height - side)
    return x0, y0, min(x0 + side, width), min(y0 + side, height)


def _within(image: Image.Image, side_px: int) -> Image.Image:
    """The picture with its longer side at most `side_px`."""
    size = _fitted(image.size, side_px)
    if size == image.size:
        return image
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=_REDUCING_GAP)


def _fitted(size: tuple[int, int], side_px: int) -> tuple[int, int]:
    """Width and height, reduced so that the longer side is at most `side_px`."""
    longer = max(size)
    if longer <= side_px:
        return size
    width, height = (max(1, round(side * side_px / longer)) for side in size)
    return width, height


def _save(image: Image.Image, file: Path, *, method: int = _METHOD, note: bytes = b"") -> None:
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", quality=_QUALITY, method=method, xmp=note)
    write_whole(file, buffer.getvalue())
