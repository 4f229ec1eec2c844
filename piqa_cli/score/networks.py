"""The networks of a run's models: side by side in memory where they fit, else one after the other.

A network that isn't in memory still cuts views: cutting needs its sizes, not its weights.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import torch

from piqa_cli.records import ModelSpec
from piqa_cli.score.compute import choose_device, forbid_tf32
from piqa_cli.score.engine import WeightedModel
from piqa_cli.score.memory import available_bytes
from piqa_cli.score.scorer import Scorer, usual_speedup
from piqa_cli.settings import Compute
from piqa_cli.weights.load import load_network

_BESIDE_WEIGHTS = 1.3  # what a network needs beside its weights: buffers, activations of one batch
_RESERVE_BYTES = 2 << 30  # for decoded pictures, views and the rest of the machine
_VIEWS_SHARE = 0.25  # of the memory that is left, for views that wait for the next network
_LEAST_VIEWS_BYTES = 256 << 20
_MOST_VIEWS_BYTES = 4 << 30


@dataclass(slots=True)
class Networks:
    """Scorers of the models, by name.

    Attributes:
        specs: facts about the models, in the order of the run.
        device: the processor of all of them.
        room_bytes: bytes of views that may wait for networks that aren't loaded; 0: all networks
            are in memory side by side, and none waits.
    """

    specs: Mapping[str, ModelSpec]
    device: torch.device
    room_bytes: int = 0
    _scorers: dict[str, Scorer] = field(default_factory=dict)
    _bundles: Mapping[str, WeightedModel] = field(default_factory=dict)

    @classmethod
    def of_one(cls, spec: ModelSpec, scorer: Scorer) -> Networks:
        """The network of one model."""
        return cls({spec.name: spec}, scorer.device, 0, {spec.name: scorer})

    @property
    def in_turn(self) -> bool:
        """True if only one network is in memory at a time."""
        return self.room_bytes > 0

    @property
    def batch(self) -> int:
        """Photographs to prepare before the networks run."""
        return max(scorer.batch for scorer in self._scorers.values())

    @property
    def in_flight(self) -> int:
        """Batches to submit before the first is collected."""
        return 1 if self.in_turn else max(one.in_flight for one in self._scorers.values())

    def loaded_first(self) -> list[str]:
        """Names of the models, one whose weights are in memory first."""
        return sorted(self.specs, key=lambda name: not self._scorers[name].is_loaded)

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
            for other in self._scorers.values():
                other.unload()
            scorer.load(load_network(self._bundles[name].bundle))
        return scorer


def load_networks(
    models: Sequence[WeightedModel], *, compute: Compute = "auto", precision: str = "fp32"
) -> Networks:
    """Builds the networks of all models on the processor that was asked for.

    Raises:
        MissingPartError: weights or processor are missing or damaged.
    """
    forbid_tf32()
    device = choose_device(compute)
    networks = Networks(
        specs={model.name: model.spec for model in models},
        device=device,
        room_bytes=_room(models, device),
        _bundles={model.name: model for model in models},
    )
    scorers: dict[str, Scorer] = {}
    for model in reversed(models):  # the first one runs first: it stays in memory
        if networks.in_turn:
            for other in scorers.values():
                other.unload()
        network = load_network(model.bundle)
        scorers[model.name] = Scorer(
            network, device=device, precision=precision, speedup=usual_speedup(device)
        )
    networks._scorers.update({name: scorers[name] for name in networks.specs})
    return networks


def _room(models: Sequence[WeightedModel], device: torch.device) -> int:
    """Bytes for views that wait where the networks don't fit into memory together; 0: they fit."""
    free = available_bytes(device)
    needed = sum(model.bundle.path.stat().st_size for model in models) * _BESIDE_WEIGHTS
    if len(models) == 1 or needed + _RESERVE_BYTES <= free:
        return 0
    share = int(_VIEWS_SHARE * available_bytes(torch.device("cpu")))
    return min(max(share, _LEAST_VIEWS_BYTES), _MOST_VIEWS_BYTES)
