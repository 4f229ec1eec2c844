"""A run under letters: for viewing panels, who shall not know which phone took what.

One frozen change of the loaded tables and run.json, before any page is made of them; so no page
has to think of it. What can't be shown without naming a device is left out, not crossed out.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import ascii_uppercase

from piqa_cli.schema import TableName
from piqa_cli.write.atomic import write_whole
from piqa_cli.write.blind_mask import Mask, competes_with_firmware, key_of
from piqa_cli.write.book import Key
from piqa_cli.write.parquet import Row
from piqa_cli.write.table_set import Run, load_run

KEY_FILE = "blind-key.csv"


@dataclass(frozen=True, slots=True)
class BlindKey:
    """Who is who.

    Attributes:
        mark: says which state of the run the letters belong to; pages show it too.
        letters: of every competitor.
    """

    mark: str
    letters: Mapping[Key, str]

    def csv_bytes(self) -> bytes:
        """The key as a table: `letter, device, firmware, key`, by letter."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(("letter", "device", "firmware", "key"))
        for (device, firmware), letter in self.letters.items():
            writer.writerow((letter, device, firmware or "", self.mark))
        return text.getvalue().encode("utf-8", "surrogatepass")


def blinded(run: Run) -> tuple[Run, BlindKey]:
    """The same run with letters for devices, and the key to them.

    Letters follow the hash of a device's name and the captures, so they say nothing of the ranking
    or the alphabet, stay when pages are made again, and change with the captures.

    Args:
        run: as it was loaded; left as it is.
    """
    digest = str(run.info["files"]["captures.parquet"])
    key = BlindKey(digest[:12], _letters(run, digest))
    mask = Mask.of(run, key.letters)
    tables: dict[TableName, list[Row]] = {
        "captures": mask.captures(run.tables["captures"]),
        "scene_ranks": mask.ranks(run.tables["scene_ranks"]),
        "device_ranks": mask.ranks(run.tables["device_ranks"]),
        "pairs": mask.pairs(run.tables["pairs"]),
        "timings": [],
    }
    return Run(folder=run.folder, info=mask.info(run.info, key.mark), tables=tables), key


def load_shown(run_folder: Path, *, blind: bool) -> tuple[Run, BlindKey | None]:
    """A run as pages show it, and the key to its letters where it is `blind`.

    Raises:
        PiqaError: see `load_run`.
    """
    run = load_run(run_folder)
    return blinded(run) if blind else (run, None)


def write_key(run_folder: Path, key: BlindKey | None) -> None:
    """Writes who is who into the run, where there are letters."""
    if key is not None:
        write_whole(run_folder / KEY_FILE, key.csv_bytes())


def _letters(run: Run, digest: str) -> dict[Key, str]:
    with_firmware = competes_with_firmware(run)
    known = [*run.tables["device_ranks"], *run.tables["captures"]]
    keys = {key_of(row, with_firmware) for row in known if row["device"] is not None}
    hashed = sorted(keys, key=lambda key: _hash(digest, *key))
    return {key: letter(place) for place, key in enumerate(hashed)}


def _hash(*parts: str | None) -> bytes:
    return hashlib.sha256(json.dumps(parts).encode("ascii")).digest()


def letter(place: int) -> str:
    """A, B ... Z, AA, AB ...

    >>> letter(0), letter(25), letter(26), letter(702)
    ('A', 'Z', 'AA', 'AAA')
    """
    head, tail = divmod(place, len(ascii_uppercase))
    return (letter(head - 1) if head else "") + ascii_uppercase[tail]
