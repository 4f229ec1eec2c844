"""Facts about full-hyperiqa, its explanation columns, and the way to its network."""

from __future__ import annotations

from piqa_cli.models.blocks.scene_columns import SCENE_COLUMNS
from piqa_cli.models.later import Later
from piqa_cli.models.spec import Costs, Model, TrainedHere
from piqa_cli.records import ModelSpec

FULL_HYPERIQA = Model(
    spec=ModelSpec(
        name="full-hyperiqa",
        title="FULL-HyperIQA: HyperIQA on one large crop, rescaled for the five likeliest scenes",
        citation="Chahine et al. 2024, Generalized Portrait Quality Assessment",
        attribute="overall, where the ratings that it learns from are",
        scale="jod",
        jod_per_unit=1.0,
        licence="network: MIT, written from the paper; weights: the terms of the ratings that they "
        "are trained on (PIQ23: research only)",
        needs_face=False,
        min_side_px=224,
        preprocessing="full-hyperiqa/1",
        trained_on="the ratings (JODs) given to `piqa-cli train model`; no weights are published",
    ),
    build=Later("piqa_cli.models.full_hyperiqa.network:build"),
    explanations=SCENE_COLUMNS,
    trained_here=TrainedHere("piqa-cli train model full-hyperiqa"),
    full_size=Later("piqa_cli.models.full_hyperiqa.network:full_size"),
    published=Costs(145.27, 161.0),
)
