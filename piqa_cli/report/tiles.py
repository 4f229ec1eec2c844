"""The captures of one device in one scene as tiles: pictures, names, which ones count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from piqa_cli.records.capture_row import ScoredRow
from piqa_cli.records.equals import first_of_equals
from piqa_cli.report.fault_costs import why
from piqa_cli.report.portrait import focus
from piqa_cli.report.text import number
from piqa_cli.runs.crops import CROP_KINDS, DIFFERENCE_KINDS, CropKind, crop_label
from piqa_cli.runs.differing import Difference, difference_label
from piqa_cli.runs.pictures import THUMB_SIDE_PX, PictureSource


@dataclass(frozen=True, slots=True)
class Tile:
    """One scored capture with its pictures; sizes are the thumbnail's, save the full width.

    Attributes:
        path: the file.
        name: differs from those of the device's other captures.
        score: as text.
        counted: False: the same picture stands in this cell before it, and only that one counts.
        thumb, full, face: file names in `pictures/`; None where there is none.
        no_face: the whole picture stood in for a face.
        unclear_face: the face may be another person's than in the scene's other captures.
        width_px, height_px, full_width_px: sizes.
        crops: file names of the crops of original pixels, by kind, of those that are there.
        difference: where it differs most from the scene's best capture; None: not known.
        remark: what explains the score.
        why: what its faults cost, in words; may be empty.
        warning: what is odd or looks like a mix-up.
        focus: where a cropped tile finds the face, see `portrait.focus`.
    """

    path: str
    name: str
    score: str
    counted: bool
    thumb: str | None
    full: str | None
    face: str | None
    no_face: bool
    unclear_face: bool
    width_px: int
    height_px: int
    full_width_px: int
    remark: str
    why: str
    warning: str | None
    crops: Mapping[CropKind, str]
    difference: ShownDifference | None
    focus: str


@dataclass(frozen=True, slots=True)
class ShownDifference:
    """A place where a capture differs most from another one, with crops of both.

    Attributes:
        found: the place, and the other's file.
        own, other: file names of the crops.
    """

    found: Difference
    own: str
    other: str


def tiles_of(
    rows: Sequence[ScoredRow], pictures: PictureSource, *, usual: Sequence[float] | None = None
) -> tuple[Tile, ...]:
    """The tiles of one device in one scene.

    Args:
        rows: its scored rows of the captures table, in order.
        pictures: what can be shown.
        usual: what faults cost on average in this scene.
    """
    first = {id(row) for row in counted_rows(rows)}
    return tuple(
        _shot(row, name, pictures, counted=id(row) in first, why=why(row, usual))
        for row, name in zip(rows, tile_names(rows), strict=True)
    )


def counted_rows(rows: Iterable[ScoredRow]) -> list[ScoredRow]:
    """Captures of one device in one scene as ranking counts them: of equal pictures the first."""
    listed = list(rows)
    firsts = first_of_equals((row.sha256, row.pixels_sha256) for row in listed)
    return [listed[n] for n, first in enumerate(firsts) if n == first]


def tile_names(rows: Sequence[ScoredRow]) -> list[str]:
    """Names of a device's captures on pages: their take, else the file name.

    Where that repeats, the part of the path in which they differ is added.
    """
    names = [_take(row) for row in rows]
    count = Counter(names)
    twins = {
        name: [PurePosixPath(row.path) for row in rows if _take(row) == name] for name in count
    }
    return [
        name if count[name] == 1 else _told_apart(name, PurePosixPath(row.path), twins[name])
        for row, name in zip(rows, names, strict=True)
    ]


def _take(row: ScoredRow) -> str:
    take = row.take
    return f"take {take}" if take and take.isdecimal() else take or PurePosixPath(row.path).name


def _told_apart(name: str, path: PurePosixPath, twins: Sequence[PurePosixPath]) -> str:
    """A name with the middle of its path: without the folders that all its twins share.

    >>> paths = [PurePosixPath(f"hall/a/{n}/raw/1.jpg") for n in (100, 101)]
    >>> _told_apart("1.jpg", paths[0], paths)
    '100/…/1.jpg'
    """
    head = _shared([twin.parts[:-1] for twin in twins])
    tail = _shared([twin.parts[head:][::-1] for twin in twins])
    middle = path.parts[head : len(path.parts) - tail]
    if name != path.name:
        return " · ".join((name, "/".join(middle)))
    return "/".join((*middle, *(("…",) if middle and tail > 1 else ()), name))


def _shared(sequences: Sequence[Sequence[str]]) -> int:
    """Number of first items that all sequences share."""
    same = 0
    for items in zip(*sequences, strict=False):
        if len(set(items)) > 1:
            break
        same += 1
    return same


def _shot(row: ScoredRow, name: str, pictures: PictureSource, *, counted: bool, why: str) -> Tile:
    # No sizes: the score was given, so there is no picture to lay out.
    width, height = row.working_width_px or 1, row.working_height_px or 1
    scale = min(1.0, THUMB_SIDE_PX / max(width, height))
    return Tile(
        path=row.path,
        name=name,
        score=number(row.score),
        counted=counted,
        thumb=pictures.of(row.sha256, "320"),
        full=pictures.of(row.sha256, "full"),
        face=pictures.face_of(row),
        no_face=bool(row.no_face),
        unclear_face=row.face_match == "unclear",
        width_px=max(1, round(width * scale)),
        height_px=max(1, round(height * scale)),
        full_width_px=width,
        remark=_remark(row),
        why=why,
        warning=row.warning,
        crops=crops_of(row, pictures),
        difference=difference_of(row, pictures),
        focus=focus(row),
    )


def crops_of(row: ScoredRow, pictures: PictureSource) -> dict[CropKind, str]:
    """File names of the crops of a capture's face and corner that are there."""
    names = (
        (kind, pictures.of(row.sha256, kind, crop_label(kind, row.face_box))) for kind in CROP_KINDS
    )
    return {kind: name for kind, name in names if name is not None}


def difference_of(row: ScoredRow, pictures: PictureSource) -> ShownDifference | None:
    """Place where a capture differs most from the scene's best one; None: no crop shows it."""
    label = difference_label(row.scene, row.face_box)
    own, other = (pictures.of(row.sha256, kind, label) for kind in DIFFERENCE_KINDS)
    if own is None or other is None or (found := pictures.differences.get(own)) is None:
        return None
    return ShownDifference(found, own, other)


def _remark(row: ScoredRow) -> str:
    """One line that explains a score: LIQE's outputs where the model has them."""
    parts = []
    if "liqe_quality" in row.more:
        parts.append(f"LIQE {number(row.more['liqe_quality'], 1)}")
    parts += [row.more[name] for name in ("liqe_distortion", "liqe_scene") if row.more.get(name)]
    return " · ".join(parts)
