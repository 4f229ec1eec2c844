"""Gates: limits that a lab sets, and what became of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

GateName = str
"""A name in `gates.kinds.KINDS`."""

GateLevel = Literal["error", "warn"]
GateJudge = Literal["clear", "estimate"]
GateCommand = Literal["rank", "compare"]


@dataclass(frozen=True, slots=True)
class GateRule:
    """One limit, and what it holds for.

    Attributes:
        name: what is limited.
        limit: in JOD, a share 0..1, captures or takes.
        level: whether a failure is an error or only said.
        judge: `clear`: a difference fails when its interval confirms it, too; `estimate`: the
            estimate alone decides. Counts are exact either way.
        command: the one command that judges it; None: both.
        device, scene, condition: patterns of the shell, case ignored; None: all.
    """

    name: GateName
    limit: float
    level: GateLevel = "error"
    judge: GateJudge = "clear"
    command: GateCommand | None = None
    device: str | None = None
    scene: str | None = None
    condition: str | None = None


@dataclass(frozen=True, slots=True)
class GateResult:
    """What became of a rule: one row for each failure, one for all else that ended alike.

    Attributes:
        name, level, limit: as the rule has them.
        where: what was judged: a device, a device in a scene, or how many of them.
        device, firmware, scene, condition: the same for scripts; None where there are several.
        value: what was found (regressions are positive); of several, the one nearest the limit.
        passed: None: couldn't be judged, which never fails a run.
        text: one line for people.
    """

    name: GateName
    level: GateLevel
    limit: float
    where: str
    device: str | None
    firmware: str | None
    scene: str | None
    condition: str | None
    value: float | None
    passed: bool | None
    text: str

    @property
    def fails(self) -> bool:
        """Whether the command ends with exit code 6 for it."""
        return self.level == "error" and self.passed is False
