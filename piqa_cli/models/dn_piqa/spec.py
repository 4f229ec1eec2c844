"""Facts about dn-piqa, its explanation columns, and the way to its network and import."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from piqa_cli.models.blocks.liqe.columns import LIQE_COLUMNS
from piqa_cli.models.spec import AuthorsFiles, Checkpoint, Costs, Model
from piqa_cli.records import ModelSpec

if TYPE_CHECKING:
    from torch import Tensor

    from piqa_cli.models.protocol import QualityModel


def _build(state: dict[str, Tensor], metadata: dict[str, str]) -> QualityModel:
    from piqa_cli.models.dn_piqa.network import build  # timm and open_clip take seconds to import

    return build(state, metadata)


def _convert(checkpoints: Sequence[Checkpoint]) -> tuple[dict[str, Tensor], Mapping[str, str]]:
    from piqa_cli.models.dn_piqa.convert import convert

    return convert(checkpoints)


def _full_size() -> QualityModel:
    from piqa_cli.models.dn_piqa.network import full_size

    return full_size()


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
        max_aspect=8.0,
        preprocessing="dn-piqa/1",
        trained_on="PIQ23 (human JODs)",
        ships=False,
    ),
    build=_build,
    explanations=LIQE_COLUMNS,
    authors_files=AuthorsFiles(
        names=("PIQ_model.pth", "LIQE.pt"),
        page="https://github.com/sunwei925/DN-PIQA",
        convert=_convert,
    ),
    full_size=_full_size,
    published=Costs(
        parameters_m=174.0,
        gmac=537.0,
        note="the survey counts the two Swin-B and the MLP; LIQE's image tower, whose features "
        "they take, adds 88 M. 47.1 GMAC are one Swin crop of 384 px, of which a photograph has "
        "ten; 15 patches of LIQE are the rest",
    ),
)
