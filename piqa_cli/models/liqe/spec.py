"""Facts about liqe, its explanation columns, and the way to its network and import."""

from __future__ import annotations

from piqa_cli.models.blocks.liqe.columns import LIQE_COLUMNS
from piqa_cli.models.later import Later
from piqa_cli.models.spec import AuthorsFiles, Model
from piqa_cli.records import ModelSpec

LIQE = Model(
    spec=ModelSpec(
        name="liqe",
        title="LIQE: CLIP ViT-B/32 against prompts of quality, scene and distortion",
        citation="Zhang et al. 2023, Blind Image Quality Assessment via Vision-Language "
        "Correspondence",
        attribute="overall",
        scale="mos",
        jod_per_unit=None,
        licence="MIT (the authors' code), nothing is stated for the weights; import your own copy",
        needs_face=False,
        min_side_px=320,  # a 320 px square holds 16 windows: none is taken twice
        preprocessing="liqe/1",
        trained_on="LIVE, CSIQ, KADID-10k, BID, LIVE In the Wild and KonIQ-10k (human ratings); "
        "liqe_koniq.pt: KonIQ-10k alone",
    ),
    build=Later("piqa_cli.models.liqe.network:build"),
    explanations=LIQE_COLUMNS,
    authors_files=AuthorsFiles(
        names=("LIQE.pt",),
        page="https://github.com/zwx8981/LIQE",
        convert=Later("piqa_cli.models.liqe.convert:convert"),
    ),
    full_size=Later("piqa_cli.models.liqe.network:full_size"),
)
