"""Crops of original pixels for the pages, once the scene's faces are known (no torch here).

A file is decoded a second time for them: while it is read first, nobody knows where its face is.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, zip_longest

from pebble import ProcessFuture

from piqa_cli.errors import CaptureError
from piqa_cli.records import Failed, Scored
from piqa_cli.runs.crops import (
    CropBox,
    CropKind,
    crop_boxes,
    crops_are_current,
    crops_bytes,
    drop_crops,
)
from piqa_cli.runs.pictures import PictureFolder
from piqa_cli.score.readers import Readers
from piqa_cli.score.worker import save_crops
from piqa_cli.settings import ScoreSettings

_AHEAD_PER_WORKER = 2


def make_crops(
    results: Sequence[Scored | Failed],
    settings: ScoreSettings,
    readers: Readers,
    pictures: PictureFolder,
) -> tuple[str, ...]:
    """Makes the crops that are missing, within `crops_mb`; returns warnings.

    Where that isn't enough for all, every scene's worst and best captures have theirs first.
    """
    folder, left = pictures.path, pictures.crops_mb * 1e6
    waiting: deque[tuple[Scored, ProcessFuture | None]] = deque()
    rest = iter(by_interest(results) if left else ())
    kept: set[str] = set()
    warnings: dict[str, None] = {}
    while True:
        for result in islice(rest, settings.workers * _AHEAD_PER_WORKER - len(waiting)):
            waiting.append((result, _begun(result, settings, readers, pictures)))
        if not waiting:
            break
        result, future = waiting.popleft()
        if future is not None and (error := _error_of(future, readers)) is not None:
            warnings[f"crops can't be made in {folder}: {error}"] = None
        left -= crops_bytes(result.facts.sha256, folder)
        if left < 0:
            rest = iter(())  # what is being written ends before it is removed
        else:
            kept.add(result.facts.sha256)
    drop_crops(folder, kept)
    return tuple(warnings)


def by_interest(results: Sequence[Scored | Failed]) -> list[Scored]:
    """Scored captures, each file once: of every scene the worst, the best, the second worst ..."""
    scenes: dict[str, list[Scored]] = {}
    for result in results:
        if isinstance(result, Scored):
            scenes.setdefault(result.capture.scene, []).append(result)
    turns = zip_longest(*(_from_both_ends(scene) for scene in scenes.values()))
    firsts: dict[str, Scored] = {}
    for turn in turns:
        for result in turn:
            if result is not None:
                firsts.setdefault(result.facts.sha256, result)
    return list(firsts.values())


def _from_both_ends(scene: Sequence[Scored]) -> Iterator[Scored]:
    waiting = deque(sorted(scene, key=lambda result: result.prediction.score))
    while waiting:
        yield waiting.popleft()
        if waiting:
            yield waiting.pop()


def _boxes(result: Scored) -> Mapping[CropKind, CropBox]:
    facts = result.facts
    return crop_boxes(result.face.box, width=facts.width_px, height=facts.height_px)


def _begun(
    result: Scored, settings: ScoreSettings, readers: Readers, pictures: PictureFolder
) -> ProcessFuture | None:
    """The making of a capture's crops; None: they are there."""
    boxes, sha256 = _boxes(result), result.facts.sha256
    if crops_are_current(sha256, pictures.path, boxes):
        return None
    return readers.submit(
        save_crops, result.capture.file, boxes, sha256, pictures.path, damaged=settings.damaged
    )


def _error_of(future: ProcessFuture, readers: Readers) -> str | None:
    try:
        error: str | None = readers.result_of(future)
    except CaptureError as failure:
        return failure.reason
    return error
