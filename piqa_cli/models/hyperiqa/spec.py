"""Facts about hyperiqa, and the way to its network and import."""

from __future__ import annotations

from piqa_cli.models.later import Later
from piqa_cli.models.spec import AuthorsFiles, Costs, Model
from piqa_cli.records import ModelSpec

# One version stands for both ways of cutting crops: which one a bundle is for follows from the file
# that it was imported from, stands in its metadata, and so is part of its SHA-256.
HYPERIQA = Model(
    spec=ModelSpec(
        name="hyperiqa",
        title="HyperIQA: ResNet-50 that makes a scoring network for every crop",
        citation="Su et al. 2020, Blindly Assess Image Quality in the Wild Guided by a "
        "Self-Adaptive Hyper Network",
        attribute="overall, of any photograph (trained on KonIQ-10k)",
        scale="mos",
        jod_per_unit=None,
        licence="the authors' code is MIT; the files carry no licence of their own: import your "
        "own copy",
        needs_face=False,
        min_side_px=224,
        preprocessing="hyperiqa/1",
        trained_on="KonIQ-10k (mean opinions of photographs from the web)",
    ),
    build=Later("piqa_cli.models.hyperiqa.network:build"),
    authors_files=AuthorsFiles(
        names=("koniq_pretrained.pkl",),  # HyperIQA-resnet50-koniq10k-c96c41b1.pth is read, too
        page="https://github.com/SSL92/hyperIQA",
        convert=Later("piqa_cli.models.hyperiqa.convert:convert"),
    ),
    full_size=Later("piqa_cli.models.hyperiqa.network:full_size"),
    published=Costs(27.38, 25 * 4.29),
)
