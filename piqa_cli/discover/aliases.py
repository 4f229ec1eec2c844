"""The table `[devices]` of piqa.toml: other names of devices, and the name that holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from piqa_cli.discover.names import as_label, has_letters, spelling
from piqa_cli.records import Capture, Competitor, DeviceRank, FailedFolder, SceneRank, Skipped
from piqa_cli.records.capture_row import CaptureRow
from piqa_cli.records.device_names import DeviceName
from piqa_cli.records.ranks import FaultEffect
from piqa_cli.settings_file import SettingsFile, shown

_AT = re.compile("[@＠﹫]")  # equal by compatibility form
_Key = tuple[str, str | None]
"""Spelling of a device, and of its firmware where a name has one."""
_Named = TypeVar(
    "_Named", Capture, Skipped, FailedFolder, CaptureRow, SceneRank, DeviceRank, FaultEffect
)


def parse_devices(table: Any, file: SettingsFile) -> tuple[DeviceName, ...]:
    """The entries of `[devices]`, in the order of the file.

    Args:
        table: what the file has under `devices`; None: nothing.
        file: for messages.

    Raises:
        PiqaError: no list of names, an alias of two names, a name that is an alias of another.
    """
    if table is None:
        return ()
    if not isinstance(table, dict):
        raise file.error("'devices' must be a table: write NAME = [ALIASES] under [devices]")
    entries = tuple(_entry(name, aliases, file) for name, aliases in table.items())
    _refuse_clashes(entries, file)
    return entries


def _entry(name: str, aliases: Any, file: SettingsFile) -> DeviceName:
    if not isinstance(aliases, list):
        raise file.error(f'devices.{name!r} must be a list such as ["..."], not {shown(aliases)}')
    for alias in aliases:
        if not isinstance(alias, str):
            raise file.error(f"devices.{name!r} must list texts in quotes, not {shown(alias)}")
    if not all(as_label(text) for text in (name, *aliases)):
        raise file.error(f"devices.{name!r}: a name is blank")
    entry = DeviceName(as_label(name), tuple(map(as_label, aliases)))
    has_firmware = _split(entry.name).firmware is not None
    for alias in entry.aliases:
        if (_split(alias).firmware is not None) != has_firmware:
            raise file.error(
                f"devices.{name!r}: {alias!r} {'lacks' if has_firmware else 'names'} a firmware; "
                "write DEVICE@FIRMWARE on both sides or on none"
            )
    return entry


def _refuse_clashes(entries: Sequence[DeviceName], file: SettingsFile) -> None:
    names: dict[_Key, str] = {}
    for entry in entries:
        first = names.setdefault(_key(entry.name), entry.name)
        if first is not entry.name:
            raise file.error(f"[devices] {first!r} and {entry.name!r} are one name: keep one")
    owners: dict[_Key, str] = {}
    for entry in entries:
        for alias in entry.aliases:
            key = _key(alias)
            owner = owners.setdefault(key, entry.name)
            if owner is not entry.name:
                raise file.error(
                    f"[devices] {alias!r} is an alias of {owner!r} and of {entry.name!r}: keep one"
                )
            if names.get(key, entry.name) is not entry.name:
                raise file.error(
                    f"[devices] {names[key]!r} is a name and an alias of {entry.name!r}: "
                    f"put all its aliases under {entry.name!r}"
                )


@dataclass(frozen=True, slots=True)
class Aliases:
    """Looks up the name that holds. An alias matches in every spelling of it.

    Attributes:
        devices: names of devices, by the spelling of every name and alias.
        builds: devices with one firmware, by the spellings of both.
    """

    devices: Mapping[str, str]
    builds: Mapping[tuple[str, str], Competitor]

    @classmethod
    def of(cls, entries: Iterable[DeviceName]) -> Aliases:
        """The look-up of checked entries."""
        devices: dict[str, str] = {}
        named = [(entry.name, text) for entry in entries for text in (entry.name, *entry.aliases)]
        for name, text in named:
            if _split(text).firmware is None:
                devices[spelling(text).key] = name
        builds: dict[tuple[str, str], Competitor] = {}
        for name, text in named:
            who, holds = _split(text), _split(name)
            if who.firmware is not None:
                device = devices.get(spelling(who.device).key, who.device)
                key = spelling(device).key, spelling(who.firmware).key
                builds[key] = Competitor(
                    devices.get(spelling(holds.device).key, holds.device), holds.firmware
                )
        return cls(devices, builds)

    def __bool__(self) -> bool:
        """True if any name is looked up at all."""
        return bool(self.devices or self.builds)

    def canonical(self, device: str, firmware: str | None = None) -> Competitor:
        """The device, and its firmware, under the names that hold."""
        who = Competitor(self.devices.get(spelling(device).key, device), firmware)
        if firmware is not None:
            return self._build(who) or who
        # Without a level for the firmware, a folder may be called DEVICE@FIRMWARE.
        split = _split(device)
        build = self._build(split)
        if build is not None:
            return Competitor(build.name)
        holds = self.devices.get(spelling(split.device).key)
        if split.firmware is None or holds is None or spelling(device).key in self.devices:
            return who
        return Competitor(Competitor(holds, split.firmware).name)

    def _build(self, who: Competitor) -> Competitor | None:
        if who.firmware is None:
            return None
        device = self.devices.get(spelling(who.device).key, who.device)
        return self.builds.get((spelling(device).key, spelling(who.firmware).key))

    def text(self, name: str) -> str:
        """The name that holds for `DEVICE` or `DEVICE@FIRMWARE`, as commands are given it."""
        if not self or spelling(name).key in self.devices:
            return self.canonical(name).device
        who = _split(name)
        return self.canonical(*who).name

    def renamed(self, row: _Named) -> _Named:
        """A record with the names that hold; the same one where they hold already."""
        if row.device is None or not self:
            return row
        if isinstance(row, Skipped):
            return replace(row, device=self.canonical(row.device).device)
        who = self.canonical(row.device, row.firmware)
        if who == (row.device, row.firmware):
            return row
        return replace(row, device=who.device, firmware=who.firmware)


def _split(text: str) -> Competitor:
    """Device and firmware of `DEVICE@FIRMWARE`; signs alone are no firmware.

    >>> _split("kestrin k2@2.1-rc3")
    Competitor(device='kestrin k2', firmware='2.1-rc3')
    """
    device, at, firmware = (part.strip() for part in _AT.sub("@", text).rpartition("@"))
    if at and has_letters(device) and has_letters(firmware):
        return Competitor(device, firmware)
    return Competitor(text)


def _key(text: str) -> _Key:
    who = _split(text)
    return spelling(who.device).key, who.firmware and spelling(who.firmware).key
