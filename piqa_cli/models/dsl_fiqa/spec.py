"""Facts about dsl-fiqa, and the way to its network and import."""

from __future__ import annotations

from piqa_cli.models.later import Later
from piqa_cli.models.spec import AuthorsFiles, Costs, Model
from piqa_cli.records import ModelSpec

DSL_FIQA = Model(
    spec=ModelSpec(
        name="dsl-fiqa",
        title="DSL-FIQA: the face alone, by its degradation and its landmarks",
        citation="Chen et al. 2024, DSL-FIQA: Assessing Facial Image Quality via Dual-Set "
        "Degradation Learning and Landmark-Guided Transformer",
        attribute="overall quality of the face image",
        scale="mos",
        jod_per_unit=None,
        licence="the authors' files carry no licence; import your own copy",
        needs_face=True,
        min_side_px=224,
        preprocessing="dsl-fiqa/1",
        trained_on="human opinions of faces (GFIQA or CGFIQA, by the files that you import)",
        needs_landmarks=True,
    ),
    build=Later("piqa_cli.models.dsl_fiqa.network:build"),
    authors_files=AuthorsFiles(
        names=("DE.pt", "IQA.pt"),
        page="https://github.com/DSL-FIQA/DSL-FIQA",
        convert=Later("piqa_cli.models.dsl_fiqa.convert:convert"),
    ),
    full_size=Later("piqa_cli.models.dsl_fiqa.network:full_size"),
    published=Costs(
        parameters_m=252.7,  # 251.4 and 1.28 of the degradation encoder
        gmac=2486.0,  # 20 crops of 102.3 and 22.0
        note="the authors' files hold parts that no score hangs on (two blocks and the classifier "
        "of the ViT, an MLP, two convolutions), which are left out: 22 M parameters and 8.2 GMAC "
        "a crop; the ViT's attention products, 5.1 GMAC a crop, aren't in the published figure",
    ),
)
