"""Facts about musiq, and the way to its network and import."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from piqa_cli.models.spec import AuthorsFiles, Checkpoint, Costs, Model
from piqa_cli.records import ModelSpec

if TYPE_CHECKING:
    from torch import Tensor

    from piqa_cli.models.protocol import QualityModel


def _build(state: dict[str, Tensor], metadata: dict[str, str]) -> QualityModel:
    from piqa_cli.models.musiq.network import build  # torch takes seconds to import

    return build(state, metadata)


def _convert(checkpoints: Sequence[Checkpoint]) -> tuple[dict[str, Tensor], Mapping[str, str]]:
    from piqa_cli.models.musiq.convert import convert

    return convert(checkpoints)


def _full_size() -> QualityModel:
    from piqa_cli.models.musiq.network import full_size

    return full_size()


MUSIQ = Model(
    spec=ModelSpec(
        name="musiq",
        title="MUSIQ: patches of the whole photo at three scales through a transformer",
        citation="Ke et al. 2021, MUSIQ: Multi-scale Image Quality Transformer",
        attribute="overall, of any photograph (aesthetics with AVA's file)",
        scale="mos",
        jod_per_unit=None,
        licence="the authors' code is Apache-2.0; the converted files carry no licence of their "
        "own: import your own copy",
        needs_face=False,
        min_side_px=64,
        max_aspect=8.0,
        preprocessing="musiq/1",
        trained_on="KonIQ-10k, SPAQ or PaQ-2-PiQ (mean opinions, about 0-100) or AVA (1-10), "
        "by the file that was imported",
        ships=False,
    ),
    build=_build,
    authors_files=AuthorsFiles(
        names=("musiq_koniq_ckpt-e95806b9.pth",),  # or _spaq_, _paq2piq_, _ava_
        page="https://huggingface.co/chaofengc/IQA-PyTorch-Weights",
        convert=_convert,
    ),
    full_size=_full_size,
    published=Costs(parameters_m=27.1, gmac=None),
)
