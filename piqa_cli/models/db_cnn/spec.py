"""Facts about db-cnn, and the way to its network and import."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from piqa_cli.models.spec import AuthorsFiles, Checkpoint, Costs, Model
from piqa_cli.records import ModelSpec

if TYPE_CHECKING:
    from torch import Tensor

    from piqa_cli.models.protocol import QualityModel


def _build(state: dict[str, Tensor], metadata: dict[str, str]) -> QualityModel:
    from piqa_cli.models.db_cnn.network import build  # torch takes seconds to import

    return build(state, metadata)


def _convert(checkpoints: Sequence[Checkpoint]) -> tuple[dict[str, Tensor], Mapping[str, str]]:
    from piqa_cli.models.db_cnn.convert import convert

    return convert(checkpoints)


def _full_size() -> QualityModel:
    from piqa_cli.models.db_cnn.network import full_size

    return full_size()


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
        max_aspect=8.0,
        preprocessing="db-cnn/1",
        trained_on="KonIQ-10k, LIVE Challenge or another set, by the file that was imported, "
        "on its scale",
        ships=False,
    ),
    build=_build,
    authors_files=AuthorsFiles(
        names=("DBCNN_KonIQ10k-2de81c0a.pth",),  # or another data set's
        page="https://huggingface.co/chaofengc/IQA-PyTorch-Weights",
        convert=_convert,
    ),
    full_size=_full_size,
    published=Costs(
        parameters_m=15.3,
        gmac=64.6,
        note="the published figure is of a picture of 512 x 384 px; "
        "here a photograph has up to 1200 x 1200",
    ),
)
