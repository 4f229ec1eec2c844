"""Facts about hyperiqa, and the way to its network and import."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from piqa_cli.models.spec import AuthorsFiles, Checkpoint, Costs, Model
from piqa_cli.records import ModelSpec

if TYPE_CHECKING:
    from torch import Tensor

    from piqa_cli.models.protocol import QualityModel


def _build(state: dict[str, Tensor], metadata: dict[str, str]) -> QualityModel:
    from piqa_cli.models.hyperiqa.network import build  # torch takes seconds to import

    return build(state, metadata)


def _convert(checkpoints: Sequence[Checkpoint]) -> tuple[dict[str, Tensor], Mapping[str, str]]:
    from piqa_cli.models.hyperiqa.convert import convert

    return convert(checkpoints)


def _full_size() -> QualityModel:
    from piqa_cli.models.hyperiqa.network import full_size

    return full_size()


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
        max_aspect=8.0,
        preprocessing="hyperiqa/1",
        trained_on="KonIQ-10k (mean opinions of photographs from the web)",
        ships=False,
    ),
    build=_build,
    authors_files=AuthorsFiles(
        names=("koniq_pretrained.pkl",),  # HyperIQA-resnet50-koniq10k-c96c41b1.pth is read, too
        page="https://github.com/SSL92/hyperIQA",
        convert=_convert,
    ),
    full_size=_full_size,
    published=Costs(27.38, 25 * 4.29),
)
