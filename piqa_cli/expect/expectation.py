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
    ) -> Shortfall:
        """Holds the captures of a run against it.

        Args:
            now: the captures found, scored or failed.
            chooser: `--only` and `--exclude`; what they leave out isn't missing.
            conditions: of the scenes found.
            also_devices: further devices of which there must be a capture.
        """
        found = counted(now)
        before = sightings_of_rows(self.base)
        expected = counted(before) if self.base else expected_by_lists(self.asked, found)
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
        Sighting(row.scene, row.device, row.sha256, phone_of(row.exif_make, row.exif_model))
        for row in rows
    ]


def sightings_of_results(results: Iterable[AnyResult]) -> list[Sighting]:
    """Captures of this run, as far as they tell their devices."""
    return [_sighting(result) for result in results]


def _sighting(result: AnyResult) -> Sighting:
    capture = result.capture
    if isinstance(result, Given):
        return Sighting(capture.scene, capture.device, result.sha256)
    facts = result.facts
    if facts is None:
        return Sighting(capture.scene, capture.device)
    phone = phone_of(facts.exif.make, facts.exif.model)
    return Sighting(capture.scene, capture.device, facts.sha256, phone)


def counted(seen: Iterable[Sighting]) -> dict[Cell, int]:
    """Number of captures by scene and device."""
    return dict(Counter((sighting.scene, sighting.device) for sighting in seen))


def within(expected: Cells, chooser: Chooser) -> dict[Cell, int]:
    """The cells that `--only` and `--exclude` leave."""
    return {cell: n for cell, n in expected.items() if chooser.takes(*cell)}
