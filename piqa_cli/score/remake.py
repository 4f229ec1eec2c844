"""Pictures for captures whose scores were known already (no torch here)."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from itertools import islice, starmap
from typing import cast

from pebble import ProcessFuture

from piqa_cli.errors import CaptureError
from piqa_cli.face.boxes import to_working
from piqa_cli.records import Box, Failed, Scored
from piqa_cli.runs.pictures import PictureFolder, face_labels, pictures_are_current
from piqa_cli.score.readers import Readers
from piqa_cli.score.worker import remake_pictures
from piqa_cli.settings import ScoreSettings

_AHEAD_PER_WORKER = 2


def remake_missing(
    results: Sequence[Scored | Failed],
    settings: ScoreSettings,
    readers: Readers,
    pictures: PictureFolder,
) -> tuple[str, ...]:
    """Makes what is missing or shows another face or size; returns warnings.

    The page shows a placeholder where a picture can't be made; the score stands.
    """

    def begun(place: int, label: str) -> ProcessFuture:
        result = cast(Scored, results[place])
        return readers.submit(
            remake_pictures,
            result.capture.file,
            settings.working_side_px,
            pictures,
            result.face.box,
            label=label,
            damaged=settings.damaged,
        )

    rest = starmap(begun, _lacking(results, pictures))
    waiting = deque(islice(rest, settings.workers * _AHEAD_PER_WORKER))
    warnings: dict[str, None] = {}
    while waiting:
        try:
            error = readers.result_of(waiting.popleft())
        except CaptureError as failure:
            error = failure.reason
        if error is not None:
            warnings[f"pictures can't be made in {pictures.path}: {error}"] = None
        waiting.extend(islice(rest, 1))
    return tuple(warnings)


def _lacking(
    results: Sequence[Scored | Failed], pictures: PictureFolder
) -> Iterator[tuple[int, str]]:
    """Place of each result that lacks pictures, and the label of its face; equal ones once."""
    labels = face_labels(
        (r.sha256, r.face.box) for r in results if isinstance(r, Scored) and r.face.box is not None
    )
    lacking: dict[tuple[str, str], int] = {}
    for place, result in enumerate(results):
        if not isinstance(result, Scored):
            continue
        box = result.face.box
        label = "" if box is None else labels[result.sha256, box]
        if _lacks(result, label, pictures):
            lacking[result.sha256, label] = place
    return ((place, label) for (_, label), place in lacking.items())


def _lacks(result: Scored, label: str, pictures: PictureFolder) -> bool:
    facts, box = result.facts, result.face.box
    return not pictures_are_current(
        facts.sha256,
        pictures.path,
        full=pictures.full,
        label=label,
        size_px=(facts.working_width_px, facts.working_height_px),
        face=None if box is None else Box(*to_working(box, facts)),
    )
