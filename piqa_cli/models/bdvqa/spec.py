"""Facts about bdvqa, and the way to its network."""

from __future__ import annotations

from piqa_cli.models.later import Later
from piqa_cli.models.spec import Costs, Model, TrainedHere
from piqa_cli.records import ModelSpec

BDVQA = Model(
    spec=ModelSpec(
        name="bdvqa",
        title="after BDVQA: Swin-B, features of all stages, MLP",
        citation="inspired by team BDVQA in Chahine et al. 2024, NTIRE 2024 Portrait Quality "
        "Assessment Challenge, and Wang et al. 2022, MSTRIQ",
        attribute="that of the ratings it is trained on",
        scale="jod",
        jod_per_unit=1.0,
        licence="MIT; no code or weights of the authors exist, a lab trains its own",
        needs_face=False,
        min_side_px=64,
        preprocessing="bdvqa/1",
        trained_on="the lab's own ratings, or PIQ23 (human JODs)",
    ),
    build=Later("piqa_cli.models.bdvqa.network:build"),
    trained_here=TrainedHere("piqa-cli train model bdvqa"),
    full_size=Later("piqa_cli.models.bdvqa.network:full_size"),
    published=Costs(
        parameters_m=794,
        gmac=None,
        note="the survey counts an ensemble, which nine Swin-B or four Swin-L add up to; "
        "this is one Swin-B",
    ),
)
