"""Notes of people in a blind report: those whose words name no device."""

from __future__ import annotations

from collections.abc import Sequence

from piqa_cli.records.capture_row import CaptureRow
from piqa_cli.report.output.blind.mask import Mask
from piqa_cli.runs.notes import Note, Notes
from piqa_cli.runs.table_set import Run

NOTES_HIDDEN = "notes.csv has lines that couldn't be read; which can't be shown here"


def masked_notes(mask: Mask, run: Run) -> Notes:
    """The notes whose words name no device, under new names; who wrote them is hidden."""
    notes = (_note(mask, note, run.tables.captures) for note in run.notes.notes)
    hidden = f"{run.notes.warning and NOTES_HIDDEN}"
    return Notes(tuple(note for note in notes if note is not None), hidden)


def _note(mask: Mask, note: Note, rows: Sequence[CaptureRow]) -> Note | None:
    text, region = mask.finder.clean(note.text), mask.finder.clean(note.region)
    whose = [who for who in mask.letters if note.device in (who.device, who.name, who.label)]
    if text is None or region is None or (note.device and len(whose) != 1):
        return None
    taken = [
        mask.paths[row.path][1]
        for row in rows
        if (row.scene, row.device, row.take) == (note.scene, note.device, note.take)
    ]
    return Note(
        scene=mask.scenes.get(note.scene) or note.scene if note.scene else "",
        device=mask.letters[whose[0]] if note.device else "",
        take=(taken[0] or "") if note.take and taken else "",
        region=region,
        text=text,
        who="",
        state=note.state,
    )
