"""Facts about rq-net, and the way to its network and import."""

from __future__ import annotations

from piqa_cli.models.later import Later
from piqa_cli.models.spec import AuthorsFiles, Costs, Model
from piqa_cli.records import ModelSpec

RQ_NET = Model(
    spec=ModelSpec(
        name="rq-net",
        title="RQ-Net: two CLIP ViT-B/16 on the photo and on mosaics of it",
        citation="Chahine et al. 2024, NTIRE challenge survey, team Xidian IPPL (first place)",
        attribute="overall",
        scale="relative",  # trained by order within scenes: no zero and no unit
        jod_per_unit=None,
        licence="MIT by the README of the code, which has no licence file; the terms of PIQ23, on "
        "which it was trained, allow research only; import your own copy",
        needs_face=False,
        min_side_px=224,
        preprocessing="rq-net/1",
        trained_on="PIQ23 (human JODs), after SPAQ, KonIQ-10k, LIVE In the Wild and RBID",
    ),
    build=Later("piqa_cli.models.rq_net.network:build"),
    authors_files=AuthorsFiles(
        names=("finetune35_2_from_70_34_833.pth", "finetune35_30_from_mask50_34_82.pth"),
        page="https://github.com/ZachL1/SIND",
        convert=Later("piqa_cli.models.rq_net.convert:convert"),
    ),
    full_size=Later("piqa_cli.models.rq_net.network:full_size"),
    published=Costs(
        parameters_m=57.6,
        gmac=None,
        note="57.6 M can't be made of this network: one tower of CLIP ViT-B/16 has 86.2 M and its "
        "head 0.4 M, and the score is the mean of two such networks",
    ),
)
