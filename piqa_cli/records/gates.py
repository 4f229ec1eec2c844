"""Records of gates: limits that a lab sets, and their results."""

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
    """One limit, with the devices, scenes and command that it applies to.

    Attributes:
        name: what is limited.
        limit: in JOD, a share 0..1, captures or takes.
        level: `error` or `warn`: effect of a failure.
        unjudged: the same for what can't be judged; it never goes beyond `level`.
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
    unjudged: GateLevel = "error"


@dataclass(frozen=True, slots=True)
class GateResult:
    """Outcome of a rule: one row for each failure, one for all others with the same outcome.

    Attributes:
        name, level, limit: as the rule has them.
        where: what was judged: a device, a device in a scene, or how many of them.
        device, firmware, scene, condition: the same for scripts; None where there are several.
        value: what was found (regressions are positive); of several, the one nearest the limit.
        passed: None: couldn't be judged.
        text: one line for people.
        unjudged: as the rule has it.
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
    unjudged: GateLevel = "error"

    @property
    def fails(self) -> bool:
        """True if this result makes the command end with exit code 6: not judged isn't passed."""
        if self.level != "error":
            return False
        return self.passed is False or (self.passed is None and self.unjudged == "error")
