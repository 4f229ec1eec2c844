"""Facts about monet, and the way to its network."""

from __future__ import annotations

from piqa_cli.models.later import Later
from piqa_cli.models.spec import Costs, Model, TrainedHere
from piqa_cli.records import ModelSpec

MONET = Model(
    spec=ModelSpec(
        name="monet",
        title="MoNet: five opinions on one ViT-B/16, fused, with a scene head",
        citation="team I2Group in Chahine et al. 2024, NTIRE 2024 Portrait Quality Assessment "
        "Challenge, built from its text (and Chen et al. 2024, PromptIQA, for MAL)",
        attribute="overall",
        scale="jod",
        jod_per_unit=1.0,
        licence="no code and no weights are published; weights that you train are yours",
        needs_face=False,
        min_side_px=384,  # smaller photos would be enlarged
        preprocessing="monet/1",
        trained_on="a lab's own run (the authors': PIQ23)",
    ),
    build=Later("piqa_cli.models.monet.network:build"),
    trained_here=TrainedHere("piqa-cli train model monet"),
    full_size=Later("piqa_cli.models.monet.network:full_size"),
    published=Costs(parameters_m=408.0, gmac=None),
)
