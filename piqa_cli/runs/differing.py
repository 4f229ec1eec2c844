"""Two crops of one place, of a capture and of the scene's best one: where these differ most.

The place hangs on the pixels of both, so the crop's own file says where it lies.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from piqa_cli.records import Box
from piqa_cli.remote import AnyPath

Place = tuple[int, int, int, int]
"""(x0, y0, x1, y1) in pixels of an upright original."""
_NOTE = re.compile(
    r"differs \S+ from (?P<sha256>[0-9a-f]+) \S+"
    r" at (?P<own>\d+ \d+ \d+ \d+) and (?P<other>\d+ \d+ \d+ \d+)"
)


@dataclass(frozen=True, slots=True)
class Compared:
    """A capture that another one is compared with: its file, and where its face is."""

    file: AnyPath
    sha256: str
    face: Box | None


@dataclass(frozen=True, slots=True)
class Difference:
    """A place where a capture differs most from another one, in pixels of each one's original.

    Attributes:
        other: SHA-256 of the other capture's file.
        place, other_place: the same part of the scene in both.
    """

    other: str
    place: Place
    other_place: Place


def difference_label(scene: str, face: Box | None) -> str:
    """Label in the names of both crops: a file may stand in several scenes, with several faces.

    >>> difference_label("Hall", None) == difference_label("Hall", Box(0.0, 0.0, 8.0, 8.0))
    False
    """
    text = f"{scene} {_face(face)}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def comparison_note(face: Box | None, other: Compared) -> str:
    """Words for who is compared, with which faces: other faces make a place out of date."""
    return f"differs {_face(face)} from {other.sha256} {_face(other.face)}"


def difference_note(face: Box | None, other: Compared, found: Difference) -> bytes:
    """Metadata in both crops' pictures."""
    places = (" ".join(map(str, place)) for place in (found.place, found.other_place))
    return f"{comparison_note(face, other)} at {' and '.join(places)}".encode()


def note_of(file: Path) -> str:
    """The metadata of a crop's picture; empty: there is none, or no such file."""
    try:
        with Image.open(file) as shown:
            note = shown.info.get("xmp", b"")
    except (OSError, SyntaxError):
        return ""
    return note.decode("ascii", "replace") if isinstance(note, bytes) else ""


def difference_in(note: str) -> Difference | None:
    """The place that a crop's metadata names; None: it names none.

    >>> difference_in("differs none from ab none at 0 0 8 8 and 1 1 9 9")
    Difference(other='ab', place=(0, 0, 8, 8), other_place=(1, 1, 9, 9))
    """
    found = _NOTE.fullmatch(note)
    return found and Difference(found["sha256"], _place(found["own"]), _place(found["other"]))


def _place(text: str) -> Place:
    x0, y0, x1, y1 = map(int, text.split())
    return x0, y0, x1, y1


def _face(box: Box | None) -> str:
    return "none" if box is None else f"{box.x0:.2f},{box.y0:.2f},{box.x1:.2f},{box.y1:.2f}"
