"""Facts about dn-piqa, its explanation columns, and the way to its network and import."""

from __future__ import annotations

from piqa_cli.models.blocks.liqe.columns import LIQE_COLUMNS
from piqa_cli.models.later import Later
from piqa_cli.models.spec import AuthorsFiles, Costs, Model
from piqa_cli.records import ModelSpec

DN_PIQA = Model(
    spec=ModelSpec(
        name="dn-piqa",
        title="DN-PIQA: Swin-B on photo and face, LIQE features, MLP",
        citation="Sun et al. 2024, Dual-Branch Network for Portrait Image Quality Assessment",
        attribute="not stated by the authors (trained on PIQ23)",
        scale="jod",
        jod_per_unit=1.0,
        licence="the authors' files carry no licence; import your own copy",
        needs_face=True,
        min_side_px=224,
        preprocessing="dn-piqa/1",
        trained_on="PIQ23 (human JODs)",
    ),
    build=Later("piqa_cli.models.dn_piqa.network:build"),
    explanations=LIQE_COLUMNS,
    authors_files=AuthorsFiles(
        names=("PIQ_model.pth", "LIQE.pt"),
        page="https://github.com/sunwei925/DN-PIQA",
        convert=Later("piqa_cli.models.dn_piqa.convert:convert"),
    ),
    full_size=Later("piqa_cli.models.dn_piqa.network:full_size"),
    published=Costs(
        parameters_m=174.0,
        gmac=537.0,
        note="the survey counts the two Swin-B and the MLP; LIQE's image tower, whose features "
        "they take, adds 88 M. 47.1 GMAC are one Swin crop of 384 px, of which a photograph has "
        "ten; 15 patches of LIQE are the rest",
    ),
)
