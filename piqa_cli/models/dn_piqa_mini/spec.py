"""Facts about dn-piqa-mini, its explanation column, and the way to its network."""

from __future__ import annotations

from piqa_cli.columns import Column
from piqa_cli.models.later import Later
from piqa_cli.models.spec import Model
from piqa_cli.records import ModelSpec

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
        preprocessing="dn-piqa-mini/5",
        trained_on="rated staged scenes, portraits and LIVE In the Wild; simulated captures",
        ships=True,
    ),
    build=Later("piqa_cli.models.dn_piqa_mini.network:build"),
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
