"""All models by name. Importing this imports no network library, and no other package."""

from __future__ import annotations

from difflib import get_close_matches

from piqa_cli.errors import PiqaError
from piqa_cli.models.bdvqa.spec import BDVQA
from piqa_cli.models.db_cnn.spec import DB_CNN
from piqa_cli.models.dn_piqa.spec import DN_PIQA
from piqa_cli.models.dn_piqa_mini.spec import DN_PIQA_MINI
from piqa_cli.models.dsl_fiqa.spec import DSL_FIQA
from piqa_cli.models.full_hyperiqa.spec import FULL_HYPERIQA
from piqa_cli.models.hyperiqa.spec import HYPERIQA
from piqa_cli.models.installed import entries_beside, load
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
    "dsl-fiqa": DSL_FIQA,
    "liqe": LIQE,
    "musiq": MUSIQ,
    "db-cnn": DB_CNN,
}


def model_names() -> tuple[str, ...]:
    """Names of all models: those of piqa-cli, then those of other packages, unloaded."""
    return (*MODELS, *entries_beside(MODELS).usable)


def is_installed(name: str) -> bool:
    """True for a model of another package that is here; its package isn't imported."""
    return name not in MODELS and name in entries_beside(MODELS).usable


def all_models() -> tuple[dict[str, Model], tuple[str, ...]]:
    """All models by name, those of piqa-cli first, and one line for each that can't be used."""
    entries = entries_beside(MODELS)
    models, troubles = dict(MODELS), list(entries.troubles.values())
    for name, entry in entries.usable.items():
        try:
            models[name] = load(entry)
        except PiqaError as error:
            troubles.append(str(error))
    return models, tuple(troubles)


def model_of(name: str) -> Model:
    """Returns a model.

    Raises:
        PiqaError: no such model (the message lists those there are), or its package is broken.
    """
    if name in MODELS:
        return MODELS[name]
    entries = entries_beside(MODELS)
    if name in entries.usable:
        return load(entries.usable[name])
    if name in entries.troubles:
        raise PiqaError(entries.troubles[name])
    known = sorted((*MODELS, *entries.usable))
    near = get_close_matches(name.lower(), known, n=1)
    hint = f"did you mean {near[0]!r}? The models are" if near else "choose one of"
    raise PiqaError(f"unknown model {name!r}: {hint} {', '.join(known)}")


def spec_of(name: str) -> ModelSpec:
    """Returns the facts about a model.

    Raises:
        PiqaError: as `model_of`.
    """
    return model_of(name).spec
