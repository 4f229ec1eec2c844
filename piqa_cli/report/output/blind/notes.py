"""Notes of people in a blind report: those whose words name no device."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from piqa_cli.records.capture_row import CaptureRow
from piqa_cli.report.output.blind.mask import Mask
from piqa_cli.runs.capture_rows import column
from piqa_cli.runs.notes import Note, Notes
from piqa_cli.runs.table_set import Run

NOTES_HIDDEN = "notes.csv has lines that couldn't be read; which can't be shown here"


def masked_notes(mask: Mask, run: Run) -> Notes:
    """The notes whose words name no device, under new names; who wrote them is hidden."""
    takes = _takes(mask, run.tables.captures) if run.notes.notes else {}
    notes = (_note(mask, note, takes) for note in run.notes.notes)
    hidden = f"{run.notes.warning and NOTES_HIDDEN}"
    return Notes(tuple(note for note in notes if note is not None), hidden)


_Place = tuple[str | None, str | None, str | None]
"""Scene, device and take of a capture, as tables and notes have them."""


def _takes(mask: Mask, rows: Sequence[CaptureRow]) -> dict[_Place, str | None]:
    """New names of the takes; of several captures at one place the first one's."""
    takes: dict[_Place, str | None] = {}
    places = zip(*(column(rows, name) for name in ("scene", "device", "take")), strict=True)
    for place, path in zip(places, column(rows, "path"), strict=True):
        takes.setdefault(place, mask.paths[path][1])
    return takes


def _note(mask: Mask, note: Note, takes: Mapping[_Place, str | None]) -> Note | None:
    text, region = mask.finder.clean(note.text), mask.finder.clean(note.region)
    whose = [who for who in mask.letters if note.device in (who.device, who.name, who.label)]
    if text is None or region is None or (note.device and len(whose) != 1):
        return None
    take = takes.get((note.scene, note.device, note.take)) if note.take else None
    return Note(
        scene=mask.scenes.get(note.scene) or note.scene if note.scene else "",
        device=mask.letters[whose[0]] if note.device else "",
        take=take or "",
        region=region,
        text=text,
        who="",
        state=note.state,
    )
