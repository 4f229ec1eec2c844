"""Work of the processes of a Ray cluster: reading and cutting in tasks, networks in actors.

Small models on CPUs need no actors: tasks score by them. torch is imported where networks run.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import ray

from piqa_cli import __version__
from piqa_cli.errors import PiqaError
from piqa_cli.models.catalogue import spec_of
from piqa_cli.remote import take_storage_settings
from piqa_cli.runs.pictures import PictureFolder
from piqa_cli.score.engine import Job, Outcome, WeightedModel
from piqa_cli.score.local import ByModel, LocalEngine
from piqa_cli.score.networks import load_networks
from piqa_cli.score.readers import Readers
from piqa_cli.settings import Compute, ScoreSettings
from piqa_cli.weights.store import Bundle


@dataclass(frozen=True, slots=True)
class Setup:
    """All that a process of the cluster must know beside the captures.

    Attributes:
        key: tells the setups of several runs apart.
        version: of piqa-cli on the machine that gives out the work.
        bundles: weights of the models, in the order of the run.
        weights: references to the bytes of these files, by model, for machines that lack them;
            none where there is one machine.
        settings: how to score.
        pictures: which pictures to make for the pages, and where.
        compute: processor of the networks.
        threads: of networks and face searches.
        readers: front processes of a task.
        storage: see `storage_settings`; they hold credentials, which no message may show.
    """

    key: str
    version: str
    bundles: tuple[Bundle, ...]
    weights: Mapping[str, Any]
    settings: ScoreSettings
    pictures: PictureFolder | None
    compute: Compute
    threads: int
    readers: int
    storage: Mapping[str, str] = field(default_factory=dict, repr=False)


_here: dict[str, tuple[LocalEngine, Readers]] = {}  # what this process works with, by setup


def prepare(setup: Setup, jobs: Sequence[Job]) -> tuple[list[ByModel], tuple[str, ...]]:
    """Reads captures, finds faces and cuts views; returns what the networks need, and warnings.

    The process keeps its front processes and its face detector for the next task.
    """
    engine = _engine_of(setup, with_weights=False)
    return engine.prepare(jobs), engine.warnings


def score(setup: Setup, jobs: Sequence[Job]) -> tuple[list[Outcome], tuple[str, ...]]:
    """Reads captures and scores them by small models; returns the outcomes, and warnings.

    All of it is done in front processes, as on one machine: nothing but outcomes comes back.
    """
    engine = _engine_of(setup, with_weights=True)
    return list(engine.finish(engine.prepare(jobs))), engine.warnings


class NetworkActor:
    """Holds the networks of a run; they are loaded at the first call, so also by a new process."""

    def hardware(self, setup: Setup) -> dict[str, Any]:
        """Facts about the processor."""
        return _engine_of(setup, with_weights=True).hardware

    def finish(self, setup: Setup, prepared: list[ByModel]) -> list[Outcome]:
        """Scores what a task prepared; the outcomes of each model are in order."""
        return list(_engine_of(setup, with_weights=True).finish(prepared))


def _engine_of(setup: Setup, *, with_weights: bool) -> LocalEngine:
    """The engine of this process; one of a run before ends."""
    if setup.key not in _here:
        for _, readers in _here.values():
            readers.close()
        _here.clear()
        _here[setup.key] = _engine(setup, with_weights=with_weights)
    return _here[setup.key][0]


def _engine(setup: Setup, *, with_weights: bool) -> tuple[LocalEngine, Readers]:
    """A local engine in this process, with or without weights in memory, and its processes.

    Raises:
        PiqaError: this machine has another version of piqa-cli.
        MissingPartError: weights or processor are missing.
    """
    if __version__ != setup.version:
        raise PiqaError(
            f"a machine of the Ray cluster has piqa-cli {__version__}, this one has "
            f"{setup.version}: install one version on all"
        )
    take_storage_settings(setup.storage)
    networks = load_networks(
        [
            WeightedModel(spec_of(bundle.model), _here_too(setup, bundle))
            for bundle in setup.bundles
        ],
        compute=setup.compute if with_weights else "cpu",
        precision=setup.settings.effective_precision,
        small_elsewhere=setup.compute == "cpu",
        workers=setup.readers,
    )
    if networks.device is not None:
        import torch

        torch.set_num_threads(setup.threads)
    if not with_weights:
        for name in networks.loaded_first():
            networks.cutter(name).unload()
    readers = Readers(workers=setup.readers, timeout_s=setup.settings.timeout_s)
    engine = LocalEngine(networks, setup.settings, readers=readers, pictures=setup.pictures)
    return engine, readers


def _here_too(setup: Setup, bundle: Bundle) -> Bundle:
    """The weights on this machine: where they lie on the first one, or a copy of those."""
    if bundle.path.is_file() or bundle.model not in setup.weights:
        return bundle
    folder = Path(tempfile.mkdtemp(prefix="piqa-weights-"))
    path = folder / bundle.path.name
    path.write_bytes(ray.get(setup.weights[bundle.model]))
    return replace(bundle, path=path)
