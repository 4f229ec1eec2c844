"""Steps of `piqa-cli benchmark`, one after the other."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import torch

from piqa_cli.benchmark.networks import NetworkSpeed, Unusable, Way, measure_ways
from piqa_cli.benchmark.photographs import make_photographs
from piqa_cli.benchmark.random_weights import random_weights
from piqa_cli.benchmark.reference import Comparison, compare_with_loop
from piqa_cli.benchmark.stages import Stages, measure_stages
from piqa_cli.benchmark.whole import WholeRun, measure_run, without_networks
from piqa_cli.benchmark.work import FRONT_THREADS, torch_threads
from piqa_cli.errors import PiqaError, UsageError
from piqa_cli.formats import PICTURE_SUFFIXES
from piqa_cli.models.catalogue import model_of, spec_of
from piqa_cli.models.dn_piqa.network import DnPiqa
from piqa_cli.models.protocol import QualityModel
from piqa_cli.score.compute import choose_device, forbid_tf32
from piqa_cli.score.engine import start_local
from piqa_cli.score.scorer import Scorer
from piqa_cli.settings import ScoreSettings
from piqa_cli.weights.load import load_network
from piqa_cli.weights.save import save_bundle
from piqa_cli.weights.store import find

_MANY_BATCHES = 12
_CPU_BATCHES = 2
_STAGE_PHOTOS = 4
_REFERENCE_PHOTOS = 2


@dataclass(frozen=True, slots=True)
class Plan:
    """Things to measure.

    Attributes:
        score: model, weights, processor, precision, working size, front processes.
        random_weights: True: weights without meaning, in the published size.
        captures: folder of photographs; None: they are made.
        photos, megapixels: number of photographs, and their size where they are made.
        batches: batches of the networks to measure; None: 12 on a GPU and of small models, else 2.
        networks_only: True: nothing but the networks.
        reference: True: the plain loop too.
        compiled: True: compiled networks too.
        threads: of the networks on a CPU; None: as torch chooses.
    """

    score: ScoreSettings
    random_weights: bool = False
    captures: Path | None = None
    photos: int = 8
    megapixels: float = 12.0
    batches: int | None = None
    networks_only: bool = False
    reference: bool = False
    compiled: bool = False
    threads: int | None = None


@dataclass(frozen=True, slots=True)
class Benchmark:
    """All that was measured.

    Attributes:
        notes: lines on processor, weights and photographs.
        on_gpu: True where the networks ran on a GPU.
        networks: networks alone, in every way that was tried.
        stages: one photograph, stage by stage.
        comparison: with the plain loop.
        front, whole: runs over all photographs, without and with the networks.
        in_front: True where front processes run the network.
        by_workers: runs with one and with two front processes: whole ones where these run the
            network, else ones without it.
    """

    notes: tuple[str, ...]
    on_gpu: bool
    networks: Sequence[NetworkSpeed | Unusable]
    stages: Stages | None = None
    comparison: Comparison | None = None
    front: WholeRun | None = None
    whole: WholeRun | None = None
    in_front: bool = False
    by_workers: tuple[WholeRun, WholeRun] | None = None

    @property
    def fastest(self) -> NetworkSpeed:
        """The networks in the fastest way."""
        return max(
            (speed for speed in self.networks if isinstance(speed, NetworkSpeed)),
            key=lambda speed: speed.photos_s,
        )


def run_benchmark(plan: Plan) -> Benchmark:
    """Measures the networks, then, unless the plan has them alone, stages and whole runs.

    Raises:
        PiqaError: no such model, no weights, no such processor, or no photographs.
        UsageError: the model needs landmarks.
    """
    forbid_tf32()
    if spec_of(plan.score.model).needs_landmarks:
        raise UsageError(f"{plan.score.model} needs landmarks of faces, which made pictures lack")
    device = choose_device(plan.score.compute)
    in_front = device.type == "cpu" and model_of(plan.score.model).small
    with torch_threads(plan.threads or (FRONT_THREADS if in_front else None)):
        return _measure(plan, device, in_front=in_front)


def _measure(plan: Plan, device: torch.device, *, in_front: bool) -> Benchmark:
    model = network_of(plan)
    many = in_front or device.type == "cuda"
    batches = plan.batches or (_MANY_BATCHES if many else _CPU_BATCHES)
    speeds = measure_ways(model, device, _ways(plan, device), batches=batches)
    unusable = [speed for speed in speeds if isinstance(speed, Unusable)]
    if len(unusable) == len(speeds):
        raise PiqaError(f"{plan.score.model} doesn't run here: {unusable[0].reason}")
    found = Benchmark(_notes(plan, device), device.type == "cuda", speeds, in_front=in_front)
    if plan.networks_only and not plan.reference:
        return found
    with TemporaryDirectory(prefix="piqa-benchmark-") as folder:
        return _measure_photographs(plan, model, device, found, Path(folder))


def _measure_photographs(
    plan: Plan, model: QualityModel, device: torch.device, found: Benchmark, folder: Path
) -> Benchmark:
    settings, spec = plan.score, spec_of(plan.score.model)
    files = _photographs(plan, folder)
    scorer = Scorer(model, device=device, precision=settings.effective_precision)
    side = settings.working_side_px
    few = files[:_STAGE_PHOTOS]
    stages = measure_stages(few, scorer, spec, working_side_px=side, pictures=folder / "stages")
    found = replace(found, stages=stages)
    if plan.reference:
        if not isinstance(model, DnPiqa):
            raise UsageError(f"--reference is a loop of dn-piqa, not of {settings.model}")
        plain = Scorer(model, device=device, batch=1)
        comparison = compare_with_loop(
            model,
            plain,
            few[:_REFERENCE_PHOTOS],
            stages.boxes[:_REFERENCE_PHOTOS],
            working_side_px=side,
        )
        found = replace(found, comparison=comparison)
    if plan.networks_only:
        return found
    if plan.random_weights:
        bundle = save_bundle(
            *random_weights(settings.model), model=settings.model, folder=folder / "weights"
        )
        settings = replace(settings, weights=bundle.path)
    start = without_networks(model, device, scorer.batch)
    front = measure_run(files, settings, pictures=folder / "front", start=start)
    whole = measure_run(files, settings, pictures=folder / "whole")
    found = replace(found, front=front, whole=whole)
    known = whole if found.in_front else front

    def with_workers(workers: int) -> WholeRun:
        if known.workers == workers:
            return known
        return measure_run(
            files,
            replace(settings, workers=workers),
            pictures=folder / f"workers-{workers}",
            start=start_local if found.in_front else start,
        )

    return replace(found, by_workers=(with_workers(1), with_workers(2)))


def _photographs(plan: Plan, folder: Path) -> list[Path]:
    """The given photographs, or new ones.

    Raises:
        PiqaError: there are none.
    """
    if plan.captures is None:
        return make_photographs(folder / "photos", plan.photos, megapixels=plan.megapixels)
    files = sorted(
        file for file in plan.captures.rglob("*") if file.suffix.lower() in PICTURE_SUFFIXES
    )
    if not files:
        raise PiqaError(f"{plan.captures}: no pictures in this folder")
    return files[: plan.photos]


def network_of(plan: Plan) -> QualityModel:
    """The network that is measured.

    Raises:
        PiqaError: no such model, or it has no weights here.
    """
    name = plan.score.model
    if plan.random_weights:
        return model_of(name).build(*random_weights(name))
    return load_network(find(name, plan.score.weights))


def _ways(plan: Plan, device: torch.device) -> list[Way]:
    """fp32 first, which the others' scores are compared with."""
    half = plan.score.effective_precision == "bf16"
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
    threads = torch.get_num_threads()
    where = (
        f"{torch.cuda.get_device_name(device)}, torch {torch.__version__}"
        if device.type == "cuda"
        else f"{device.type}, {threads} thread{'s' * (threads != 1)} of {os.cpu_count()} "
        f"processors, torch {torch.__version__}"
    )
    notes = [f"{plan.score.model} on {where}"]
    if plan.random_weights:
        notes.append("weights are random: speeds hold, scores have no meaning")
    if not plan.networks_only:
        notes.append(_photographs_note(plan))
    return tuple(notes)


def _photographs_note(plan: Plan) -> str:
    if plan.captures is not None:
        return f"photographs: up to {plan.photos} of {plan.captures}"
    return f"photographs: {plan.photos} made JPEGs of {plan.megapixels:g} megapixels"
