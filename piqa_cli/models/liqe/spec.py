"""Facts about liqe, its explanation columns, and the way to its network and import."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from piqa_cli.models.blocks.liqe.columns import LIQE_COLUMNS
from piqa_cli.models.spec import AuthorsFiles, Checkpoint, Model
from piqa_cli.records import ModelSpec

if TYPE_CHECKING:
    from torch import Tensor

    from piqa_cli.models.protocol import QualityModel


def _build(state: dict[str, Tensor], metadata: dict[str, str]) -> QualityModel:
    from piqa_cli.models.liqe.network import build  # open_clip takes seconds to import

    return build(state, metadata)


def _convert(checkpoints: Sequence[Checkpoint]) -> tuple[dict[str, Tensor], Mapping[str, str]]:
    from piqa_cli.models.liqe.convert import convert

    return convert(checkpoints)


def _full_size() -> QualityModel:
    from piqa_cli.models.liqe.network import full_size

    return full_size()


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
        max_aspect=8.0,
        preprocessing="liqe/1",
        trained_on="LIVE, CSIQ, KADID-10k, BID, LIVE In the Wild and KonIQ-10k (human ratings); "
        "liqe_koniq.pt: KonIQ-10k alone",
        ships=False,
    ),
    build=_build,
    explanations=LIQE_COLUMNS,
    authors_files=AuthorsFiles(
        names=("LIQE.pt",),
        page="https://github.com/zwx8981/LIQE",
        convert=_convert,
    ),
    full_size=_full_size,
)
