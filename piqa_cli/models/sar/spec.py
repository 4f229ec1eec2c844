"""Facts about sar, and the way to its network."""

from __future__ import annotations

from piqa_cli.models.later import Later
from piqa_cli.models.spec import Costs, Model, TrainedHere
from piqa_cli.records import ModelSpec

SAR = Model(
    spec=ModelSpec(
        name="sar",
        title="SAR: scene-adaptive regressors on photo and face, CLIP ViT-B/16",
        citation="Chahine et al. 2024, NTIRE challenge survey, team SECE-SYSU; built from its text",
        attribute="overall",
        scale="jod",
        jod_per_unit=1.0,
        licence="code: MIT, written here; weights: the lab's own",
        needs_face=True,
        min_side_px=224,
        preprocessing="sar/1",
        trained_on="the lab's own run, e.g. on PIQ23 (human JODs)",
    ),
    build=Later("piqa_cli.models.sar.network:build"),
    trained_here=TrainedHere("piqa-cli train model sar"),
    full_size=Later("piqa_cli.models.sar.network:full_size"),
    published=Costs(
        parameters_m=135.02,
        gmac=26.11,
        note="published per patch with one pass of the tower, without the products of attention; "
        "a photo has 30 patches and 30 of its face",
    ),
)
