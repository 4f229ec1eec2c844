"""Trains the small model: ratings first, then what each fault costs, and fine detail."""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch.optim.lr_scheduler import OneCycleLR
from tqdm import tqdm

from piqa_cli.errors import PiqaError
from piqa_cli.models.catalogue import spec_of
from piqa_cli.models.dn_piqa_mini.network import DnPiqaMini
from piqa_cli.score.compute import choose_device, forbid_tf32
from piqa_cli.train.mini.checkpoint import Progress, Stateful, load_checkpoint, save_checkpoint
from piqa_cli.train.mini.detail import fit_detail
from piqa_cli.train.mini.features import frozen_maps
from piqa_cli.train.mini.head import KEPT, adapt, begin, finish, keep_part
from piqa_cli.train.mini.material import Material, Part, material_of
from piqa_cli.train.mini.ratings import RatedSet, read_ratings
from piqa_cli.train.mini.start import IMAGENET, MODEL, SHIPPED, start_model
from piqa_cli.train.mini.steps import step_loss, take_step
from piqa_cli.train.options import TrainResult, TrainSettings
from piqa_cli.train.simulation.simulate import simulate
from piqa_cli.weights.save import save_bundle
from piqa_cli.weights.store import sha256_of

_HEAD_RATE = 0.3  # learning rate of the head, in rates of the backbone
_WEIGHT_DECAY = 1e-2
_WARM_UP = 0.15  # share of the steps in which the rate rises


def train(
    settings: TrainSettings, *, quiet: bool = False, show: Callable[[str], None] = lambda line: None
) -> TrainResult:
    """Trains the small model and writes its weights into `settings.out`.

    Interrupted anywhere, the same call goes on: rendered scenes, features and checkpoints
    are kept, and the weights come out the same as in one go.

    Args:
        settings: material and recipe.
        quiet: show no bars.
        show: takes warnings.

    Raises:
        PiqaError: nothing to train on, or a picture or table can't be read.
        MissingPartError: the weights to start from aren't here.
    """
    rated = [read_ratings(table) for table in settings.captures]
    for line in (warning for one in rated for warning in one.warnings):
        show(line)
    simulated = None if settings.photos is None else _simulated(settings, quiet=quiet)
    sets = [*rated, simulated] if simulated else rated
    if not sets:
        raise PiqaError("nothing to train on: name a CSV of captures or a folder of photographs")
    settings.out.mkdir(parents=True, exist_ok=True)
    model = start_model(settings.start, seed=settings.seed)
    material = _material(settings, sets, quiet=quiet)
    torch.set_num_threads(settings.workers)
    if settings.start == IMAGENET:
        begin(model, material)
    start = {name: value.clone() for name, value in model.state_dict().items()}
    device = choose_device(settings.compute)
    identity = _identity(settings, sets, device)
    forbid_tf32()
    model.to(device)
    loss = _fit(model, material, settings, identity=identity, quiet=quiet)
    model.to("cpu")
    keep_part(model, start, KEPT)
    if simulated:
        finish(model, material, seed=settings.seed)
        if settings.start == IMAGENET and settings.photos:
            fit_detail(
                model,
                settings.photos,
                start=settings.start,
                seed=settings.seed,
                workers=settings.workers,
                quiet=quiet,
            )
    elif settings.start != IMAGENET:
        adapt(model, material)
    weights = _export(model, settings, sets)
    return TrainResult(weights, sha256_of(weights), settings.steps, loss, len(material.jod))


def _simulated(settings: TrainSettings, *, quiet: bool) -> RatedSet:
    assert settings.photos is not None
    table = simulate(
        settings.photos,
        settings.material or settings.out,
        seed=settings.seed,
        workers=settings.workers,
        quiet=quiet,
    )
    return replace(read_ratings(table), is_simulated=True)


def _material(settings: TrainSettings, sets: Sequence[RatedSet], *, quiet: bool) -> Material:
    """Collects all sets, the rated ones without the fold that is left out."""
    found = []
    for one in sets:
        maps = frozen_maps(
            one.rows,
            (settings.material or settings.out) / "features",
            start=settings.start,
            workers=settings.workers,
            quiet=quiet,
        )
        kept = [
            at for at, row in enumerate(one.rows) if one.is_simulated or row.fold != settings.fold
        ]
        rows = [one.rows[at] for at in kept]
        found.append(Part(maps.part(kept), rows, one.is_simulated))
        if not any(count > 1 for count in Counter(row.scene for row in rows).values()):
            raise PiqaError(f"{one.name}: too little to train on: no scene has two captures")
    return material_of(found)


def _fit(
    model: DnPiqaMini, material: Material, settings: TrainSettings, *, identity: str, quiet: bool
) -> float:
    """All steps from the last checkpoint on; returns the mean loss of the last ones."""
    trained = [*model.trained_stages().parameters()]
    head = [*model.score.parameters()]
    rates = [settings.rate, _HEAD_RATE * settings.rate]
    optimiser = torch.optim.AdamW(
        [
            {"params": params, "lr": rate}
            for params, rate in zip((trained, head), rates, strict=True)
        ],
        weight_decay=_WEIGHT_DECAY,
    )
    schedule = OneCycleLR(optimiser, rates, total_steps=settings.steps, pct_start=_WARM_UP)
    parts: dict[str, Stateful] = {"model": model, "optimiser": optimiser, "schedule": schedule}
    progress = Progress()
    if settings.resume:
        progress = load_checkpoint(settings.out, parts, identity=identity)
    bar = tqdm(
        total=settings.steps,
        initial=progress.step,
        unit="step",
        disable=True if quiet else None,
    )
    losses, started = [], time.perf_counter()
    with bar:
        while progress.step < settings.steps:
            rng = np.random.default_rng((settings.seed, progress.step))
            model.eval()  # no dropout here; the convolutions have no modes
            losses.append(take_step(trained + head, optimiser, step_loss(model, material, rng)))
            schedule.step()
            progress.step += 1
            bar.update()
            if progress.step % settings.checkpoint_steps == 0 or progress.step == settings.steps:
                seconds = time.perf_counter() - started
                line = {"step": progress.step, "loss": float(np.mean(losses)), "seconds": seconds}
                progress.log.append(line)
                losses, started = [], time.perf_counter()
                save_checkpoint(settings.out, parts, progress=progress, identity=identity)
                _write_log(settings.out, progress)
                bar.set_postfix(loss=f"{line['loss']:.4f}")
    return progress.log[-1]["loss"]


def _export(model: DnPiqaMini, settings: TrainSettings, sets: Sequence[RatedSet]) -> Path:
    """Writes the weights in half precision, with what they were trained on."""
    state = {name: value.detach().half().contiguous() for name, value in model.state_dict().items()}
    seen = {one.sha256: {"name": one.name, "captures": len(one.rows)} for one in sets}
    metadata = {
        "preprocessing": spec_of(MODEL).preprocessing,
        "start": settings.start if settings.start == IMAGENET else "weights",
        "fold": "" if settings.fold is None else str(settings.fold),
        "seen": json.dumps(seen, sort_keys=True),
        "steps": str(settings.steps),
        "seed": str(settings.seed),
    }
    return save_bundle(state, metadata, model=MODEL, folder=settings.out).path


def _identity(settings: TrainSettings, sets: Sequence[RatedSet], device: torch.device) -> str:
    """SHA-256 of all that the weights depend on."""
    named = settings.start in (IMAGENET, SHIPPED)
    start = settings.start if named else sha256_of(Path(settings.start))
    facts: list[object] = [start, settings.fold, settings.steps, settings.seed]
    facts += [settings.rate, spec_of(MODEL).preprocessing, device.type]
    facts += [
        (row.file.name, row.scene, row.jod, row.face, row.costs) for one in sets for row in one.rows
    ]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def _write_log(out: Path, progress: Progress) -> None:
    """`train.json`: one line a checkpoint, for people; nothing reads it back."""
    partial = out / "train.json.part"
    partial.write_text(json.dumps(progress.log, indent=1) + "\n", encoding="utf-8")
    partial.replace(out / "train.json")
