"""The pairs of captures that the page lays over each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from piqa_cli.compare.records import CaptureChange, Comparison, SceneChange, Subject
from piqa_cli.records.capture_row import ScoredRow
from piqa_cli.runs.folder import pictures_of
from piqa_cli.runs.pictures import PictureSource
from piqa_cli.runs.table_set import Run

REGRESSIONS_AT_MOST = 12
GAINS_AT_MOST = 3
_SAME_SHAPE = 0.02  # largest relative difference of aspect ratios for one picture to cover another


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture to copy: the file in its run, and its name in the comparison."""

    file: Path
    name: str


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture of a pair.

    Attributes:
        path: the capture.
        score: its score.
        full: what the page shows, in the run's `pictures/`; None: the run has no picture.
        face: the face's square; None: there is none.
        size: width and height in px; None: unknown.
    """

    path: str
    score: float
    full: Picture | None
    face: Picture | None
    size: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A device in a scene, before and after.

    Attributes:
        kind: why it is shown.
        change: the cell.
        take: words for the take that both pictures are of; None: they are typical, not a pair.
        base, new: the pictures.
    """

    kind: Literal["regression", "gain"]
    change: SceneChange
    take: str | None
    base: Shot
    new: Shot

    def pictures(self) -> Iterator[Picture]:
        """The pictures to copy."""
        for shot in (self.base, self.new):
            yield from (shown for shown in (shot.full, shot.face) if shown is not None)

    @property
    def fits(self) -> bool:
        """True if both pictures exist and have one shape, so that one can cover the other."""
        if not (self.base.full and self.new.full and self.base.size and self.new.size):
            return False
        one, other = (width / height for width, height in (self.base.size, self.new.size))
        return abs(one / other - 1) <= _SAME_SHAPE


def shown_pairs(found: Comparison) -> tuple[Shown, ...]:
    """The worst regressions, worst first, then the largest gains."""
    captures: defaultdict[tuple[str, Subject], list[CaptureChange]] = defaultdict(list)
    for capture in found.captures:
        captures[capture.scene, capture.subject].append(capture)
    album = _Album.of(found)
    if album is None:
        return ()
    gains = sorted(
        (row for row in found.scenes if row.verdict == "better"),
        key=lambda row: -(row.difference or 0.0),
    )
    kinds: tuple[tuple[Literal["regression", "gain"], Sequence[SceneChange]], ...] = (
        ("regression", found.regressions()[:REGRESSIONS_AT_MOST]),
        ("gain", gains[:GAINS_AT_MOST]),
    )
    return tuple(
        album.pair(kind, row, captures[row.scene, row.subject])
        for kind, rows in kinds
        for row in rows
    )


def _scored(run: Run) -> dict[str, ScoredRow]:
    """The scored captures of a run by path."""
    return {row.path: row for row in run.tables.captures if isinstance(row, ScoredRow)}


@dataclass(frozen=True, slots=True)
class _Album:
    """The pictures of both runs."""

    folders: tuple[Path, Path]
    sources: tuple[PictureSource, PictureSource]
    rows: tuple[Mapping[str, ScoredRow], Mapping[str, ScoredRow]]

    @classmethod
    def of(cls, found: Comparison) -> _Album | None:
        """The album of two runs; None: neither has pictures, as with given scores."""
        base, new = (pictures_of(run.folder, run.info) for run in (found.base, found.new))
        sources = PictureSource.in_folder(base), PictureSource.in_folder(new)
        if not any(source.names for source in sources):
            return None
        return cls((base, new), sources, (_scored(found.base), _scored(found.new)))

    def pair(
        self, kind: Literal["regression", "gain"], row: SceneChange, own: Sequence[CaptureChange]
    ) -> Shown:
        """The take that moved most, where takes are paired; else the most typical of each run."""
        sign = 1.0 if kind == "regression" else -1.0
        both = [c for c in own if c.change == "changed" and c.difference is not None]
        if row.n_pairs and both:
            one = other = min(both, key=lambda c: sign * (c.difference or 0.0))
        else:
            one = min(
                (c for c in own if c.base_score is not None),
                key=lambda c: abs((c.base_score or 0.0) - (row.base_score or 0.0)),
            )
            other = min(
                (c for c in own if c.score is not None),
                key=lambda c: abs((c.score or 0.0) - (row.score or 0.0)),
            )
        take = None
        if one is other:
            take = "paired by order" if one.paired_by == "order" else f"take {one.take}"
        base = self._shot(0, one.base_path, one.base_score, one.base_sha256, one.base_size)
        new = self._shot(1, other.path, other.score, other.sha256, other.size)
        return Shown(kind, row, take, base, new)

    def _shot(
        self,
        side: int,
        path: str | None,
        score: float | None,
        sha256: str | None,
        size: tuple[int, int] | None,
    ) -> Shot:
        source = self.sources[side]
        full = sha256 and (source.of(sha256, "full") or source.of(sha256, "320"))
        row = self.rows[side].get(path or "")
        face = source.face_of(row) if row else None
        return Shot(
            path=path or "",
            score=score or 0.0,
            full=self._picture(side, full) if full else None,
            face=self._picture(side, face) if face else None,
            size=size,
        )

    def _picture(self, side: int, name: str) -> Picture:
        """A picture of one side; the other side's of that name may show another face or size."""
        file, other = self.folders[side] / name, self.folders[0] / name
        is_other = side == 1 and other.is_file() and other.read_bytes() != file.read_bytes()
        return Picture(file, f"new-{name}" if is_other else name)
