"""Crops of original pixels for the pages, once the scene's faces are known (no torch here).

A file is decoded a second time for them: while it is read first, nobody knows where its face is, or
which capture of its scene is the best.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, zip_longest
from typing import NamedTuple, cast

from pebble import ProcessFuture

from piqa_cli.errors import CaptureError
from piqa_cli.records import Box, Failed, Scored
from piqa_cli.records.on_demand import each
from piqa_cli.remote import AnyPath
from piqa_cli.runs.crops import Crops, crop_boxes, drop_crops
from piqa_cli.runs.differing import Compared
from piqa_cli.runs.pictures import PictureFolder
from piqa_cli.score.progress import Progress, no_progress
from piqa_cli.score.readers import Readers
from piqa_cli.score.worker import save_crops
from piqa_cli.settings import ScoreSettings

_AHEAD_PER_WORKER = 2
_BLOCK_SHARE = 0.5  # of the bytes that are left: crops of other scenes may be twice as large


def make_crops(
    results: Sequence[Scored | Failed],
    settings: ScoreSettings,
    readers: Readers,
    pictures: PictureFolder,
    *,
    progress: Progress = no_progress,
) -> tuple[str, ...]:
    """Makes the crops that are missing, within `crops_mb`; returns warnings.

    Where that isn't enough for all, every scene's worst and best captures have theirs first.
    """
    making = _Making(settings, readers, pictures)
    wanted = by_interest(results) if pictures.crops_mb else []
    for _ in progress(making.crops_of(wanted, best_of_scenes(results)), len(wanted), "crops"):
        pass
    drop_crops(pictures.path, making.kept)
    return tuple(making.warnings)


def by_interest(results: Sequence[Scored | Failed]) -> Sequence[Scored]:
    """Scored captures: of every scene the worst, the best, the second worst ...

    A file comes once for every scene that it stands in and every face that was looked at.
    """
    scenes: dict[str, list[_Seen]] = {}
    for place, result in enumerate(results):
        if isinstance(result, Scored):
            seen = _Seen(result.score, place, (result.sha256, result.face.box))
            scenes.setdefault(result.capture.scene, []).append(seen)
    turns = zip_longest(*(_from_both_ends(scene) for scene in scenes.values()))
    firsts: dict[tuple[str, tuple[str, Box | None]], int] = {}
    for turn in turns:
        for scene, seen in zip(scenes, turn, strict=True):
            if seen is not None:
                firsts.setdefault((scene, seen.face), seen.place)
    return each(list(firsts.values()), lambda place: cast(Scored, results[place]))


class _Seen(NamedTuple):
    """Score, place among the results, and the file with the face that was looked at."""

    score: float
    place: int
    face: tuple[str, Box | None]


def _from_both_ends(scene: Sequence[_Seen]) -> Iterator[_Seen]:
    waiting = deque(sorted(scene, key=lambda seen: seen.score))
    while waiting:
        yield waiting.popleft()
        if waiting:
            yield waiting.pop()


def best_of_scenes(results: Sequence[Scored | Failed]) -> dict[str, Scored]:
    """The capture with the highest score of each scene, the first one of equals."""
    best: dict[str, Scored] = {}
    for result in results:
        if isinstance(result, Scored):
            scene = result.capture.scene
            if scene not in best or result.prediction.score > best[scene].prediction.score:
                best[scene] = result
    return best


@dataclass(slots=True)
class _Making:
    """The making of crops.

    Attributes:
        settings, readers, pictures: as given.
        kept: names of files that fit into the limit.
        warnings: reasons of failures, each once.
    """

    settings: ScoreSettings
    readers: Readers
    pictures: PictureFolder
    kept: set[str] = field(default_factory=set)
    warnings: dict[str, None] = field(default_factory=dict)

    def crops_of(self, wanted: Sequence[Scored], best: Mapping[str, Scored]) -> Iterator[Crops]:
        """Makes crops until the limit is reached; passes them on as they are done.

        Within a block those of one scene are made one after the other, so that a process reads the
        scene's best capture once for them; those that don't fit are the last ones by interest.
        """
        rest, left, mean = deque(wanted), self.pictures.crops_mb * 1e6, math.inf
        while rest and left >= 0:
            count = min(len(rest), max(self._ahead, int(_BLOCK_SHARE * left / mean)))
            block = [_crops(one, best[one.capture.scene]) for one in islice(rest, count)]
            files = [rest.popleft().capture.file for _ in block]
            pairs = zip(files, block, strict=True)
            yield from self._made(sorted(pairs, key=lambda pair: pair[1].scene))
            bytes_ = 0
            for crops in block:
                new = set(crops.names.values()) - self.kept
                bytes_ += sum(map(self._size, new))
                if bytes_ <= left:
                    self.kept |= new
            left -= bytes_
            mean = max(1.0, bytes_ / count)

    @property
    def _ahead(self) -> int:
        """Captures whose crops are being made at once, or wait for a process."""
        return self.settings.workers * _AHEAD_PER_WORKER

    def _made(self, block: Iterable[tuple[AnyPath, Crops]]) -> Iterator[Crops]:
        """Makes the crops of some captures, in their order."""
        rest = iter(block)
        waiting: deque[tuple[Crops, ProcessFuture | None]] = deque()
        while True:
            for file, crops in islice(rest, self._ahead - len(waiting)):
                waiting.append((crops, self._begun(file, crops)))
            if not waiting:
                return
            crops, future = waiting.popleft()
            self._wait(future)
            yield crops

    def _begun(self, file: AnyPath, crops: Crops) -> ProcessFuture | None:
        """The making of a capture's crops; None: they are there."""
        folder = self.pictures.path
        if crops.are_current(folder):
            return None
        damaged = self.settings.damaged
        return self.readers.submit(save_crops, file, crops, folder, damaged=damaged)

    def _wait(self, future: ProcessFuture | None) -> None:
        if future is None:
            return
        error: str | None
        try:
            error = self.readers.result_of(future)
        except CaptureError as failure:
            error = failure.reason
        if error is not None:
            self.warnings[f"crops can't be made in {self.pictures.path}: {error}"] = None

    def _size(self, name: str) -> int:
        file = self.pictures.path / name
        return file.stat().st_size if file.is_file() else 0


def _crops(result: Scored, best: Scored) -> Crops:
    facts, face = result.facts, result.face.box
    rival, own = best.capture, result.capture
    same = (rival.device, rival.firmware) == (own.device, own.firmware)
    return Crops(
        sha256=facts.sha256,
        face=face,
        boxes=crop_boxes(face, width=facts.width_px, height=facts.height_px),
        scene=result.capture.scene,
        best=None if same else Compared(best.capture.file, best.facts.sha256, best.face.box),
    )
