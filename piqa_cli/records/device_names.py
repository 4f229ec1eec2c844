"""Devices and their other names, as `[devices]` in piqa.toml gives them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DeviceName:
    """One device: the name that tables and pages use, and the other names that mean it.

    Attributes:
        name: `DEVICE`, or `DEVICE@FIRMWARE` for one firmware of it.
        aliases: other spellings or older names; of the same form.
    """

    name: str
    aliases: tuple[str, ...] = ()
