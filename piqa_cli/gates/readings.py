"""Readings that gates judge, whichever command made them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from piqa_cli.records import Scale
from piqa_cli.records.gates import GateName
from piqa_cli.records.units import unit_word


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure of a device.

    Attributes:
        device, firmware: that the figure belongs to; the firmware where it competes too.
        scene: None: over scenes.
        condition: of the scene; without a scene: over the scenes of this condition.
        value: such as a regression in JOD (positive is worse), a preference 0..1, or a count of
            takes; None: there is none.
        low, high: its 95 % interval; None: can't be known.
        note: why the value is missing.
    """

    device: str
    firmware: str | None = None
    scene: str | None = None
    condition: str | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """All values of a run or a comparison that gates judge.

    Attributes:
        readings: by the name of the gate that judges them.
        against: what regressions and preferences are relative to, in words.
        unit: of regressions: `JOD`, or `points` where nobody measured it with observers.
        missing: why a gate can't be judged at all, by its name.
    """

    readings: Mapping[GateName, tuple[Reading, ...]]
    against: Mapping[GateName, str] = field(default_factory=dict)
    unit: str = "JOD"
    missing: Mapping[GateName, str] = field(default_factory=dict)

    def of(self, name: GateName) -> tuple[Reading, ...]:
        """The readings that a gate is about."""
        return self.readings.get(name, ())


def unit_of(scale: Scale) -> str:
    """The unit of regressions for a model's scale."""
    return unit_word(scale if scale == "pseudo_jod" else "jod")
