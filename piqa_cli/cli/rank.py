"""`piqa-cli rank`: the main job."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from piqa_cli.cli import engines, given_scores, nightly, options, shards
from piqa_cli.cli.choice import Choice, chooses_captures, find_settings
from piqa_cli.cli.ending import print_and_end, print_trouble
from piqa_cli.cli.gate_lines import print_gates
from piqa_cli.cli.missing_lines import print_missing
from piqa_cli.cli.rank_lines import exit_code, failures_counted, print_summary, summary_json
from piqa_cli.cli.terminal import print_json, progress_bar
from piqa_cli.errors import UsageError
from piqa_cli.settings import (
    DEFAULT_CROPS_MB,
    DEFAULT_MODEL,
    DEFAULT_TIE_JOD,
    DEFAULT_TIMEOUT_S,
    By,
    FindSettings,
    RankSettings,
    RunSettings,
)

if TYPE_CHECKING:
    from piqa_cli.records import RunContent


@chooses_captures
def rank(
    context: typer.Context,
    captures: options.Captures = None,
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            "-o",
            help="Folder for tables, pictures and report; {date}, {time}, {model} are filled in.",
            readable=False,
            envvar="PIQA_OUT",
            callback=options.local_folder,
        ),
    ] = Path("piqa-run"),
    title: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT",
            help="Title of the run on its pages; by default the name of what is ranked.",
            envvar="PIQA_TITLE",
        ),
    ] = None,
    scores: given_scores.Scores = None,
    scale: given_scores.Scale = "relative",
    merge: shards.Merge = None,
    choice: Choice = Choice(),  # noqa: B008  (it is frozen)
    model: options.Models = [DEFAULT_MODEL],  # noqa: B006  (typer copies it)
    weights_file: options.WeightsFiles = None,
    combine: options.CombineOption = None,
    landmarks: options.Landmarks = None,
    working_size: options.WorkingSize = options.DEFAULT_WORKING_SIZE,
    face: options.FaceOption = "scene",
    by: Annotated[
        By | None,
        typer.Option(
            help="Unit that is ranked; by default device+firmware where firmware is known.",
            envvar="PIQA_BY",
        ),
    ] = None,
    tie_jod: Annotated[
        float,
        typer.Option(
            min=0.0, metavar="JOD", help="Largest gap that counts as a tie.", envvar="PIQA_TIE_JOD"
        ),
    ] = DEFAULT_TIE_JOD,
    reference: Annotated[
        str | None,
        typer.Option(
            metavar="DEVICE",
            help="Measure gaps against it (DEVICE@FIRMWARE where firmwares compete), "
            "instead of against the mean device.",
            envvar="PIQA_REFERENCE",
        ),
    ] = None,
    min_scenes: options.MinScenes = None,
    min_captures: options.MinCaptures = 1,
    compute: options.ComputeOption = "auto",
    precision: options.PrecisionOption = "auto",
    damaged: options.DamagedOption = "refuse",
    workers: options.Workers = None,
    timeout_s: options.Timeout = DEFAULT_TIMEOUT_S,
    fresh: options.Fresh = False,
    shared_cache: options.SharedCache = None,
    log_file: nightly.LogFile = None,
    engine: engines.EngineOption = "local",
    ray_address: engines.RayAddress = None,
    ray_actors: engines.RayActors = None,
    ray_gpus: engines.RayGpus = 1.0,
    pictures: options.PicturesOption = "full",
    crops_mb: Annotated[
        float,
        typer.Option(
            min=0.0,
            metavar="MB",
            help="Limit for crops of the original pixels, which pages show at 100 %; 0: none.",
            envvar="PIQA_CROPS_MB",
        ),
    ] = DEFAULT_CROPS_MB,
    csv: Annotated[bool, typer.Option("--csv", help="Write every table as CSV too.")] = False,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Score every capture, rank the devices within each scene, write tables and report."""
    parts = shards.parts_to_merge(context, merge)
    exists = None if parts else given_scores.given_settings(context, scores, scale)
    first, *further = options.model_choices(model, weights_file)
    if combine is not None and not further and not (exists or parts):
        raise UsageError("--combine makes an ensemble of several models: name them by --model")
    filled_in = parts.model if parts else given_scores.GIVEN_MODEL if exists else first.model
    to = nightly.places(out, log_file, model=filled_in)
    settings = RunSettings(
        find=FindSettings(
            None,
            only=tuple(choice.only or ()),
            exclude=tuple(choice.exclude or ()),
            devices=context.obj.devices(),
        )
        if exists or parts
        else find_settings(context, captures, choice),
        out=to.out,
        score=options.score_settings(
            model=first.model,
            weights=first.weights,
            working_size=working_size,
            face=face,
            precision=precision,
            compute=compute,
            damaged=damaged,
            workers=workers,
            timeout_s=timeout_s,
            fresh=fresh,
            shared_cache=shared_cache,
            landmarks=landmarks,
        ),
        rank=RankSettings(by, tie_jod, reference, min_scenes, min_captures),
        gates=context.obj.gates(),
        acknowledge=context.obj.acknowledged(),
        csv=csv,
        pictures=pictures,
        crops_mb=crops_mb,
        command=tuple(sys.argv),
        given=exists,
        expect=context.obj.expect(),
        further=() if exists else tuple(further),
        combine=None if exists else combine,
        title=title,
        notes_from=to.run_before(),
        engine=engine,
        ray=engines.ray_settings(
            context, engine, address=ray_address, actors=ray_actors, gpus=ray_gpus
        ),
    )
    if parts:
        from piqa_cli.from_parts import run_from_parts, settings_of_parts

        settings = settings_of_parts(settings, parts)
    with nightly.logged(to.log) as journal:
        journal.start(settings)
        if parts:
            result = run_from_parts(settings, parts, note=journal.note)
        elif exists:
            from piqa_cli.from_scores import run_from_scores

            result = run_from_scores(settings, exists, note=journal.note)
        else:
            from piqa_cli.pipeline import run

            progress = journal.watch(progress_bar(quiet or as_json))
            result = run(settings, progress=progress, note=journal.note)
        journal.end(result)
        to.link_latest()
        print_and_end(
            exit_code(result),
            lambda: _print(result, as_json=as_json, quiet=quiet),
            lambda: print_missing(result.open_missing),
            lambda: print_gates(result.gates, quiet=quiet),
        )


def _print(result: RunContent, *, as_json: bool, quiet: bool) -> None:
    """The result, or with --quiet only what went wrong."""
    if as_json:
        print_json(summary_json(result))
    elif not quiet:
        print_summary(result)
    elif result.failed:
        print_trouble(failures_counted(result))
