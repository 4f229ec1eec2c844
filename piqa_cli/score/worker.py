"""What decode workers run, in processes of their own that import no torch."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from piqa_cli.face.boxes import to_working
from piqa_cli.read.decode import read_photo
from piqa_cli.records import Box, Photo
from piqa_cli.write.pictures import save_face, save_pictures


@dataclass(frozen=True, slots=True)
class ReadDone:
    """A photograph that was read, with the seconds that reading and picture making took."""

    photo: Photo
    read_s: float
    pictures_s: float


def read_capture(file: Path, working_side_px: int | None, pictures: Path | None) -> ReadDone:
    """Reads one file and, where a folder is given, makes the pages' pictures of it.

    Raises:
        CaptureError: the file is no readable picture.
    """
    start = time.perf_counter()
    photo = read_photo(file, working_side_px=working_side_px)
    read = time.perf_counter()
    if pictures is not None:
        save_pictures(photo.pixels, photo.facts.sha256, pictures)
    return ReadDone(photo, read - start, time.perf_counter() - read)


def remake_pictures(
    file: Path, working_side_px: int | None, pictures: Path, face: Box | None
) -> None:
    """Makes the pictures of a capture whose score is already known; `face` in original pixels."""
    photo = read_capture(file, working_side_px, pictures).photo
    if face is not None:
        save_face(photo.pixels, Box(*to_working(face, photo.facts)), photo.facts.sha256, pictures)
