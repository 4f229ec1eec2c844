"""`piqa-cli score`: quick scores of single files."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from piqa_cli.cli import options, shards
from piqa_cli.cli.choice import Choice, chooses_captures, find_settings
from piqa_cli.cli.ending import print_and_end, print_trouble
from piqa_cli.cli.rank_lines import EXIT_SOME_FAILED
from piqa_cli.cli.terminal import print_json, progress_bar
from piqa_cli.errors import PiqaError, UsageError, spelt_out
from piqa_cli.faults import FAULTS
from piqa_cli.parts.cut import parse_shard
from piqa_cli.records import Capture, Failed, Scored
from piqa_cli.remote import is_url, place
from piqa_cli.settings import (
    DEFAULT_MODEL,
    DEFAULT_TIMEOUT_S,
    RunSettings,
    ScoreSettings,
)


@chooses_captures
def score(
    context: typer.Context,
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="FILES",
            help="Pictures to score; with --shard the captures folder.",
            readable=False,
        ),
    ] = None,
    shard: shards.ShardOption = None,
    out: shards.PartOut = None,
    choice: Choice = Choice(),  # noqa: B008  (it is frozen)
    model: options.Models = [DEFAULT_MODEL],  # noqa: B006  (typer copies it)
    weights_file: options.WeightsFiles = None,
    landmarks: options.Landmarks = None,
    working_size: options.WorkingSize = options.DEFAULT_WORKING_SIZE,
    face: options.FaceOption = "scene",
    compute: options.ComputeOption = "auto",
    precision: options.PrecisionOption = "auto",
    damaged: options.DamagedOption = "refuse",
    workers: options.Workers = None,
    timeout_s: options.Timeout = DEFAULT_TIMEOUT_S,
    fresh: options.Fresh = False,
    shared_cache: options.SharedCache = None,
    pictures: options.PicturesOption = "full",
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Print one score a line; comparable only between pictures of one scene.

    With --shard K/N, score a part of a captures folder for `rank --merge`.
    """
    first, *further = options.model_choices(model, weights_file)
    settings = options.score_settings(
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
    )
    if shard is not None:
        if out is None:
            raise UsageError(f"--shard {shard} writes a part: name its folder with -o")
        if len(files or ()) > 1:
            raise UsageError("--shard scores one captures folder: name one")
        run = RunSettings(
            find=find_settings(context, files[0] if files else None, choice),
            out=out,
            score=settings,
            pictures=pictures,
            command=tuple(sys.argv),
            further=tuple(further),
        )
        shards.score_shard(parse_shard(shard), run, as_json=as_json, quiet=quiet)
        return
    shards.refuse_without_shard(context)
    if further and options.typed(context, "model"):
        raise UsageError("score FILES takes one --model: `rank` takes several, for folders")
    _score_files(files or [], settings, as_json=as_json, quiet=quiet)


def _score_files(
    files: Sequence[Path], settings: ScoreSettings, *, as_json: bool, quiet: bool
) -> None:
    """Scores single files and prints the scores."""
    if not files:
        raise UsageError("name the files to score, or a captures folder with --shard")
    for file in files:
        if not is_url(file) and file.is_dir():
            raise PiqaError(
                f"{file} is a folder: give files, or `rank` the folder that holds the scenes"
            )
    from piqa_cli.score.run import score_captures

    captures = [
        Capture(path=str(file), file=file, scene="", device="")
        for file in dict.fromkeys(map(place, files))
    ]
    findings = score_captures(captures, settings, progress=progress_bar(quiet or as_json))

    def result() -> None:
        if as_json:
            rows = [_as_json(result) for result in findings.results]
            sha256 = findings.recipe.weights_sha256
            print_json({"model": settings.model, "weights_sha256": sha256, "scores": rows})
        else:
            for one in findings.results:
                _print(one)

    failed = sum(isinstance(result, Failed) for result in findings.results)
    if failed == len(findings.results):
        result()
        raise PiqaError("nothing could be scored")
    print_and_end(EXIT_SOME_FAILED if failed else 0, result)


def _print(result: Scored | Failed) -> None:
    """Scores to stdout; failures and warnings to stderr, so that a pipe gets scores alone."""
    from piqa_cli.discover.mixups import damage_note

    if isinstance(result, Scored):
        typer.echo(f"{result.prediction.score:.4f}\t{spelt_out(result.capture.path)}")
        for warning in result.facts.warnings:
            print_trouble(f"warning: {result.capture.path}: {warning}")
        if note := damage_note(result):
            print_trouble(f"{result.capture.path}: {note}")
    else:
        print_trouble(f"{result.capture.path}: {result.reason}")


def _as_json(result: Scored | Failed) -> dict[str, Any]:
    if isinstance(result, Failed):
        return {"path": result.capture.path, "status": "failed", "reason": result.reason}
    return {
        "path": result.capture.path,
        "status": "ok",
        "score": result.prediction.score,
        "no_face": result.face.box is None,
        "warnings": list(result.facts.warnings),
        "damage": result.facts.damage,
        **_by_name(result.prediction.explanation),
    }


def _by_name(explanation: Mapping[str, Any]) -> dict[str, Any]:
    """The explanation with costs by the names of their faults."""
    costs = explanation.get("fault_costs")
    if costs is None:
        return dict(explanation)
    named = {fault.name: cost for fault, cost in zip(FAULTS, costs, strict=True)}
    return {**explanation, "fault_costs": named}
