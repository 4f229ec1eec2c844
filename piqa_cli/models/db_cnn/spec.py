"""Facts about db-cnn, and the way to its network and import."""

from __future__ import annotations

from piqa_cli.models.later import Later
from piqa_cli.models.spec import AuthorsFiles, Costs, Model
from piqa_cli.records import ModelSpec

DB_CNN = Model(
    spec=ModelSpec(
        name="db-cnn",
        title="DB-CNN: VGG-16 and a network of distortions on the whole photo, pooled together",
        citation="Zhang et al. 2020, Blind Image Quality Assessment Using a Deep Bilinear "
        "Convolutional Neural Network",
        attribute="overall, of any photograph",
        scale="mos",
        jod_per_unit=None,
        licence="the authors' code is MIT; the files carry no licence of their own: import your "
        "own copy",
        needs_face=False,
        min_side_px=64,
        preprocessing="db-cnn/1",
        trained_on="KonIQ-10k, LIVE Challenge or another set, by the file that was imported, "
        "on its scale",
    ),
    build=Later("piqa_cli.models.db_cnn.network:build"),
    authors_files=AuthorsFiles(
        names=("DBCNN_KonIQ10k-2de81c0a.pth",),  # or another data set's
        page="https://huggingface.co/chaofengc/IQA-PyTorch-Weights",
        convert=Later("piqa_cli.models.db_cnn.convert:convert"),
    ),
    full_size=Later("piqa_cli.models.db_cnn.network:full_size"),
    published=Costs(
        parameters_m=15.3,
        gmac=64.6,
        note="the published figure is of a picture of 512 x 384 px; "
        "here a photograph has up to 1200 x 1200",
    ),
)
