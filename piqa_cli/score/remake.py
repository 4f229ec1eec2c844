"""Pictures for captures whose scores were known already (torch only in the processes that read)."""

from __future__ import annotations

from collections.abc import Sequence

from piqa_cli.errors import CaptureError
from piqa_cli.face.boxes import to_working
from piqa_cli.records import Box, Failed, PhotoFacts, Scored
from piqa_cli.runs.pictures import PictureFolder, face_labels, pictures_are_current
from piqa_cli.score.readers import Readers
from piqa_cli.score.worker import remake_pictures
from piqa_cli.settings import ScoreSettings


def remake_missing(
    results: Sequence[Scored | Failed],
    settings: ScoreSettings,
    readers: Readers,
    pictures: PictureFolder,
) -> tuple[str, ...]:
    """Makes what is missing or shows another face or size; returns warnings.

    The page shows a placeholder where a picture can't be made; the score stands.
    """
    scored = [result for result in results if isinstance(result, Scored)]
    labels = face_labels((r.facts.sha256, r.face.box) for r in scored if r.face.box is not None)
    lacking: dict[tuple[str, str], Scored] = {}
    for result in scored:
        sha256, box = result.facts.sha256, result.face.box
        label = "" if box is None else labels[sha256, box]
        if _lacks(result, label, pictures):
            lacking[sha256, label] = result
    if any(_is_reduced(result.facts) for result in lacking.values()):
        readers.share(["torch"])  # it reduces them; where scores were missing, it is there already
    futures = [
        readers.submit(
            remake_pictures,
            result.capture.file,
            settings.working_side_px,
            pictures,
            result.face.box,
            label=label,
            damaged=settings.damaged,
        )
        for (_, label), result in lacking.items()
    ]
    warnings: dict[str, None] = {}
    for future in futures:
        try:
            error = readers.result_of(future)
        except CaptureError as failure:
            error = failure.reason
        if error is not None:
            warnings[f"pictures can't be made in {pictures.path}: {error}"] = None
    return tuple(warnings)


def _is_reduced(facts: PhotoFacts) -> bool:
    return (facts.width_px, facts.height_px) != (facts.working_width_px, facts.working_height_px)


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
