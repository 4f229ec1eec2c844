"""A capture's file becomes a photograph and the pages' pictures."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, replace
from pathlib import Path

from piqa_cli.errors import CaptureError
from piqa_cli.face.boxes import to_working
from piqa_cli.read.decode import Original, read_exif_again, read_original, read_photo
from piqa_cli.read.library_messages import library_messages
from piqa_cli.records import Box, Exif, Photo
from piqa_cli.remote import AnyPath
from piqa_cli.runs.crops import Crops, place_note, save_crop
from piqa_cli.runs.differing import Compared, Difference, difference_note
from piqa_cli.runs.pictures import PictureFolder, save_face, save_pictures
from piqa_cli.score.differing import most_different
from piqa_cli.settings import Damaged

_ONE_PIXEL = (0, 0, 1, 1)


@dataclass(frozen=True, slots=True)
class ReadDone:
    """A photograph that was read, with the seconds that reading and picture making took.

    `pictures_error` says why the pages' pictures couldn't be written; that costs no score.
    """

    photo: Photo
    read_s: float
    pictures_s: float
    pictures_error: str | None = None


def read_capture(
    file: AnyPath,
    working_side_px: int | None,
    pictures: PictureFolder | None,
    *,
    damaged: Damaged = "refuse",
    judged: bool = False,
) -> ReadDone:
    """Reads one file and, where a folder is given, makes the pages' pictures of it.

    Args:
        file: the capture.
        working_side_px: shorter side that larger captures are reduced to; None: never reduced.
        pictures: which pictures the run keeps, and where; None: none.
        damaged: see `read_photo`.
        judged: likewise.

    Raises:
        CaptureError: the file is no readable picture.
    """
    start = time.perf_counter()
    photo = _with_hash(_read(file, working_side_px, damaged, judged=judged))
    read = time.perf_counter()
    error = None if pictures is None else _save(photo, pictures)
    return ReadDone(photo, read - start, time.perf_counter() - read, error)


def _with_hash(photo: Photo) -> Photo:
    """The photograph with the hash of its pixels: of two files with equal ones only one counts."""
    digest = hashlib.sha256(repr(photo.pixels.shape).encode())
    digest.update(photo.pixels.data)
    return replace(photo, facts=replace(photo.facts, pixels_sha256=digest.hexdigest()))


def renew_exif(file: AnyPath) -> Exif:
    """Reads the EXIF of a capture whose score is known.

    Raises:
        CaptureError: the file is no readable picture any more.
    """
    with library_messages():  # those of the picture are kept with its score
        return read_exif_again(file)


def remake_pictures(
    file: AnyPath,
    working_side_px: int | None,
    pictures: PictureFolder,
    face: Box | None,
    *,
    label: str = "",
    damaged: Damaged = "refuse",
) -> str | None:
    """Makes the pictures of a capture whose score is known; returns why that failed.

    Args:
        file: the capture.
        working_side_px: as it was scored.
        pictures: which pictures the run keeps, and where.
        face: box in pixels of the upright original; None: no face.
        label: of the face; see `face_labels`.
        damaged: as it was scored.

    Raises:
        CaptureError: the file is no readable picture any more.
    """
    done = read_capture(file, working_side_px, pictures, damaged=damaged, judged=True)
    if face is None or done.pictures_error is not None:
        return done.pictures_error
    return keep_face(done.photo, face, pictures, label=label)


def keep_face(photo: Photo, face: Box, pictures: PictureFolder, *, label: str = "") -> str | None:
    """Saves the face's picture; returns why it couldn't be written. `face` in original pixels."""
    box = Box(*to_working(face, photo.facts))
    try:
        save_face(photo.pixels, box, photo.facts.sha256, pictures.path, label=label)
    except OSError as error:
        return error.strerror or str(error)
    return None


def save_crops(
    file: AnyPath, crops: Crops, folder: Path, *, damaged: Damaged = "refuse"
) -> str | None:
    """Saves parts of a capture's original pixels; returns why that failed.

    Where the best capture can't be read any more, the capture's own crops are kept.

    Raises:
        CaptureError: the file is no readable picture any more.
    """
    names, best = crops.names, crops.best
    if best is not None and _key(best, damaged) not in _best_read:
        _best_read.clear()  # before more is read
    with library_messages():  # they were reported when it was scored
        own = read_original(file, damaged=damaged)
        try:
            for kind, box in crops.boxes.items():
                save_crop(own.part(box), folder / names[kind], place_note(box).encode())
            if best is not None:
                _save_difference(own, crops, best, folder, damaged)
        except OSError as error:
            return error.strerror or str(error)
        except CaptureError as error:
            return f"{best.file.name if best else file.name}: {error.reason}"
    return None


_BestKey = tuple[str, str, Damaged]
_best_read: dict[_BestKey, Original] = {}  # by file and way of reading; the last one alone


def _key(best: Compared, damaged: Damaged) -> _BestKey:
    return str(best.file), best.sha256, damaged


def _read_best(best: Compared, damaged: Damaged) -> Original:
    """The original pixels of a scene's best capture; all captures of the scene need them.

    Raises:
        CaptureError: the file is no readable picture any more.
    """
    key = _key(best, damaged)
    if key not in _best_read:
        _best_read.clear()
        _best_read[key] = read_original(best.file, damaged=damaged)
    return _best_read[key]


def _save_difference(
    own: Original, crops: Crops, best: Compared, folder: Path, damaged: Damaged
) -> None:
    """Saves the place that differs most from the scene's best capture, of both."""
    other = _read_best(best, damaged)
    places = most_different(own, other, crops.face, best.face)
    found = None if places is None else Difference(best.sha256, *places)
    note = difference_note(crops.face, best, found)
    # One pixel holds the note that nothing was found: the next run needn't look again.
    place, other_place = places or (_ONE_PIXEL, _ONE_PIXEL)
    save_crop(own.part(place), folder / crops.names["differscrop"], note)
    save_crop(other.part(other_place), folder / crops.names["bestcrop"], note)


def _read(file: AnyPath, working_side_px: int | None, damaged: Damaged, *, judged: bool) -> Photo:
    """Reads a photograph; what libraries print belongs to it."""
    try:
        with library_messages() as messages:
            photo = read_photo(
                file, working_side_px=working_side_px, damaged=damaged, judged=judged
            )
    except CaptureError as error:
        if not messages.lines:
            raise
        raise CaptureError(error.stage, f"{error.reason} ({messages})") from error
    if not messages.lines:
        return photo
    warning = f"reported while it was decoded: {messages}"
    facts = replace(photo.facts, warnings=(*photo.facts.warnings, warning))
    return replace(photo, facts=facts)


def _save(photo: Photo, pictures: PictureFolder) -> str | None:
    try:
        save_pictures(photo.pixels, photo.facts.sha256, pictures.path, full=pictures.full)
    except OSError as error:
        return error.strerror or str(error)
    return None
