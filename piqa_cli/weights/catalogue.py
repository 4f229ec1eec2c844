"""Facts about every model, as data; answers `piqa-cli models` without importing torch."""

from __future__ import annotations

from piqa_cli.errors import PiqaError
from piqa_cli.records import ModelSpec

MODELS: dict[str, ModelSpec] = {
    spec.name: spec
    for spec in (
        ModelSpec(
            name="dn-piqa-mini",
            title="small dual-branch portrait model that ships with piqa-cli",
            citation="piqa-cli project; after Sun et al. 2024 (DN-PIQA)",
            attribute="overall",
            scale="pseudo_jod",
            jod_per_unit=1.0,
            licence="MIT",
            needs_face=True,
            min_side_px=64,
            max_aspect=8.0,
            preprocessing="dn-piqa-mini/5",
            trained_on="rated staged scenes, portraits and LIVE In the Wild; simulated captures",
            ships=True,
        ),
        ModelSpec(
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
    )
}

IMPORT_FILES: dict[str, tuple[str, ...]] = {"dn-piqa": ("PIQ_model.pth", "LIQE.pt")}
"""What `piqa-cli weights import` takes for models whose weights we can't redistribute."""

AUTHORS_PAGES: dict[str, str] = {"dn-piqa": "https://github.com/sunwei925/DN-PIQA"}
"""Where the authors say how to get those files."""


def spec_of(name: str) -> ModelSpec:
    """The facts about a model.

    Raises:
        PiqaError: no such model; the message lists those there are.
    """
    if name not in MODELS:
        known = ", ".join(sorted(MODELS))
        raise PiqaError(f"unknown model {name!r}: choose one of {known}")
    return MODELS[name]
