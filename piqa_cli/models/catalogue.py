"""All models by name. Importing this imports no network library."""

from __future__ import annotations

from piqa_cli.errors import PiqaError
from piqa_cli.models.bdvqa.spec import BDVQA
from piqa_cli.models.db_cnn.spec import DB_CNN
from piqa_cli.models.dn_piqa.spec import DN_PIQA
from piqa_cli.models.dn_piqa_mini.spec import DN_PIQA_MINI
from piqa_cli.models.full_hyperiqa.spec import FULL_HYPERIQA
from piqa_cli.models.hyperiqa.spec import HYPERIQA
from piqa_cli.models.liqe.spec import LIQE
from piqa_cli.models.monet.spec import MONET
from piqa_cli.models.musiq.spec import MUSIQ
from piqa_cli.models.rq_net.spec import RQ_NET
from piqa_cli.models.sar.spec import SAR
from piqa_cli.models.sem_hyperiqa.spec import SEM_HYPERIQA
from piqa_cli.models.spec import Model
from piqa_cli.records import ModelSpec

MODELS: dict[str, Model] = {
    "dn-piqa-mini": DN_PIQA_MINI,
    "dn-piqa": DN_PIQA,
    "rq-net": RQ_NET,
    "hyperiqa": HYPERIQA,
    "sem-hyperiqa": SEM_HYPERIQA,
    "full-hyperiqa": FULL_HYPERIQA,
    "monet": MONET,
    "sar": SAR,
    "bdvqa": BDVQA,
    "liqe": LIQE,
    "musiq": MUSIQ,
    "db-cnn": DB_CNN,
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
