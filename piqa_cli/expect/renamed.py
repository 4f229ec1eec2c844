"""Devices that came back under another name: known by their files, or by the phone in EXIF.

A phone whose folder is renamed looks like one phone that vanished and one that is new. Only a pair
that is sure enough is named: nothing is joined here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from piqa_cli.natural import natural
from piqa_cli.records.expected import Renamed


class Sighting(NamedTuple):
    """A capture as far as it tells its device.

    Attributes:
        scene, device: its names.
        sha256: of the file; None: not known.
        phone: EXIF Make and Model; None: not known.
        pixels_sha256: of what was scored of it; None: not known.
    """

    scene: str
    device: str
    sha256: str | None = None
    phone: tuple[str, str] | None = None
    pixels_sha256: str | None = None


def phone_of(make: str | None, model: str | None) -> tuple[str, str] | None:
    """The phone by EXIF; without a Model EXIF says nothing."""
    return ((make or "").strip(), model.strip()) if model and model.strip() else None


def renamed_devices(before: Iterable[Sighting], now: Iterable[Sighting]) -> tuple[Renamed, ...]:
    """Pairs of a device of before and one of now that look like the same under two names.

    By content: a new name holds files of an old one, or a name that has gone has its files under
    another one. By EXIF: a new name has the phone of exactly one old name, which has no captures
    left in the scenes of the new one. Names that keep their files aren't looked at.

    Args:
        before: captures that were expected, or those of BASE.
        now: captures of this run.
    """
    old, new = _by_device(before), _by_device(now)
    found = {(pair.old, pair.new): pair for pair in _by_content(old, new)}
    known = {pair.new for pair in found.values()}
    for pair in _by_exif(old, new):
        if pair.new not in known:
            found[pair.old, pair.new] = pair
    return tuple(
        found[names] for names in sorted(found, key=lambda names: tuple(map(natural, names)))
    )


_Devices = dict[str, list[Sighting]]


def _by_device(seen: Iterable[Sighting]) -> _Devices:
    devices: _Devices = defaultdict(list)
    for sighting in seen:
        devices[sighting.device].append(sighting)
    return dict(devices)


def _by_content(old: _Devices, new: _Devices) -> Iterable[Renamed]:
    owners: dict[str, set[str]] = defaultdict(set)
    for device, seen in old.items():
        for sighting in seen:
            if sighting.sha256:
                owners[sighting.sha256].add(device)
    for device, seen in new.items():
        files = {sighting.sha256 for sighting in seen if sighting.sha256}
        shared = Counter(
            owner
            for sha256 in files
            for owner in owners.get(sha256, ())
            if device not in owners[sha256] and (owner not in new or device not in old)
        )
        if shared:
            owner, count = shared.most_common(1)[0]
            same = "1 file is the same" if count == 1 else f"{count} files are the same"
            yield Renamed(owner, device, same)


def _by_exif(old: _Devices, new: _Devices) -> Iterable[Renamed]:
    phones = {device: _main_phone(seen) for device, seen in old.items()}
    for device, seen in new.items():
        phone = _main_phone(seen)
        if device in old or phone is None:
            continue
        scenes = {sighting.scene for sighting in seen}
        alike = [
            name
            for name, own in old.items()
            if phones[name] == phone
            and any(sighting.scene in scenes for sighting in own)
            and not any(sighting.scene in scenes for sighting in new.get(name, ()))
        ]
        if len(alike) == 1:
            yield Renamed(alike[0], device, f"EXIF: {_phone_text(phone)}")


def _main_phone(seen: Sequence[Sighting]) -> tuple[str, str] | None:
    """The phone of more than half of a device's captures that name one."""
    phones = Counter(sighting.phone for sighting in seen if sighting.phone)
    if not phones:
        return None
    phone, count = phones.most_common(1)[0]
    return phone if 2 * count > phones.total() else None


def _phone_text(phone: tuple[str, str]) -> str:
    make, model = phone
    return model if make.casefold() in model.casefold() else f"{make} {model}"
