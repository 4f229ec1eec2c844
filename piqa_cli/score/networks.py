"""The networks of a run's models: side by side in memory where they fit, else one after the other.

A network that isn't in memory still cuts views: cutting needs its sizes, not its weights. On a CPU
small models aren't here at all: the processes that read the photographs run them, and torch is not
imported where all models are small.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from piqa_cli.main_memory import free_memory_bytes, reserve_bytes
from piqa_cli.models.catalogue import model_of
from piqa_cli.records import ModelSpec
from piqa_cli.score.compute import choose_device, forbid_tf32, surely_cpu
from piqa_cli.score.engine import WeightedModel
from piqa_cli.score.front_process import FrontModel, SmallNetwork
from piqa_cli.settings import Compute
from piqa_cli.weights.store import verify

if TYPE_CHECKING:
    import torch

    from piqa_cli.score.scorer import Scorer

_BESIDE_WEIGHTS = 1.3  # what a network needs beside its weights: buffers, activations of one batch
_GPU_RESERVE_BYTES = 2 << 30  # of a GPU: for its driver, and views of two batches
_VIEWS_DIVISOR = 4  # a quarter of the memory that is left: views that wait for the next network
_LEAST_VIEWS_BYTES = 256 << 20
_MOST_VIEWS_BYTES = 4 << 30


@dataclass(slots=True)
class Networks:
    """Scorers of the models, by name.

    Attributes:
        specs: facts about the models, in the order of the run.
        device: the processor of all of them; None: the CPU, where no network is here.
        room_bytes: bytes of views that may wait for networks that aren't loaded; 0: all networks
            are in memory side by side, and none waits.
        small: by name, the models whose networks run where photographs are read.
    """

    specs: Mapping[str, ModelSpec]
    device: torch.device | None
    room_bytes: int = 0
    small: Mapping[str, SmallNetwork] = field(default_factory=dict)
    _scorers: dict[str, Scorer] = field(default_factory=dict)
    _bundles: Mapping[str, WeightedModel] = field(default_factory=dict)

    @classmethod
    def of_one(cls, spec: ModelSpec, scorer: Scorer) -> Networks:
        """The network of one model."""
        return cls({spec.name: spec}, scorer.device, _scorers={spec.name: scorer})

    @property
    def in_turn(self) -> bool:
        """True if only one network is in memory at a time."""
        return self.room_bytes > 0

    @property
    def batch(self) -> int:
        """Photographs to prepare before the networks run."""
        return max((scorer.batch for scorer in self._scorers.values()), default=1)

    @property
    def in_flight(self) -> int:
        """Batches to submit before the first is collected."""
        every = (one.in_flight for one in self._scorers.values())
        return 1 if self.in_turn else max(every, default=1)

    def loaded_first(self) -> list[str]:
        """Names of the models whose networks are here, one with weights in memory first."""
        return sorted(self._scorers, key=lambda name: not self._scorers[name].is_loaded)

    def front_models(self) -> dict[str, FrontModel]:
        """By name, all that the processes that read must know of the models."""
        return {
            name: FrontModel(spec, network=self.small[name])
            if name in self.small
            else FrontModel(spec, self._scorers[name].portable_cut())
            for name, spec in self.specs.items()
        }

    def cutter(self, name: str) -> Scorer:
        """Scorer that cuts a model's views, with or without its weights."""
        return self._scorers[name]

    def scorer(self, name: str) -> Scorer:
        """Scorer of a model with its weights in memory; others leave it where all don't fit.

        Raises:
            MissingPartError: the weights can't be read any more.
        """
        scorer = self._scorers[name]
        if not scorer.is_loaded:
            from piqa_cli.weights.load import load_network

            for other in self._scorers.values():
                other.unload()
            scorer.load(load_network(self._bundles[name].bundle))
        return scorer


def load_networks(
    models: Sequence[WeightedModel],
    *,
    compute: Compute = "auto",
    precision: str = "fp32",
    small_elsewhere: bool = True,
    workers: int = 1,
) -> Networks:
    """Builds the networks of all models on the processor that was asked for.

    Args:
        models: those that score.
        compute: processor that was asked for.
        precision: `fp32` or `bf16`.
        small_elsewhere: False: small models are built here, too, where the processor is a CPU.
        workers: front processes, which need memory beside the networks.

    Raises:
        MissingPartError: weights or processor are missing or damaged.
    """
    specs = {model.name: model.spec for model in models}
    small = _small(models, precision) if small_elsewhere else {}
    if len(small) == len(specs) and surely_cpu(compute):
        return Networks(specs, None, small=small)
    forbid_tf32()
    device = choose_device(compute)
    if device.type != "cpu":
        small = {}
    here = [model for model in models if model.name not in small]
    networks = Networks(
        specs=specs,
        device=device,
        room_bytes=_room(here, device, workers),
        small=small,
        _bundles={model.name: model for model in here},
    )
    networks._scorers.update(_scorers(here, device, precision, in_turn=networks.in_turn))
    return networks


def _small(models: Sequence[WeightedModel], precision: str) -> dict[str, SmallNetwork]:
    """The small ones among models, by name.

    Raises:
        MissingPartError: weights are missing or damaged.
    """
    found = {
        model.name: SmallNetwork(model.bundle, model_of(model.name), precision)
        for model in models
        if model_of(model.name).small
    }
    for one in found.values():
        verify(one.bundle)  # before any photograph is read
    return found


def _scorers(
    models: Sequence[WeightedModel], device: torch.device, precision: str, *, in_turn: bool
) -> dict[str, Scorer]:
    """Scorers by name in the order of the models, the first one's weights in memory."""
    from piqa_cli.score.scorer import Scorer, usual_speedup
    from piqa_cli.weights.load import load_network

    scorers: dict[str, Scorer] = {}
    for model in reversed(models):  # the first one runs first: it stays in memory
        if in_turn:
            for other in scorers.values():
                other.unload()
        network = load_network(model.bundle)
        scorers[model.name] = Scorer(
            network, device=device, precision=precision, speedup=usual_speedup(device)
        )
    return {model.name: scorers[model.name] for model in models}


def _room(models: Sequence[WeightedModel], device: torch.device, workers: int) -> int:
    """Bytes for views that wait where the networks don't fit into memory together; 0: they fit."""
    sizes = [int(model.bundle.path.stat().st_size * _BESIDE_WEIGHTS) for model in models]
    if len(models) <= 1:
        return 0
    host = free_memory_bytes()
    host -= reserve_bytes(workers, host)
    on_gpu = device.type == "cuda"
    if sum(sizes) <= (_free_of_gpu(device) - _GPU_RESERVE_BYTES if on_gpu else host):
        return 0
    left = host if on_gpu else host - max(sizes)
    return min(max(left // _VIEWS_DIVISOR, _LEAST_VIEWS_BYTES), _MOST_VIEWS_BYTES)


def _free_of_gpu(device: torch.device) -> int:
    import torch

    return int(torch.cuda.mem_get_info(device)[0])
