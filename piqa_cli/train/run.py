"""Trains the small model: simulate, cut views, learn, calibrate, keep the best by validation."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Sequence
from functools import partial

import numpy as np
import torch
from tqdm import tqdm

from piqa_cli.errors import PiqaError
from piqa_cli.models.mini import DnPiqaMini
from piqa_cli.models.words import Vocabulary
from piqa_cli.train.calibrate import calibrated
from piqa_cli.train.checkpoint import Progress, load_checkpoint, save_checkpoint
from piqa_cli.train.dataset import Dataset, Row, build_dataset, capture_rows, opinion_rows
from piqa_cli.train.groups import epoch_batches, split_scenes
from piqa_cli.train.options import TrainResult, TrainSettings
from piqa_cli.train.simulate import simulate
from piqa_cli.train.steps import Material, material_of, train_epoch, validate
from piqa_cli.train.vocabulary import learn_vocabulary, load_vocabulary, save_vocabulary
from piqa_cli.weights.catalogue import spec_of
from piqa_cli.weights.save import save_bundle
from piqa_cli.weights.store import sha256_of

_MODEL = "dn-piqa-mini"
_WEIGHT_DECAY = 1e-3
_DECAY_PER_EPOCH = 0.82  # a rate that needs no last epoch: a run can be continued with more
_WARM_UP = 0.3  # of the rate, in the first epoch
_LEAST_DEVIATION = 1e-3  # of a figure; rarer differences are noise


def train(settings: TrainSettings, *, quiet: bool = False) -> TrainResult:
    """Trains the small model and writes its weights into `settings.out`.

    Interrupted anywhere, the same call goes on: rendered scenes, cut views and whole epochs are
    kept, and the weights come out the same as in one go.

    Raises:
        PiqaError: nothing to train on, or a picture or table can't be read.
    """
    captures, opinions, vocabulary = _material(settings, quiet=quiet)
    scenes = [row.scene for row in captures.rows]
    training, validation = split_scenes(scenes)
    if not training or not validation:
        raise PiqaError("too little to train on: at least two scenes of three captures are needed")
    model = _fresh_model(captures, training, vocabulary, seed=settings.seed)
    optimiser = torch.optim.AdamW(
        model.parameters(), settings.learning_rate, weight_decay=_WEIGHT_DECAY
    )
    identity = _identity(settings, captures, opinions, vocabulary)
    progress = Progress()
    if settings.resume:
        progress = load_checkpoint(settings.out, model, optimiser=optimiser, identity=identity)
    rated = None if opinions is None else material_of(opinions)
    shown, judged = material_of(captures), captures.part(validation)
    bar = tqdm(
        range(progress.epoch + 1, settings.epochs + 1),
        unit="epoch",
        initial=progress.epoch,
        total=settings.epochs,
        disable=True if quiet else None,
    )
    for epoch in bar:
        started = time.perf_counter()
        loss = _epoch(
            model,
            optimiser,
            shown,
            opinions=rated,
            rows=training,
            scenes=scenes,
            epoch=epoch,
            settings=settings,
        )
        fitted = calibrated(model, judged)
        srcc, slope = validate(fitted, judged)
        _note(progress, epoch, loss=loss, srcc=srcc, slope=slope)
        progress.log[-1]["seconds"] = time.perf_counter() - started
        _write_log(settings, progress)
        if progress.best_epoch == epoch:
            _export(fitted, settings, progress=progress, captures=captures, opinions=opinions)
        save_checkpoint(
            settings.out, model, optimiser=optimiser, progress=progress, identity=identity
        )
        bar.set_postfix(loss=f"{loss:.4f}", validation=f"{srcc:.3f}")
    return _result(settings, progress)


def _material(
    settings: TrainSettings, *, quiet: bool
) -> tuple[Dataset, Dataset | None, Vocabulary]:
    """Simulates where there are photographs, reads the tables, learns words, cuts the views."""
    rows: list[Row] = []
    rated: list[Row] = []
    if settings.opinions is not None:
        rated = opinion_rows(settings.opinions, held_out_fold=settings.held_out_fold)
    if settings.photos is not None:
        table = simulate(
            settings.photos,
            settings.out,
            captures_per_photo=settings.captures_per_photo,
            scenes_per_photo=settings.scenes_per_photo,
            seed=settings.seed,
            workers=settings.workers,
            quiet=quiet,
            rated=[row.file for row in rated],
        )
        rows += capture_rows(table)
    if settings.captures is not None:
        rows += capture_rows(settings.captures)
    if not rows:
        raise PiqaError("nothing to train on: name a folder of photographs or a CSV of captures")
    vocabulary = _vocabulary(settings, rows)
    cut = partial(
        build_dataset,
        cache=settings.out / "views",
        vocabulary=vocabulary,
        workers=settings.workers,
        quiet=quiet,
    )
    return cut(rows), cut(rated) if rated else None, vocabulary


def _vocabulary(settings: TrainSettings, rows: Sequence[Row]) -> Vocabulary:
    """Visual words of these captures; those that an interrupted run has learnt are kept."""
    files = [row.file for row in rows]
    named = hashlib.sha256("\n".join(map(str, (settings.seed, *files))).encode()).hexdigest()
    file = settings.out / f"vocabulary-{named[:16]}.npz"
    if not file.is_file():
        settings.out.mkdir(parents=True, exist_ok=True)
        save_vocabulary(learn_vocabulary(files, seed=settings.seed), file)
    return load_vocabulary(file)


def _fresh_model(
    captures: Dataset, training: Sequence[int], vocabulary: Vocabulary, *, seed: int
) -> DnPiqaMini:
    """Random start weights from the seed; the figures' mean and deviation from the material."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = DnPiqaMini()
    figures = captures.figures[list(training)].astype(np.float64)
    model.mean.copy_(torch.from_numpy(figures.mean(axis=0)))
    model.deviation.copy_(torch.from_numpy(figures.std(axis=0)).clamp(min=_LEAST_DEVIATION))
    for name in ("centre", "whitening", "words"):
        getattr(model, name).copy_(torch.from_numpy(getattr(vocabulary, name)))
    return model


def _epoch(
    model: DnPiqaMini,
    optimiser: torch.optim.Optimizer,
    captures: Material,
    *,
    opinions: Material | None,
    rows: Sequence[int],
    scenes: Sequence[str],
    epoch: int,
    settings: TrainSettings,
) -> float:
    """One pass whose randomness comes from the seed and the epoch alone."""
    rng = np.random.default_rng((settings.seed, epoch))
    rate = settings.learning_rate * _DECAY_PER_EPOCH ** (epoch - 1)
    for group in optimiser.param_groups:
        group["lr"] = rate * (_WARM_UP if epoch == 1 else 1.0)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(settings.seed * 100_003 + epoch)
        return train_epoch(
            model,
            optimiser,
            captures,
            batches=epoch_batches(rows, scenes, batch=settings.batch, rng=rng),
            opinions=opinions,
            rng=rng,
        )


def _note(progress: Progress, epoch: int, *, loss: float, srcc: float, slope: float) -> None:
    progress.epoch = epoch
    progress.log.append({"epoch": epoch, "loss": loss, "srcc": srcc, "slope": slope})
    if srcc > progress.best_srcc:
        progress.best_epoch, progress.best_srcc, progress.best_slope = epoch, srcc, slope


def _export(
    model: DnPiqaMini,
    settings: TrainSettings,
    *,
    progress: Progress,
    captures: Dataset,
    opinions: Dataset | None,
) -> None:
    """Writes the weights in half precision, with what they were trained on."""
    state = {
        name: value.detach().half() if value.is_floating_point() else value
        for name, value in model.state_dict().items()
    }
    metadata = {
        "preprocessing": spec_of(_MODEL).preprocessing,
        "epoch": str(progress.best_epoch),
        "validation_srcc": f"{progress.best_srcc:.4f}",
        "label_jod_per_unit": f"{progress.best_slope:.3f}",
        "seed": str(settings.seed),
        "captures": str(len(captures.rows)),
        "scenes": str(len({row.scene for row in captures.rows})),
        "opinions": str(0 if opinions is None else len(opinions.rows)),
    }
    save_bundle(state, metadata, model=_MODEL, folder=settings.out)


def _identity(
    settings: TrainSettings, captures: Dataset, opinions: Dataset | None, vocabulary: Vocabulary
) -> str:
    """SHA-256 of all that the weights depend on, except how many epochs there are."""
    said: list[object] = [settings.seed, settings.batch, settings.learning_rate]
    said += [spec_of(_MODEL).preprocessing, hashlib.sha256(vocabulary.words.tobytes()).hexdigest()]
    for data in (captures, opinions):
        said.append(None if data is None else [_facts(row) for row in data.rows])
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _facts(row: Row) -> tuple[object, ...]:
    return row.file.name, row.scene, row.label, row.deviation, row.costs, row.light


def _write_log(settings: TrainSettings, progress: Progress) -> None:
    """`train.json`: one line an epoch, for people; nothing reads it back."""
    partial = settings.out / "train.json.part"
    partial.write_text(json.dumps(progress.log, indent=1) + "\n", encoding="utf-8")
    partial.replace(settings.out / "train.json")


def _result(settings: TrainSettings, progress: Progress) -> TrainResult:
    weights = settings.out / f"{_MODEL}.safetensors"
    return TrainResult(
        weights=weights,
        sha256=sha256_of(weights),
        epochs=progress.epoch,
        best_epoch=progress.best_epoch,
        validation_srcc=progress.best_srcc,
        loss=progress.log[-1]["loss"],
        slope=progress.best_slope,
    )
