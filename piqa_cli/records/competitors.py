"""Devices, or devices with a firmware, as ranking, pages and commands name them."""

from __future__ import annotations

from typing import NamedTuple


class Competitor(NamedTuple):
    """A device, or a device with one firmware, that is ranked; equal to the tuple of both."""

    device: str
    firmware: str | None = None

    @property
    def name(self) -> str:
        """Name in the tables and for `--reference`: `DEVICE` or `DEVICE@FIRMWARE`."""
        return self.device if self.firmware is None else f"{self.device}@{self.firmware}"

    @property
    def label(self) -> str:
        """Name on pages: `DEVICE` or `DEVICE · FIRMWARE`."""
        return " · ".join(part for part in self if part)

    @property
    def spaced(self) -> str:
        """Name that `--map` and `--reference` accept too: `DEVICE FIRMWARE`."""
        return " ".join(part for part in self if part)

    def is_called(self, text: str) -> bool:
        """True if a text is the competitor's name in one of these three spellings."""
        return text in (self.name, self.label, self.spaced)
