"""Agreement of two models: in a scene, over scenes, and about the place of a device."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from piqa_cli.records.competitors import Competitor

AgreementKind = Literal["scene", "mean", "place"]


@dataclass(frozen=True, slots=True)
class Agreement:
    """One figure of the agreement of two models, A before B in the order of the run.

    Attributes:
        kind: `scene`: Kendall's tau-b in one scene; `mean`: its mean over scenes; `place`: the
            overall places of one device.
        model_a, model_b: names of the models.
        scene, condition: of a `scene`.
        device, firmware, league: of a `place`.
        n_devices: devices that both models ranked in the scene, or have in the league.
        n_scenes: scenes that the mean is over.
        tau_b, ci_low, ci_high: the figure of a `scene` or `mean`, and the 95 % interval of a mean.
        rank_a, rank_low_a, rank_high_a: place by A, and the best and the worst that the data
            allow; likewise of B.
        apart: True where the two ranges of places share none.
        note: why something is missing.
    """

    kind: AgreementKind
    model_a: str
    model_b: str
    scene: str | None = None
    condition: str | None = None
    device: str | None = None
    firmware: str | None = None
    league: int | None = None
    n_devices: int | None = None
    n_scenes: int | None = None
    tau_b: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    rank_a: int | None = None
    rank_low_a: int | None = None
    rank_high_a: int | None = None
    rank_b: int | None = None
    rank_low_b: int | None = None
    rank_high_b: int | None = None
    apart: bool | None = None
    note: str | None = None

    @property
    def pair(self) -> tuple[str, str]:
        """Names of both models."""
        return self.model_a, self.model_b

    @property
    def competitor(self) -> Competitor | None:
        """Device and firmware of a place; None: of another kind."""
        return None if self.device is None else Competitor(self.device, self.firmware)
