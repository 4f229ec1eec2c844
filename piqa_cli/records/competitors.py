"""Devices, or devices with a firmware, as ranking, pages and commands name them."""

from __future__ import annotations

from typing import NamedTuple


class Competitor(NamedTuple):
    """Who is ranked: a device, or a device with one firmware; equal to the tuple of both."""

    device: str
    firmware: str | None = None

    @property
    def name(self) -> str:
        """As `--reference` and the tables have it: `DEVICE` or `DEVICE@FIRMWARE`."""
        return self.device if self.firmware is None else f"{self.device}@{self.firmware}"

    @property
    def label(self) -> str:
        """As pages show it: `DEVICE` or `DEVICE · FIRMWARE`."""
        return " · ".join(part for part in self if part)

    @property
    def spaced(self) -> str:
        """As `--map` and `--reference` take it too: `DEVICE FIRMWARE`."""
        return " ".join(part for part in self if part)

    def is_called(self, text: str) -> bool:
        """Whether a text names it, in any of these spellings."""
        return text in (self.name, self.label, self.spaced)
