"""A run with letters in place of names, for viewing panels that must not know the phones.

One frozen change of the loaded tables and run.json, before any page is made of them; so no page
has to think of it. What can't be shown without naming a device is left out, not crossed out.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from string import ascii_uppercase
from typing import Any, TypeVar

from piqa_cli.atomic import write_whole
from piqa_cli.records import (
    Agreement,
    Competitor,
    DeviceRank,
    GivenScores,
    PairRank,
    SceneRank,
    ScoreSource,
)
from piqa_cli.records.capture_row import CaptureRow
from piqa_cli.records.ranks import FaultEffect
from piqa_cli.report.output.name_finder import NameFinder
from piqa_cli.report.text import counted
from piqa_cli.report.warning_lines import parted_warnings
from piqa_cli.runs.folder import (
    FIGURES,
    MODELS,
    REPORT,
    SINGLE_FILE,
    clear_figures,
    drop_older_views,
    runs_of_models,
)
from piqa_cli.runs.table_set import Run, load_run
from piqa_cli.runs.tables import Tables
from piqa_cli.spreadsheet import harmless

_BLIND_MARK = '<p class="blind" role="note">'  # templates/base.html.j2
KEY_FILE = "blind-key.csv"
_Rank = TypeVar("_Rank", SceneRank, DeviceRank)
# Columns that cameras fill with their own names, or that differ between makers' files.
_HIDDEN = (
    "reason warning format icc_profile exif_make exif_model exif_software exif_lens_make "
    "exif_lens_model exif_focal_length_mm exif_custom_rendered exif_composite_image "
    "exif_captured_at exif_reader exif_error"
).split()
# No page shows the patterns; they still fold notices, whose headlines name no device.
_BARE_SETTINGS = ("pictures", "acknowledge")
_SOURCE_FACTS = ("model", "recipe", "protocol")
# Groups of settings without paths or patterns of device names.
_SHOWN_SETTINGS: Mapping[str, frozenset[str]] = {
    "rank": frozenset(("by", "tie_jod")),
    "score": frozenset(("model", "precision", "face_rule", "working_side_px")),
}


def competes_with_firmware(run: Run) -> bool:
    """True if the firmwares of a device compete with each other."""
    return any(row.firmware is not None for row in run.tables.device_ranks)


def key_of(
    row: CaptureRow | DeviceRank | SceneRank | FaultEffect, with_firmware: bool
) -> Competitor | None:
    """The competitor that a row belongs to; None: a file outside of any device."""
    if row.device is None:
        return None
    return Competitor(row.device, row.firmware if with_firmware else None)


@dataclass(frozen=True, slots=True)
class Mask:
    """Replacements for every name in a blind report.

    Attributes:
        letters: of competitors.
        with_firmware: whether firmwares compete.
        scenes, conditions: their names, changed where they name a device.
        paths: of captures.
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
        scenes = finder.renamed(
            [*(row.scene for row in rows), *run.info.get("scenes", {})], "scene"
        )
        noted = [scene.get("condition") for scene in run.info.get("scenes", {}).values()]
        conditions = finder.renamed([*(row.condition for row in rows), *noted], "condition")
        with_firmware = competes_with_firmware(run)
        return cls(
            letters=letters,
            with_firmware=with_firmware,
            scenes=scenes,
            conditions=conditions,
            paths=_paths(rows, scenes, letters, with_firmware),
            decoders="; ".join(sorted({row.decoder for row in rows if row.decoder})),
            finder=finder,
        )

    def tables(self, tables: Tables) -> Tables:
        """The tables under new names; timings aside, which no page shows."""
        return Tables(
            captures=self._captures(tables.captures),
            scene_ranks=_by_letter(
                [self._scene_rank(row) for row in tables.scene_ranks],
                lambda row: (row.scene, row.condition, row.rank),
            ),
            device_ranks=_by_letter(
                [self._device_rank(row) for row in tables.device_ranks],
                lambda row: (row.condition, row.league, row.rank),
            ),
            pairs=[self._pair(row) for row in tables.pairs],
            timings=[],
            faults=[self._fault(row) for row in tables.faults],
            agreement=[self._agreement(row) for row in tables.agreement],
        )

    def _captures(self, rows: Sequence[CaptureRow]) -> list[CaptureRow]:
        """The captures, by scene and letter: the order of their files would reveal names."""
        shown = [self._capture(row) for row in rows]
        order = {scene: place for place, scene in enumerate(dict.fromkeys(self.scenes.values()))}
        return sorted(shown, key=lambda row: (order[row.scene], _alphabetic(row.device)))

    def _capture(self, row: CaptureRow) -> CaptureRow:
        path, take = self.paths[row.path]
        masked: dict[str, Any] = {
            **dict.fromkeys(_HIDDEN),
            "path": path,
            "take": take,
            "scene": self.scenes.get(row.scene, row.scene),
            "device": self._letter(key_of(row, self.with_firmware)),
            "firmware": None,
            "condition": self.conditions.get(row.condition, row.condition),
            "decoder": self.decoders if row.decoder else None,
        }
        if row.reason is not None:
            masked["reason"] = "hidden in a blind report"
        return replace(row, **masked)

    def _letter(self, who: Competitor | None) -> str | None:
        return None if who is None else self.letters.get(who)

    def _scene_rank(self, row: SceneRank) -> SceneRank:
        return replace(
            row,
            scene=self.scenes.get(row.scene, row.scene) or row.scene,
            device=self._letter(key_of(row, self.with_firmware)) or "",
            firmware=None,
            condition=self.conditions.get(row.condition, row.condition),
        )

    def _fault(self, row: FaultEffect) -> FaultEffect:
        return replace(
            row,
            device=self._letter(key_of(row, self.with_firmware)) or "",
            firmware=None,
            condition=self.conditions.get(row.condition, row.condition),
        )

    def _device_rank(self, row: DeviceRank) -> DeviceRank:
        return replace(
            row,
            device=self._letter(key_of(row, self.with_firmware)) or "",
            firmware=None,
            condition=self.conditions.get(row.condition, row.condition),
            worst_capture=self._path(row.worst_capture),
            reference=self._reference(row.reference),
            note=self._note(row.note, row.reference),
        )

    def _note(self, note: str | None, reference: str | None = None) -> str | None:
        """The parts of a note that name no device; the reference goes by its letter."""
        if note is None:
            return None
        parts = note.split("; ")
        if reference is not None:
            told = f"the reference {reference} "
            letter = self._reference(reference)
            shown = "the reference" if letter == "the reference" else f"the reference {letter}"
            parts = [part.replace(told, f"{shown} ") for part in parts]
        return "; ".join(part for part in parts if self.finder.clean(part)) or None

    def _pair(self, row: PairRank) -> PairRank:
        """A pair, A still the better one."""
        a, b = Competitor(row.device_a, row.firmware_a), Competitor(row.device_b, row.firmware_b)
        if not self.with_firmware:
            a, b = Competitor(a.device), Competitor(b.device)
        return replace(
            row,
            device_a=self._letter(a) or "",
            firmware_a=None,
            device_b=self._letter(b) or "",
            firmware_b=None,
            condition=self.conditions.get(row.condition, row.condition),
            note=self._note(row.note),
        )

    def _agreement(self, row: Agreement) -> Agreement:
        """A figure of agreement; models are named, devices are not."""
        who = row.competitor
        if who is not None and not self.with_firmware:
            who = Competitor(who.device)
        return replace(
            row,
            model_a=self._word(row.model_a),
            model_b=self._word(row.model_b),
            scene=self.scenes.get(row.scene, row.scene),
            condition=self.conditions.get(row.condition, row.condition),
            device=self._letter(who),
            firmware=None,
            note=self.finder.clean(row.note),
        )

    def _path(self, path: str | None) -> str | None:
        return None if path is None else self.paths[path][0]

    def _reference(self, name: str | None) -> str | None:
        """The letter of a reference, which the tables have as `DEVICE` or `DEVICE@FIRMWARE`."""
        names = {competitor.name: letter for competitor, letter in self.letters.items()}
        return None if name is None else names.get(name, "the reference")

    def source(self, source: ScoreSource) -> ScoreSource:
        """The source of the scores, with masked names."""
        name, title = (self._word(text) for text in (source.name, source.title))
        if isinstance(source, GivenScores):
            return replace(source, name=name, title=title)
        return replace(source, name=name, title=title, trained_on=self._word(source.trained_on))

    def _word(self, text: str) -> str:
        return self.finder.clean(text) or "hidden"

    def info(
        self, info: Mapping[str, Any], mark: str, open_warnings: Sequence[str]
    ) -> dict[str, Any]:
        """run.json without what names devices, files or folders.

        Args:
            info: run.json.
            mark: see `BlindKey`.
            open_warnings: those that the lab doesn't know.
        """
        settings = info.get("settings", {})
        return {
            **{name: facts for name, facts in info.items() if name not in _SOURCE_FACTS},
            "blind": mark,
            "scenes": {
                self.scenes.get(n, n): self._scene_facts(s)
                for n, s in info.get("scenes", {}).items()
            },
            "settings": {
                **{name: settings[name] for name in _BARE_SETTINGS if name in settings},
                **{
                    group: {name: v for name, v in settings.get(group, {}).items() if name in shown}
                    for group, shown in _SHOWN_SETTINGS.items()
                },
            },
            "warnings": _hidden_warnings(open_warnings, info.get("gates", ())),
            "gates": [],
            "expected": None,
            "provenance": {},
            **self._further(info),
        }

    def _further(self, info: Mapping[str, Any]) -> dict[str, Any]:
        """The further models of a run, with masked names."""
        if "further_models" not in info:
            return {}
        models = [
            {**facts, **{key: self._word(facts[key]) for key in ("name", "title")}}
            for facts in info["further_models"]
        ]
        return {"further_models": models}

    def _scene_facts(self, scene: Mapping[str, Any]) -> dict[str, Any]:
        """Content of scene.toml, without texts that name a device."""
        facts = {name: self.finder.clean(scene.get(name)) for name in ("title", "notes")}
        name, condition = scene.get("name"), scene.get("condition")
        return {
            **facts,
            "name": self.scenes.get(name, name),
            "condition": self.conditions.get(condition, condition),
        }


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
    for row in rows:
        who = key_of(row, with_firmware)
        names = [scenes[row.scene], None if who is None else letters.get(who)]
        skipped = row.status == "skipped"
        cell = tuple(name for name in [*names, "skipped" if skipped else None] if name)
        counts[cell] += 1
        number = str(counts[cell])
        paths[row.path] = "/".join((*cell, number)), None if skipped else number
    return paths


def _hidden_warnings(warnings: Sequence[str], gates: Sequence[Any]) -> list[str]:
    counts = {"warning": len(warnings), "gate": len(gates)}
    return [
        f"{counted(count, noun)} of this run may name devices and can't be shown in a blind report"
        for noun, count in counts.items()
        if count
    ]


def _by_letter(rows: Sequence[_Rank], group_of: Callable[[_Rank], Hashable]) -> list[_Rank]:
    """Rows in their order, those of one group (a ranking and a rank) by letter."""
    groups = {group: n for n, group in enumerate(dict.fromkeys(map(group_of, rows)))}
    return sorted(rows, key=lambda row: (groups[group_of(row)], _alphabetic(row.device)))


def _alphabetic(letter: str | None) -> tuple[int, str]:
    """Letters in the order A ... Z, AA; none first."""
    return len(letter or ""), letter or ""


@dataclass(frozen=True, slots=True)
class BlindKey:
    """The competitor behind every letter of a blind report.

    Attributes:
        mark: identifies the state of the run that the letters belong to; pages show it too.
        letters: of every competitor.
    """

    mark: str
    letters: Mapping[Competitor, str]

    def csv_bytes(self) -> bytes:
        """The key as a table: `letter, device, firmware, key`, by letter."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(("letter", "device", "firmware", "key"))
        for (device, firmware), letter in self.letters.items():
            writer.writerow((letter, harmless(device), harmless(firmware or ""), self.mark))
        return text.getvalue().encode("utf-8-sig", "surrogatepass")


def blinded(run: Run) -> tuple[Run, BlindKey]:
    """The same run with letters for devices, and the key to them.

    Letters follow the hash of a device's name and the captures, so they don't reveal the ranking
    or the alphabet, stay when pages are made again, and change with the captures.

    Args:
        run: as it was loaded; left as it is.
    """
    digest = str(run.info["files"]["captures.parquet"])
    key = BlindKey(digest[:12], _letters(run, digest))
    mask = Mask.of(run, key.letters)
    source = mask.source(run.source)
    shown = Run(
        folder=run.folder,
        info=mask.info(run.info, key.mark, parted_warnings(run)[0]),
        source=source,
        recipe=replace(run.recipe, model=source.name),
        tables=mask.tables(run.tables),
    )
    return shown, key


def load_shown(run_folder: Path, *, blind: bool) -> tuple[Run, BlindKey | None]:
    """A run as pages show it, and the key to its letters where it is `blind`.

    Raises:
        PiqaError: see `load_run`.
    """
    run = load_run(run_folder)
    return blinded(run) if blind else (run, None)


def write_key(run_folder: Path, key: BlindKey | None) -> None:
    """Writes the key of a blind report into the run; does nothing where there are no letters."""
    if key is not None:
        write_whole(run_folder / KEY_FILE, key.csv_bytes())


def _letters(run: Run, digest: str) -> dict[Competitor, str]:
    with_firmware = competes_with_firmware(run)
    known: list[DeviceRank | CaptureRow] = [*run.tables.device_ranks, *run.tables.captures]
    keys = {key for row in known if (key := key_of(row, with_firmware)) is not None}
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


def remove_named_views(run_folder: Path, *, single_file: bool, figures: bool) -> list[str]:
    """Removes views of earlier calls that may name the devices; the tables stay.

    Args:
        run_folder: of the run.
        single_file: the one-file report is blind: it was made just now.
        figures: so are the figures.

    Returns:
        Names of what was removed.
    """
    removed = []
    one = run_folder / SINGLE_FILE
    if not single_file and one.is_file() and _BLIND_MARK not in one.read_text("utf-8"):
        one.unlink()
        removed.append(SINGLE_FILE)
    drawn = run_folder / FIGURES
    if not figures and drawn.is_dir() and any(drawn.iterdir()):
        clear_figures(drawn)
        removed.append(FIGURES)
    for part in runs_of_models(run_folder):
        if (part / REPORT).is_dir():
            shutil.rmtree(part / REPORT)
            removed.append(f"{MODELS}/{part.name}/{REPORT}")
        drop_older_views(part)
    return removed
