"""Facts about musiq, and the way to its network and import."""

from __future__ import annotations

from piqa_cli.models.later import Later
from piqa_cli.models.spec import AuthorsFiles, Costs, Model
from piqa_cli.records import ModelSpec

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
        preprocessing="musiq/1",
        trained_on="KonIQ-10k, SPAQ or PaQ-2-PiQ (mean opinions, about 0-100) or AVA (1-10), "
        "by the file that was imported",
    ),
    build=Later("piqa_cli.models.musiq.network:build"),
    authors_files=AuthorsFiles(
        names=("musiq_koniq_ckpt-e95806b9.pth",),  # or _spaq_, _paq2piq_, _ava_
        page="https://huggingface.co/chaofengc/IQA-PyTorch-Weights",
        convert=Later("piqa_cli.models.musiq.convert:convert"),
    ),
    full_size=Later("piqa_cli.models.musiq.network:full_size"),
    published=Costs(parameters_m=27.1, gmac=None),
)
