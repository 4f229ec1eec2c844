"""Letters for competitors, and the key to them that only those who lead a panel should have."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import ascii_uppercase

from piqa_cli.atomic import write_whole
from piqa_cli.records import Competitor, DeviceRank, SceneRank
from piqa_cli.records.capture_row import CaptureRow
from piqa_cli.records.ranks import FaultEffect
from piqa_cli.runs.capture_rows import tally
from piqa_cli.runs.table_set import Run
from piqa_cli.spreadsheet import harmless

KEY_FILE = "blind-key.csv"


@dataclass(frozen=True, slots=True)
class BlindKey:
    """The competitor behind every letter of a blind report.

    Attributes:
        mark: identifies the state of the run that the letters belong to; pages show it too.
        letters: of every competitor.
    """

    mark: str
    letters: Mapping[Competitor, str]

    @classmethod
    def of(cls, run: Run) -> BlindKey:
        """The key of a run.

        Letters follow the hash of a device's name and the captures, so they don't reveal the
        ranking or the alphabet, stay when pages are made again, and change with the captures.

        Args:
            run: as it was loaded.
        """
        digest = str(run.info["files"]["captures.parquet"])
        with_firmware = competes_with_firmware(run)
        ranked = ((row.device, row.firmware) for row in run.tables.device_ranks)
        known = {*ranked, *tally(run.tables.captures, "device", "firmware")}
        found = (competitor_of(device, firmware, with_firmware) for device, firmware in known)
        keys = {key for key in found if key is not None}
        hashed = sorted(keys, key=lambda key: _hash(digest, *key))
        return cls(digest[:12], {key: letter(place) for place, key in enumerate(hashed)})

    def csv_bytes(self) -> bytes:
        """The key as a table: `letter, device, firmware, key`, by letter."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(("letter", "device", "firmware", "key"))
        for (device, firmware), letter in self.letters.items():
            writer.writerow((letter, harmless(device), harmless(firmware or ""), self.mark))
        return text.getvalue().encode("utf-8-sig", "surrogatepass")


def write_key(run_folder: Path, key: BlindKey | None) -> None:
    """Writes the key of a blind report into the run; does nothing where there are no letters."""
    if key is not None:
        write_whole(run_folder / KEY_FILE, key.csv_bytes())


def competes_with_firmware(run: Run) -> bool:
    """True if the firmwares of a device compete with each other."""
    return any(row.firmware is not None for row in run.tables.device_ranks)


def key_of(
    row: CaptureRow | DeviceRank | SceneRank | FaultEffect, with_firmware: bool
) -> Competitor | None:
    """The competitor that a row belongs to; None: a file outside of any device."""
    return competitor_of(row.device, row.firmware, with_firmware)


def competitor_of(
    device: str | None, firmware: str | None, with_firmware: bool
) -> Competitor | None:
    """The competitor of a device; None: there is no device."""
    return None if device is None else Competitor(device, firmware if with_firmware else None)


def letter(place: int) -> str:
    """A, B ... Z, AA, AB ...

    >>> letter(0), letter(25), letter(26), letter(702)
    ('A', 'Z', 'AA', 'AAA')
    """
    head, tail = divmod(place, len(ascii_uppercase))
    return (letter(head - 1) if head else "") + ascii_uppercase[tail]


def alphabetic(letter: str | None) -> tuple[int, str]:
    """Sorts letters in the order A ... Z, AA; none first."""
    return len(letter or ""), letter or ""


def _hash(*parts: str | None) -> bytes:
    return hashlib.sha256(json.dumps(parts).encode("ascii")).digest()
