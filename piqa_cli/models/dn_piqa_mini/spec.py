"""Facts about dn-piqa-mini, its explanation column, and the way to its network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from piqa_cli.columns import Column
from piqa_cli.models.spec import Model
from piqa_cli.records import ModelSpec

if TYPE_CHECKING:
    from torch import Tensor

    from piqa_cli.models.protocol import QualityModel


def _build(state: dict[str, Tensor], metadata: dict[str, str]) -> QualityModel:
    from piqa_cli.models.dn_piqa_mini.network import build  # torch takes seconds to import

    return build(state, metadata)


DN_PIQA_MINI = Model(
    spec=ModelSpec(
        name="dn-piqa-mini",
        title="small dual-branch portrait model that ships with piqa-cli",
        citation="piqa-cli project; after Sun et al. 2024 (DN-PIQA)",
        attribute="overall",
        scale="pseudo_jod",
        jod_per_unit=1.0,
        licence="MIT",
        needs_face=True,
        min_side_px=64,
        max_aspect=8.0,
        preprocessing="dn-piqa-mini/5",
        trained_on="rated staged scenes, portraits and LIVE In the Wild; simulated captures",
        ships=True,
    ),
    build=_build,
    explanations=(
        Column(
            "fault_costs",
            "list<float64>",
            "what the model lays to blur, dark, bright, noise, smear, halo, cast, haze, harsh, "
            "colour and blocking; to compare within one scene only",
            "JOD",
            "Fault costs",
        ),
    ),
    small=True,
)
