"""All models by name. Importing this imports no network library."""

from __future__ import annotations

from piqa_cli.errors import PiqaError
from piqa_cli.models.dn_piqa.spec import DN_PIQA
from piqa_cli.models.dn_piqa_mini.spec import DN_PIQA_MINI
from piqa_cli.models.dsl_fiqa.spec import DSL_FIQA
from piqa_cli.models.monet.spec import MONET
from piqa_cli.models.spec import Model
from piqa_cli.records import ModelSpec

MODELS: dict[str, Model] = {
    "dn-piqa-mini": DN_PIQA_MINI,
    "dn-piqa": DN_PIQA,
    "monet": MONET,
    "dsl-fiqa": DSL_FIQA,
}


def model_of(name: str) -> Model:
    """Returns a model.

    Raises:
        PiqaError: no such model; the message lists those there are.
    """
    if name not in MODELS:
        known = ", ".join(sorted(MODELS))
        raise PiqaError(f"unknown model {name!r}: choose one of {known}")
    return MODELS[name]


def spec_of(name: str) -> ModelSpec:
    """Returns the facts about a model.

    Raises:
        PiqaError: no such model; the message lists those there are.
    """
    return model_of(name).spec
