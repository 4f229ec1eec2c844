"""Replacements for every name of a run: of devices, scenes, conditions and files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from piqa_cli.records import Competitor, DeviceRank, SceneRank
from piqa_cli.records.capture_row import CaptureRow
from piqa_cli.records.ranks import FaultEffect
from piqa_cli.report.output.blind.letters import (
    competes_with_firmware,
    competitor_of,
    key_of,
)
from piqa_cli.report.output.name_finder import NameFinder
from piqa_cli.runs.capture_rows import column
from piqa_cli.runs.table_set import Run


@dataclass(frozen=True, slots=True)
class Mask:
    """Replacements for every name in a blind report.

    Attributes:
        letters: of competitors.
        with_firmware: whether firmwares compete.
        scenes, conditions: their names, changed where they name a device.
        paths: of captures, with their takes.
        decoders: all decoders of the run, in one text.
        finder: finds names in free text.
    """

    letters: Mapping[Competitor, str]
    with_firmware: bool
    scenes: Mapping[str | None, str | None]
    conditions: Mapping[str | None, str | None]
    paths: Mapping[str, tuple[str, str | None]]
    decoders: str
    finder: NameFinder

    @classmethod
    def of(cls, run: Run, letters: Mapping[Competitor, str]) -> Mask:
        """The mask of a run, from all names that its tables hold.

        Args:
            run: as it was loaded.
            letters: of all its competitors.
        """
        rows = run.tables.captures
        asked = run.info.get("settings", {})
        aliases = asked.get("find", {}).get("devices", {}).values()
        expected = (asked.get("expect") or {}).get("devices") or ()
        other_names = [*(name for names in aliases for name in names), *expected]
        own_names = [name for names in letters for name in names if name]
        finder = NameFinder.of_rows(rows, [*own_names, *other_names])
        scenes = finder.renamed([*column(rows, "scene"), *run.info.get("scenes", {})], "scene")
        noted = [scene.get("condition") for scene in run.info.get("scenes", {}).values()]
        conditions = finder.renamed([*column(rows, "condition"), *noted], "condition")
        with_firmware = competes_with_firmware(run)
        return cls(
            letters=letters,
            with_firmware=with_firmware,
            scenes=scenes,
            conditions=conditions,
            paths=_paths(rows, scenes, letters, with_firmware),
            decoders="; ".join(sorted({name for name in column(rows, "decoder") if name})),
            finder=finder,
        )

    def letter_of(self, row: CaptureRow | DeviceRank | SceneRank | FaultEffect) -> str | None:
        """The letter of a row's competitor; None: a file outside of any device."""
        return self.letter(key_of(row, self.with_firmware))

    def letter(self, who: Competitor | None) -> str | None:
        """The letter of a competitor, whose firmware counts only where firmwares compete."""
        if who is None:
            return None
        return self.letters.get(who if self.with_firmware else Competitor(who.device))

    def scene(self, name: str | None) -> str | None:
        """The name of a scene."""
        return self.scenes.get(name, name)

    def condition(self, name: str | None) -> str | None:
        """The name of a condition."""
        return self.conditions.get(name, name)

    def path(self, path: str | None) -> str | None:
        """The path of a capture."""
        return None if path is None else self.paths[path][0]

    def reference(self, name: str | None) -> str | None:
        """The letter of a reference, which the tables have as `DEVICE` or `DEVICE@FIRMWARE`."""
        names = {competitor.name: letter for competitor, letter in self.letters.items()}
        return None if name is None else names.get(name, "the reference")

    def word(self, text: str) -> str:
        """A text that names no device."""
        return self.finder.clean(text) or "hidden"

    def note(self, note: str | None, reference: str | None = None) -> str | None:
        """The parts of a note that name no device; the reference goes by its letter."""
        if note is None:
            return None
        parts = note.split("; ")
        if reference is not None:
            told = f"the reference {reference} "
            letter = self.reference(reference)
            shown = "the reference" if letter == "the reference" else f"the reference {letter}"
            parts = [part.replace(told, f"{shown} ") for part in parts]
        return "; ".join(part for part in parts if self.finder.clean(part)) or None


def _paths(
    rows: Sequence[CaptureRow],
    scenes: Mapping[str | None, str | None],
    letters: Mapping[Competitor, str],
    with_firmware: bool,
) -> dict[str, tuple[str, str | None]]:
    """A path and a take for every file: `scene/letter/take`, without the suffix, a clue to makers.

    Files that aren't captures have no take.
    """
    counts: Counter[tuple[str, ...]] = Counter()
    paths: dict[str, tuple[str, str | None]] = {}
    fields = ("path", "scene", "status", "device", "firmware")
    for path, scene, status, device, firmware in zip(
        *(column(rows, field) for field in fields), strict=True
    ):
        who = competitor_of(device, firmware, with_firmware)
        names = [scenes[scene], None if who is None else letters.get(who)]
        skipped = status == "skipped"
        cell = tuple(name for name in [*names, "skipped" if skipped else None] if name)
        counts[cell] += 1
        number = str(counts[cell])
        paths[path] = "/".join((*cell, number)), None if skipped else number
    return paths
