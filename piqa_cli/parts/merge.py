"""Makes one run's outcomes of its parts, or refuses parts that don't belong together."""

from __future__ import annotations

import heapq
import shutil
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from piqa_cli.atomic import replacing
from piqa_cli.errors import PiqaError
from piqa_cli.models.catalogue import spec_of
from piqa_cli.parts.folder import PART_JSON, Part, open_part
from piqa_cli.parts.rows import Plain, capture_of, choices_of, found_of, result_of
from piqa_cli.records import Capture, Discovery, Failed, Findings, Recipe, Scored, Timing
from piqa_cli.records.device_names import DeviceName
from piqa_cli.records.on_demand import each
from piqa_cli.records.recipe import PART_NAMES
from piqa_cli.records.timings import Timings
from piqa_cli.runs.folder import PICTURES
from piqa_cli.runs.table_set import unwritable
from piqa_cli.score.outcome_store import room_for_scores


@dataclass(frozen=True, slots=True)
class _OfModel:
    """Outcomes by one model; row by row they are added.

    Attributes:
        scored, failed, fingerprints: by capture path.
        timings: of the captures that were scored for the parts.
    """

    scored: MutableMapping[str, Scored]
    failed: dict[str, Failed] = field(default_factory=dict)
    fingerprints: dict[str, str] = field(default_factory=dict)
    timings: Timings = field(default_factory=Timings)

    def add(self, model: int, row: Plain, capture: Capture) -> None:
        """Adds the outcome of a capture."""
        path, result = capture.path, result_of(row["results"][model], capture)
        if isinstance(result, Failed):
            self.failed[path] = result
        else:
            self.scored[path] = result
        if (fingerprint := row["fingerprints"][model]) is not None:
            self.fingerprints[path] = fingerprint
        self.timings.extend(Timing(path, stage, s) for stage, s in row["timings"][model])

    def result_of(self, capture: Capture) -> Scored | Failed:
        """The outcome of a capture."""
        if capture.path in self.scored:
            return replace(self.scored[capture.path], capture=capture)
        return self.failed[capture.path]


def _incomplete() -> PiqaError:
    return PiqaError("the parts don't hold every capture once: score their shards again")


@dataclass(frozen=True, slots=True)
class Parts:
    """All parts of a run, in the order of their shards."""

    parts: tuple[Part, ...]

    @property
    def choices(self) -> Mapping[str, Any]:
        """Settings that decided what was scored and how, by their names in `RunSettings`."""
        return choices_of(self.parts[0].facts["settings"])

    @property
    def model(self) -> str:
        """Name of the first model."""
        return str(self.parts[0].facts["recipes"][0]["model"])

    def outcomes(self) -> tuple[Discovery, list[Findings[Scored | Failed]]]:
        """The search, and the outcomes by each model, as one run has them.

        Raises:
            PiqaError: a part is damaged.
        """
        facts = self.parts[0].facts
        captures: list[Capture] = []
        of_models = [_OfModel(room_for_scores(facts["captures"])) for _ in facts["recipes"]]
        for row in heapq.merge(*(part.rows() for part in self.parts), key=_place):
            if row["place"] != len(captures):
                raise _incomplete()
            captures.append(capture_of(row["capture"]))
            for model, own in enumerate(of_models):
                own.add(model, row, captures[-1])
        if len(captures) != facts["captures"]:
            raise _incomplete()
        findings = [self._findings(model, own, captures) for model, own in enumerate(of_models)]
        return found_of(facts["found"], tuple(captures)), findings

    def _findings(
        self, model: int, own: _OfModel, captures: Sequence[Capture]
    ) -> Findings[Scored | Failed]:
        recipe = Recipe(**self.parts[0].facts["recipes"][model])
        hardware, mixed = self._hardware(model)
        warnings = [text for part in self.parts for text in part.facts["warnings"][model]]
        return Findings(
            results=each(captures, own.result_of),
            source=spec_of(recipe.model),
            recipe=recipe,
            fingerprints=own.fingerprints,
            timings=own.timings,
            reused=sum(part.facts["reused"][model] for part in self.parts),
            warnings=tuple(dict.fromkeys([*warnings, *(mixed if model == 0 else ())])),
            hardware=hardware,
        )

    def _hardware(self, model: int) -> tuple[Mapping[str, Any], tuple[str, ...]]:
        """Processor of the parts that scored anything, and a warning where they differ in kind."""
        of_parts = [part.facts["hardware"][model] for part in self.parts]
        scored = [facts for facts in of_parts if facts]
        kinds = sorted({facts["compute"] for facts in scored})
        mixed = (
            f"the parts were scored on different processors ({', '.join(kinds)}): scores differ "
            "in their last digits",
        )
        return scored[0] if scored else {}, mixed if len(kinds) > 1 else ()

    def copy_pictures(self, folder: Path) -> None:
        """Copies the parts' pictures into the run's folder of pictures.

        Raises:
            PiqaError: one can't be copied.
        """
        for part in self.parts:
            for file in sorted((part.folder / PICTURES).glob("[!.]*.webp")):
                try:
                    folder.mkdir(parents=True, exist_ok=True)
                    with replacing(folder / file.name) as target:
                        shutil.copyfile(file, target)
                except OSError as error:
                    raise unwritable(folder, error) from error


def open_parts(folders: Sequence[Path]) -> Parts:
    """Opens the parts of a run.

    Args:
        folders: of parts, or folders that hold the folders of parts.

    Raises:
        PiqaError: one is no complete part, one is missing or there twice, or they were made of
            other captures or with other settings than the first.
    """
    parts = sorted(map(open_part, _each(folders)), key=lambda part: part.shard.number)
    first = parts[0]
    for part in parts[1:]:
        _check_same_run(first, part)
    for one, next_one in pairwise(parts):
        if one.shard == next_one.shard:
            raise PiqaError(
                f"{one.folder} and {next_one.folder} are both shard {one.shard}: leave one out"
            )
    missing = sorted(set(range(1, first.shard.of + 1)) - {part.shard.number for part in parts})
    if missing:
        numbers = ", ".join(map(str, missing[:5])) + (", ..." if len(missing) > 5 else "")
        noun = "shard" if len(missing) == 1 else "shards"
        raise PiqaError(
            f"{noun} {numbers} of {first.shard.of} missing: name the folders of all shards, "
            "or score what is missing"
        )
    return Parts(tuple(parts))


def _each(folders: Sequence[Path]) -> Iterator[Path]:
    """Folders of single parts."""
    for folder in folders:
        within = [] if (folder / PART_JSON).exists() else sorted(folder.glob(f"*/{PART_JSON}"))
        yield from (file.parent for file in within)
        if not within:
            yield folder  # a part, or nothing that `open_part` takes


def _check_same_run(first: Part, other: Part) -> None:
    """Refuses a part of another run.

    Raises:
        PiqaError: it is one; the line says in which setting.
    """
    a, b = first.facts, other.facts
    if first.shard.of != other.shard.of:
        reason = f"shard {first.shard} and shard {other.shard}: cut all into as many"
    elif models := _different_models(a["recipes"], b["recipes"]):
        reason = f"scored with other settings ({models})"
    elif a["settings"]["pictures"] != b["settings"]["pictures"]:
        reason = "made with different --pictures"
    elif a["captures_sha256"] != b["captures_sha256"]:
        reason = (
            f"cut from other captures ({a['captures']} and {b['captures']} files): were some "
            "added, removed or renamed meanwhile?"
        )
    else:
        return
    raise PiqaError(f"{first.folder} and {other.folder} are no parts of one run, they are {reason}")


def _different_models(ours: Sequence[Plain], theirs: Sequence[Plain]) -> str:
    """Parts of the recipes that differ, in words; empty where none does."""
    if [recipe["model"] for recipe in ours] != [recipe["model"] for recipe in theirs]:
        return "models"
    names = {
        text
        for a, b in zip(ours, theirs, strict=True)
        for name, text in PART_NAMES.items()
        if a[name] != b[name]
    }
    return ", ".join(text for text in PART_NAMES.values() if text in names)


def _place(row: Plain) -> int:
    place: int = row["place"]
    return place


def with_devices(parts: Parts, devices: Sequence[DeviceName]) -> Mapping[str, Any]:
    """Settings of the parts, whose names of devices hold.

    Args:
        parts: of the run.
        devices: those that `[devices]` names now; none: there is no such table.

    Raises:
        PiqaError: `[devices]` has changed since.
    """
    choices = parts.choices
    if devices and tuple(devices) != choices["find"].devices:
        raise PiqaError(
            "[devices] names other devices than when the parts were scored: score the shards "
            "again, or use the settings file of then"
        )
    return choices
