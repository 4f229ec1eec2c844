"""Records of what was expected of a run and is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_SHOWN = 3  # names in a line


@dataclass(frozen=True, slots=True)
class ShortCell:
    """A device in a scene with fewer captures than expected.

    Attributes:
        scene, condition, device: where; the condition None: not known.
        expected, found: numbers of captures.
    """

    scene: str
    condition: str | None
    device: str
    expected: int
    found: int


@dataclass(frozen=True, slots=True)
class Renamed:
    """A device that looks like an expected one under another name.

    Attributes:
        old, new: its name where it was expected, and the one found.
        why: what they share: files, or the phone of their EXIF.
    """

    old: str
    new: str
    why: str

    @property
    def text(self) -> str:
        """One line for people, with what to do."""
        return (
            f"looks like {self.old!r} renamed to {self.new!r} ({self.why}): "
            "map it in [devices] of piqa.toml"
        )


@dataclass(frozen=True, slots=True)
class Shortfall:
    """An expectation in numbers, and all that is missing of it.

    Attributes:
        asked_by: whoever expects it, in words: `[expect]` of a settings file, or BASE.
        n_devices, n_scenes, n_cells, n_takes: numbers expected; a cell is a device in a scene.
        devices, scenes: those without any capture.
        cells: those with fewer captures than expected, by scene, then device; those of missing
            devices and scenes are among them.
        renamed: devices that look like missing ones.
    """

    asked_by: str
    n_devices: int
    n_scenes: int
    n_cells: int
    n_takes: int
    devices: tuple[str, ...] = ()
    scenes: tuple[str, ...] = ()
    cells: tuple[ShortCell, ...] = ()
    renamed: tuple[Renamed, ...] = ()

    @property
    def empty_cells(self) -> tuple[ShortCell, ...]:
        """Cells without any capture."""
        return tuple(cell for cell in self.cells if not cell.found)

    @property
    def missing_takes(self) -> int:
        """Number of captures that are missing."""
        return sum(cell.expected - cell.found for cell in self.cells)

    @property
    def is_whole(self) -> bool:
        """True if nothing is missing."""
        return not (self.devices or self.scenes or self.cells)

    @property
    def lines(self) -> tuple[str, ...]:
        """One line on all that is missing, then one for each device that looks renamed."""
        renamed = tuple(item.text for item in self.renamed)
        if self.is_whole:
            return renamed
        cells = [f"{cell.device} in {cell.scene}" for cell in self.empty_cells]
        takes = f"{self.missing_takes:,} of {self.n_takes:,} captures" * bool(self.missing_takes)
        parts = (
            _part(self.devices, self.n_devices, "devices"),
            _part(self.scenes, self.n_scenes, "scenes"),
            _part(cells, self.n_cells, "cells"),
            takes,
        )
        return (f"missing of what {self.asked_by}: {', '.join(filter(None, parts))}", *renamed)


def _part(names: Sequence[str], total: int, noun: str) -> str:
    """`2 of 4 devices (a, b)`; empty: none is missing."""
    if not names:
        return ""
    more = ", ..." if len(names) > _SHOWN else ""
    return f"{len(names):,} of {total:,} {noun} ({', '.join(names[:_SHOWN])}{more})"
