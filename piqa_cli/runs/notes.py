"""Notes on captures in `notes.csv` beside a run: read for its pages, copied to the next run."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal, cast, get_args

from piqa_cli.atomic import write_whole
from piqa_cli.errors import PiqaError
from piqa_cli.spreadsheet import harmless, plain_heading, read_spreadsheet

NOTES = "notes.csv"
State = Literal["open", "known", "fixed"]
STATES: tuple[State, ...] = get_args(State)


@dataclass(frozen=True, slots=True)
class Note:
    """Words of somebody about a capture, a device or a scene.

    Attributes:
        scene, device: names as in the captures table; empty: of all of them.
        take: of the device in the scene; empty: of all its takes.
        region: part of the picture, in the writer's words; may be empty.
        text: the note.
        who: wrote it; may be empty.
        state: `open`, `known` (accepted) or `fixed`.
    """

    scene: str
    device: str
    take: str
    region: str
    text: str
    who: str
    state: State


COLUMNS = tuple(field.name for field in fields(Note))


@dataclass(frozen=True, slots=True)
class Notes:
    """The notes of a run.

    Attributes:
        notes: in the order of the file.
        warning: one line on what couldn't be read; empty: all could.
    """

    notes: tuple[Note, ...] = ()
    warning: str = ""


def read_notes(run_folder: Path) -> Notes:
    """The notes beside a run; none where there is no file.

    Lines that can't be understood are passed over; one warning names the file and the first line.
    """
    file = run_folder / NOTES
    if not file.is_file():
        return Notes()
    try:
        sheet = read_spreadsheet(file, called=NOTES, not_a_folder="it must be a CSV file")
    except PiqaError as error:
        return Notes(warning=f"no note could be read: {error}")
    names = [plain_heading(name) for name in sheet.headings]
    lacking = [name for name in ("text", "state") if name not in names]
    if lacking:
        return Notes(
            warning=f"no note could be read: {NOTES} has no column {lacking[0]!r}; "
            f"its columns are {', '.join(COLUMNS)}"
        )
    found: list[Note] = []
    bad: list[str] = []
    for place, cells in zip(sheet.places, sheet.rows, strict=True):
        given = {name: cell.strip() for name, cell in zip(names, cells, strict=True)}
        problem = _problem(given)
        if problem:
            bad.append(f"{place} {problem}")
        else:
            found.append(_note(given))
    return Notes(tuple(found), _warning(bad))


def _problem(given: dict[str, str]) -> str:
    if not given["text"]:
        return "has no text"
    if given["state"].lower() not in STATES:
        return f"has the state {given['state']!r}, which is none of {', '.join(STATES)}"
    return ""


def _note(given: dict[str, str]) -> Note:
    texts = {name: given.get(name, "") for name in COLUMNS if name != "state"}
    return Note(**texts, state=cast("State", given["state"].lower()))


def _warning(bad: Sequence[str]) -> str:
    if not bad:
        return ""
    more = f", and {len(bad) - 1} more passed over" if len(bad) > 1 else ""
    return f"{NOTES}: {bad[0]}: the line was passed over{more}"


def carry_notes(
    before: Path, to: Path, *, scenes: Collection[str], devices: Collection[str]
) -> str:
    """Copies open and known notes of an earlier run to a new one that has none yet.

    Args:
        before: folder of the earlier run.
        to: folder of the new one.
        scenes: names in the new run; notes on others stay behind.
        devices: the same for devices.

    Returns:
        One line for people; empty: there was nothing to copy.

    Raises:
        OSError: the new folder can't be written.
    """
    if (to / NOTES).exists() or before.resolve() == to.resolve():
        return ""
    earlier = read_notes(before)
    pending = [note for note in earlier.notes if note.state != "fixed"]
    kept = [
        note
        for note in pending
        if (not note.scene or note.scene in scenes) and (not note.device or note.device in devices)
    ]
    if kept:
        write_whole(to / NOTES, notes_csv(kept))
    if not pending:
        return earlier.warning and f"of {before}: {earlier.warning}"
    left = len(pending) - len(kept)
    behind = f"; {left} left behind: their scene or device isn't in this run" if left else ""
    odd = f"; of {before}: {earlier.warning}" if earlier.warning else ""
    return f"{len(kept)} open or known from {before}{behind}{odd}"


def notes_csv(notes: Sequence[Note]) -> bytes:
    """Notes as a CSV that spreadsheets open."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for note in notes:
        writer.writerow([harmless(getattr(note, name)) for name in COLUMNS])
    return text.getvalue().encode("utf-8-sig", "surrogatepass")
