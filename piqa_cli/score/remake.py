"""Pictures for captures whose scores were known already (torch only in the processes that read)."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import islice, starmap
from typing import cast

from pebble import ProcessFuture

from piqa_cli.errors import CaptureError
from piqa_cli.face.boxes import to_working
from piqa_cli.records import Box, Failed, PhotoFacts, Scored
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
    lacking = _lacking(results, pictures)
    if any(_is_reduced(cast(Scored, results[place]).facts) for place, _ in lacking):
        readers.share(["torch"])  # it reduces them; where scores were missing, it is there already

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

    rest = starmap(begun, lacking)
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


def _is_reduced(facts: PhotoFacts) -> bool:
    return (facts.width_px, facts.height_px) != (facts.working_width_px, facts.working_height_px)


def _lacking(results: Sequence[Scored | Failed], pictures: PictureFolder) -> list[tuple[int, str]]:
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
    return [(place, label) for (_, label), place in lacking.items()]


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
