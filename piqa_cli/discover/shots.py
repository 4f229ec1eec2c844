"""One shot is one capture: names by which phones and galleries keep several files of a shot.

Names are grouped twice. First the pictures that are one picture: its edits, its twins in other
formats, its copies. Then the pictures of one press of the shutter: cover, original, frames of a
burst. docs/shots.md lists the families with examples.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from piqa_cli.formats import FORMATS, PICTURE_SUFFIXES
from piqa_cli.records import Capture, Skipped

SAME_SHOT = "same shot as"
"""Begin of the reason of files that are skipped by their names."""

# Phones write the first two themselves; the others come from conversions, any new format last.
_NATIVE_FIRST = "heic jpeg tiff png avif webp".split()
_RANK_OF_SUFFIX = {
    suffix: _NATIVE_FIRST.index(name) if name in _NATIVE_FIRST else len(_NATIVE_FIRST)
    for name, kind in FORMATS.items()
    for suffix in kind.suffixes
    if suffix in PICTURE_SUFFIXES
}
_SHORT_NAME = 8  # characters: Windows turns longer names into NAME~1, NAME~2, which are no edits

# Google Photos writes -edited in the user's language, osxphotos and PhotoSync write _edited.
_EDITED_WORDS = (
    "edited bearbeitet modifié editado modificato bewerkt edytowane editat 編集済み".split()
)
_EDITED = re.compile(rf"(.+)(?:-(?:{'|'.join(_EDITED_WORDS)}|ha editado)|_edited)(\(\d+\))?")
_EDIT_NUMBER = re.compile(r"(.+)~(\d{1,2})")
_IPHONE_EDIT = re.compile(r"(img_)e(\d{4})")
_EFFECTS = re.compile(r"(.+)-effects")
_EXIFTOOL_COPY = "_original"

_PIXEL = re.compile(r"(pxl_\d{8}_\d{9})((?:\.[a-z_]+(?:-\d+)?)*)")
_PIXEL_MARKS = frozenset(
    "cover original mp raw portrait night long_exposure action_pan motion burst pano "
    "photosphere".split()
)
_CUT_ORIGINAL = "origina"  # Google Takeout cuts long names
_STAMPED_BURST = re.compile(r"(?:\d{5}[a-z]+_\d{5}|dsc_\d{4})_(burst\d{14,17})(_cover)?")
_NUMBERED_BURST = re.compile(r"(img_?\d{8}_?\d{6,9}_burst)\d{1,3}(_cover)?")

_COVER, _MODE, _PLAIN, _ORIGINAL = range(4)


@dataclass(frozen=True, slots=True)
class ShotName:
    """Parts of a file's name that tell its shot; case doesn't count.

    Attributes:
        picture: the same for a picture, its edits, its copies and its twins in other formats.
        shot: the same for all pictures of one press of the shutter.
        finish: place within the shot, the least is the phone's finished picture.
        is_copy: a copy that another program made of the picture, not an edit by its owner.
        edits: numbers of its edits, the innermost first; of one picture the greatest is the last.
        is_burst: a frame of a burst.
    """

    picture: str
    shot: str
    finish: int = _PLAIN
    is_copy: bool = False
    edits: tuple[int, ...] = ()
    is_burst: bool = False


def shot_name(name: str) -> ShotName:
    """Reads the name of a file.

    Example:
        >>> shot_name("PXL_20240101_120000000.PORTRAIT-01.COVER~2.jpg").shot
        'pxl_20240101_120000000'
    """
    name = unicodedata.normalize("NFC", name).casefold()
    is_copy = name.endswith(_EXIFTOOL_COPY)
    picture = PurePath(name.removesuffix(_EXIFTOOL_COPY)).stem
    if effects := _EFFECTS.fullmatch(picture):
        picture, is_copy = effects[1], True
    picture, edits = _edits(picture)
    shot, finish, is_burst = _press(picture)
    return ShotName(picture, shot, finish, is_copy, edits, is_burst)


def same_shots(captures: Sequence[Capture]) -> dict[str, Capture]:
    """Captures beside a better finished picture of their shot, by path, with that picture.

    Only files of one folder, scene and device are one shot. Files that their names put on one
    level, such as the frames of a burst without a cover, stay takes.

    Args:
        captures: in their order; RAW files and files without a picture's suffix stay out of it.
    """
    named = [(c, shot_name(c.file.name)) for c in captures if _rank_of_format(c) is not None]
    worse = _outdone((place_of(c), name.picture, _picture_level(c, name), c) for c, name in named)
    left = [(c, name) for c, name in named if c.path not in worse]
    unfinished = _outdone((place_of(c), name.shot, (name.finish,), c) for c, name in left)
    better = {path: unfinished.get(kept.path, kept) for path, kept in worse.items()}
    return better | unfinished


def n_same_shot(skipped: Iterable[Skipped]) -> int:
    """Number of files that were skipped because another picture of their shot counts."""
    return sum(row.reason.startswith(SAME_SHOT) for row in skipped)


def place_of(capture: Capture) -> Hashable:
    """Cell and folder of a capture: files of one shot share them."""
    cell = (capture.scene, capture.condition, capture.device, capture.firmware)
    return cell, capture.file.parent


def _edits(picture: str) -> tuple[str, tuple[int, ...]]:
    """The name without the marks of edits, and their numbers, the innermost first."""
    if match := _EDITED.fullmatch(picture):
        picture, edits = _edits(match[1] + (match[2] or ""))
        return picture, (*edits, 1)
    match = _EDIT_NUMBER.fullmatch(picture)
    if match and int(match[2]) > 1 and len(picture) > _SHORT_NAME:
        picture, edits = _edits(match[1])
        return picture, (*edits, int(match[2]))
    if match := _IPHONE_EDIT.fullmatch(picture):
        return match[1] + match[2], (1,)
    return picture, ()


def _press(picture: str) -> tuple[str, int, bool]:
    """The shot of a picture, its place there, and whether it is a frame of a burst."""
    if match := _PIXEL.fullmatch(picture):
        marks = [mark.partition("-")[0] for mark in match[2].split(".")[1:]]
        marks = ["original" if mark == _CUT_ORIGINAL else mark for mark in marks]
        if _PIXEL_MARKS.issuperset(marks):
            return match[1], _pixel_finish(marks), "burst" in marks
    for pattern in (_STAMPED_BURST, _NUMBERED_BURST):
        if match := pattern.fullmatch(picture):
            # Google's first portrait mode named its pair like a burst.
            return match[1], _COVER if match[2] else _PLAIN, "portrait_" not in picture
    return picture, _PLAIN, False


def _pixel_finish(marks: Sequence[str]) -> int:
    if "cover" in marks:
        return _COVER
    if "original" in marks:
        return _ORIGINAL
    return _MODE if marks else _PLAIN


def _picture_level(capture: Capture, name: ShotName) -> tuple[Any, ...]:
    """Place among edits, twins and copies of one picture; the least is the last edit."""
    later_first = (*(-number for number in name.edits), 0)
    return name.is_copy, later_first, _rank_of_format(capture)


def _rank_of_format(capture: Capture) -> int | None:
    """Place of a file's format, the phone's own first; None: no picture by its suffix."""
    return _RANK_OF_SUFFIX.get(capture.file.suffix.lower().removesuffix(_EXIFTOOL_COPY))


def _outdone(rows: Iterable[tuple[Hashable, str, tuple[Any, ...], Capture]]) -> dict[str, Capture]:
    """Captures below the best level of their group, by path, with the first on that level."""
    groups: dict[Hashable, list[tuple[tuple[Any, ...], Capture]]] = {}
    for place, key, level, capture in rows:
        groups.setdefault((place, key), []).append((level, capture))
    outdone: dict[str, Capture] = {}
    for group in groups.values():
        best, kept = min(group, key=lambda row: row[0])
        outdone |= {capture.path: kept for level, capture in group if level != best}
    return outdone
