"""An expectation, and a run held against it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from piqa_cli.discover.aliases import Aliases
from piqa_cli.discover.only_exclude import Chooser
from piqa_cli.errors import PiqaError
from piqa_cli.expect.cells import Cell, Cells, expected_by_lists, shortfall
from piqa_cli.expect.renamed import Sighting, phone_of, renamed_devices
from piqa_cli.past_runs import open_named
from piqa_cli.records.capture_row import CaptureRow, TriedRow
from piqa_cli.records.device_names import DeviceName
from piqa_cli.records.equals import first_of_equals
from piqa_cli.records.expected import Shortfall
from piqa_cli.records.results import Given
from piqa_cli.records.runs import AnyResult
from piqa_cli.settings import ExpectSettings


@dataclass(frozen=True, slots=True)
class Expectation:
    """Devices, scenes and takes that a run must have.

    Attributes:
        asked: `[expect]` of piqa.toml.
        base: captures of the run that it names; empty: it names none.
    """

    asked: ExpectSettings
    base: tuple[TriedRow, ...] = ()

    def check(
        self,
        now: Sequence[Sighting],
        chooser: Chooser,
        *,
        conditions: Mapping[str, str | None],
        also_devices: Collection[str] = (),
        renamed: Mapping[str, str] | None = None,
    ) -> Shortfall:
        """Holds the captures of a run against it.

        Args:
            now: the captures found, scored or failed.
            chooser: `--only` and `--exclude`; what they leave out isn't missing.
            conditions: of the scenes found.
            also_devices: further devices of which there must be a capture.
            renamed: names of expected devices in this run, where they are others: `--map`.
        """
        found, names = counted(now), renamed or {}
        before = [
            sighting._replace(device=names.get(sighting.device, sighting.device))
            for sighting in sightings_of_rows(self.base)
        ]
        asked = self.asked
        if asked.devices is not None:
            devices = dict.fromkeys(names.get(name, name) for name in asked.devices)
            asked = replace(asked, devices=tuple(devices))
        expected = counted(before) if self.base else expected_by_lists(asked, found)
        known = {row.scene: row.condition for row in self.base} | dict(conditions)
        return shortfall(
            within(expected, chooser),
            found,
            asked_by=f"[expect] in {self.asked.file} asks for",
            conditions=known,
            also_devices=also_devices,
            renamed=renamed_devices(before, now),
        )


def open_expectation(
    asked: ExpectSettings | None, devices: Sequence[DeviceName] = ()
) -> Expectation | None:
    """Reads the run that an expectation names; None: nothing is expected.

    Args:
        asked: `[expect]`.
        devices: other names of devices, of `[devices]`.

    Raises:
        PiqaError: it isn't there, can't be read, or holds no captures.
    """
    if asked is None:
        return None
    if asked.base is None:
        return Expectation(_under_names_that_hold(asked, Aliases.of(devices)))
    try:
        base = captures_of(open_named(asked.base, devices).tables.captures)
    except PiqaError as error:
        raise PiqaError(f"{asked.file}: 'from' in [expect]: {error}") from error
    if not base:
        raise PiqaError(f"{asked.file}: 'from' in [expect]: {asked.base} holds no capture")
    return Expectation(asked, base)


def _under_names_that_hold(asked: ExpectSettings, aliases: Aliases) -> ExpectSettings:
    if asked.devices is None:
        return asked
    return replace(asked, devices=tuple(dict.fromkeys(map(aliases.text, asked.devices))))


def captures_of(rows: Iterable[CaptureRow]) -> tuple[TriedRow, ...]:
    """The captures among the rows of a table, scored or failed."""
    return tuple(row for row in rows if isinstance(row, TriedRow))


def sightings_of_rows(rows: Iterable[TriedRow]) -> list[Sighting]:
    """Captures of a table, as far as they tell their devices."""
    return [
        Sighting(
            row.scene,
            row.device,
            row.sha256,
            phone_of(row.exif_make, row.exif_model),
            row.pixels_sha256,
        )
        for row in rows
    ]


def sightings_of_results(results: Iterable[AnyResult]) -> list[Sighting]:
    """Captures of this run, as far as they tell their devices."""
    return [_sighting(result) for result in results]


def _sighting(result: AnyResult) -> Sighting:
    capture = result.capture
    if isinstance(result, Given):
        return Sighting(
            capture.scene, capture.device, result.sha256, pixels_sha256=result.pixels_sha256
        )
    facts = result.facts
    if facts is None:
        return Sighting(capture.scene, capture.device)
    phone = phone_of(facts.exif.make, facts.exif.model)
    return Sighting(capture.scene, capture.device, facts.sha256, phone, facts.pixels_sha256)


def counted(seen: Iterable[Sighting]) -> dict[Cell, int]:
    """Number of captures by scene and device; a picture that lies there twice counts once."""
    rows = list(seen)
    firsts = first_of_equals(
        [
            (row.scene, row.device, content)
            for content in (row.sha256, row.pixels_sha256)
            if content is not None
        ]
        for row in rows
    )
    first = (row for n, row in enumerate(rows) if firsts[n] == n)
    return dict(Counter((row.scene, row.device) for row in first))


def within(expected: Cells, chooser: Chooser) -> dict[Cell, int]:
    """The cells that `--only` and `--exclude` leave."""
    return {cell: n for cell, n in expected.items() if chooser.takes(*cell)}
