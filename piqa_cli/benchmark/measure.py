"""What `piqa-cli benchmark` measures, step by step."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from piqa_cli.benchmark.networks import NetworkSpeed, Unusable, Way, measure_ways
from piqa_cli.benchmark.random_weights import random_weights
from piqa_cli.models.catalogue import model_of
from piqa_cli.models.protocol import QualityModel
from piqa_cli.score.compute import choose_device, forbid_tf32
from piqa_cli.settings import Compute, Precision
from piqa_cli.weights.load import load_network
from piqa_cli.weights.store import find

_GPU_BATCHES = 12
_CPU_BATCHES = 2


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure.

    Attributes:
        model, weights, compute, precision: as `ScoreSettings` has them.
        random_weights: True: weights without meaning, in the published size.
        batches: batches of the networks to measure; None: 12 on a GPU, 2 on a CPU.
        compiled: True: compiled networks too.
    """

    model: str
    weights: Path | None = None
    random_weights: bool = False
    compute: Compute = "auto"
    precision: Precision = "auto"
    batches: int | None = None
    compiled: bool = False


@dataclass(frozen=True, slots=True)
class Networks:
    """Speed of the networks in every way that was tried, and what to know of it."""

    speeds: Sequence[NetworkSpeed | Unusable]
    notes: tuple[str, ...]


def measure_networks(plan: Plan) -> Networks:
    """Runs the networks alone.

    Raises:
        PiqaError: no such model, no weights, or no such processor.
    """
    forbid_tf32()
    device = choose_device(plan.compute)
    speeds = measure_ways(
        network_of(plan),
        device,
        _ways(plan, device),
        batches=plan.batches or (_CPU_BATCHES if device.type == "cpu" else _GPU_BATCHES),
    )
    return Networks(speeds, _notes(plan, device))


def network_of(plan: Plan) -> QualityModel:
    """The network that is measured.

    Raises:
        PiqaError: no such model, or it has no weights here.
    """
    model = model_of(plan.model)
    if plan.random_weights:
        return model.build(*random_weights(plan.model))
    return load_network(find(plan.model, plan.weights))


def _ways(plan: Plan, device: torch.device) -> list[Way]:
    """fp32 first, which the others' scores are compared with."""
    half = plan.precision == "bf16"
    if device.type != "cuda":
        return [Way("fp32", "eager", 1)]
    ways = [Way("fp32", "eager", 16)]
    if half:
        ways += [Way("bf16", "eager", size) for size in (16, 8, 32)]
    precision = "bf16" if half else "fp32"
    ways.append(Way(precision, "graph", 16))
    if plan.compiled:
        ways.append(Way(precision, "compile", 16))
    return ways


def _notes(plan: Plan, device: torch.device) -> tuple[str, ...]:
    where = (
        f"{torch.cuda.get_device_name(device)}, torch {torch.__version__}"
        if device.type == "cuda"
        else f"{device.type}, {torch.get_num_threads()} threads of {os.cpu_count()} processors, "
        f"torch {torch.__version__}"
    )
    notes = [f"{plan.model} on {where}"]
    if plan.random_weights:
        notes.append("weights are random: speeds hold, scores have no meaning")
    return tuple(notes)
