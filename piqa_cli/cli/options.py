"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from piqa_cli.cli.named_file import named_file
from piqa_cli.errors import UsageError
from piqa_cli.main_memory import WORKER_BYTES
from piqa_cli.remote import is_url, place
from piqa_cli.settings import (
    DEFAULT_MODEL,
    DEFAULT_WORKING_SIDE_PX,
    MOST_WORKERS,
    Combine,
    Compute,
    Damaged,
    DetectorRule,
    FaceRule,
    ModelChoice,
    Pictures,
    Precision,
    Prefer,
    ScoreSettings,
    Shots,
    default_workers,
)

Captures = Annotated[
    Path | None,
    typer.Argument(
        metavar="CAPTURES",
        readable=False,
        help="Folder of captures (or s3:// URL): <scene>/<device>/ inside.",
    ),
]
Manifest = Annotated[
    Path | None,
    typer.Option(
        help="CSV or Parquet with path, scene, device (and more) instead of a folder layout.",
        readable=False,
    ),
]
Layout = Annotated[
    str,
    typer.Option(
        help="Folder pattern of {scene} {device} {firmware} {take} {condition}; * skips a level.",
        envvar="PIQA_LAYOUT",
    ),
]
Only = Annotated[
    list[str] | None,
    typer.Option(
        metavar="PATTERN", help="Keep these: scene=PATTERN, device=PATTERN, or either's name."
    ),
]
Exclude = Annotated[
    list[str] | None,
    typer.Option(metavar="PATTERN", help="Leave these out; patterns as with --only."),
]
ShotsOption = Annotated[
    Shots,
    typer.Option(
        "--shots",
        help="Files whose names say that they show one shot: count the finished picture, or all.",
        envvar="PIQA_SHOTS",
    ),
]
PreferOption = Annotated[
    Prefer,
    typer.Option(
        "--prefer",
        help="Of a RAW file and the picture beside it, the one that counts; raw needs an extra.",
        envvar="PIQA_PREFER",
    ),
]
Models = Annotated[
    list[str],
    typer.Option(
        "--model",
        "-m",
        metavar="NAME",
        help="Model that scores the captures; see `models`. Named several times: the run is of the "
        "first, and each of the others gets its own in RUN/models/NAME.",
        envvar="PIQA_MODEL",
    ),
]
WeightsFiles = Annotated[
    list[Path] | None,
    typer.Option(
        metavar="[NAME=]FILE",
        help="Weights file of the model, as `train run` writes it, instead of the model's own; "
        "of several models with its name.",
        envvar="PIQA_WEIGHTS_FILE",
        readable=False,
    ),
]
CombineOption = Annotated[
    Combine | None,
    typer.Option(
        "--combine",
        help="Also rank by an ensemble of all models: the mean of each capture's normal scores "
        "by its rank within the scene.",
        envvar="PIQA_COMBINE",
    ),
]
Model = Annotated[
    str,
    typer.Option(
        "--model", "-m", help="Model that scores the captures; see `models`.", envvar="PIQA_MODEL"
    ),
]
WeightsFile = Annotated[
    Path | None,
    typer.Option(
        help="Weights file of the model, as `train run` writes it, instead of the model's own.",
        envvar="PIQA_WEIGHTS_FILE",
        readable=False,
    ),
]
Landmarks = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Table of 68 landmarks of the face in each capture, for models that need them.",
        envvar="PIQA_LANDMARKS",
        readable=False,
    ),
]
WorkingSize = Annotated[
    str,
    typer.Option(
        metavar="PX|native",
        help="Reduce larger captures to this shorter side; native: leave them as they are.",
        envvar="PIQA_WORKING_SIZE",
    ),
]
FaceOption = Annotated[
    FaceRule,
    typer.Option(
        "--face",
        help="Face that counts where there are several: the same person in all captures of a "
        "scene, or in each capture the most confident or the largest face.",
        envvar="PIQA_FACE",
    ),
]
DetectorRuleOption = Annotated[
    DetectorRule, typer.Option("--face", help="Face that counts where there are several.")
]
Dataset = Annotated[
    tuple[str, Path],
    typer.Option(
        metavar="piq23 FOLDER", help="Folder of PIQ23's CSVs and pictures.", show_default=False
    ),
]
NO_DATASET: tuple[str, Path] = ("", Path())
MinScenes = Annotated[
    int | None,
    typer.Option(
        min=1,
        metavar="N",
        help="List devices with scores in fewer scenes without a rank; by default 2 where there "
        "are 5 scenes or more.",
        envvar="PIQA_MIN_SCENES",
    ),
]
MinCaptures = Annotated[
    int,
    typer.Option(
        min=1,
        metavar="N",
        help="List devices with fewer scored captures without a rank.",
        envvar="PIQA_MIN_CAPTURES",
    ),
]
PrecisionOption = Annotated[
    Precision,
    typer.Option(
        "--precision", help="Number format of the networks; auto is fp32.", envvar="PIQA_PRECISION"
    ),
]
ComputeOption = Annotated[
    Compute, typer.Option("--compute", help="Processor for the networks.", envvar="PIQA_COMPUTE")
]
DamagedOption = Annotated[
    Damaged,
    typer.Option(
        "--damaged",
        help="Refuse captures with missing or wrong pixels, or score them with a warning.",
        envvar="PIQA_DAMAGED",
    ),
]
Workers = Annotated[
    int | None,
    typer.Option(
        min=1,
        help="Processes that read captures and find faces; by default one for each processor "
        f"that may be used, at most {MOST_WORKERS}, and no more than fit into free memory "
        f"({WORKER_BYTES >> 20} MiB each).",
        envvar="PIQA_WORKERS",
    ),
]
Timeout = Annotated[
    float,
    typer.Option(
        "--timeout",
        min=0.1,
        metavar="S",
        help="Seconds that one capture may take: to read it, find its face, cut its views.",
        envvar="PIQA_TIMEOUT",
    ),
]
Fresh = Annotated[
    bool, typer.Option("--fresh", help="Score everything again, also what the cache knows.")
]
SharedCache = Annotated[
    str | None,
    typer.Option(
        "--shared-cache",
        metavar="FOLDER|URL",
        help="Folder or s3:// URL where machines share scores: what one has scored, no other "
        "scores again.",
        envvar="PIQA_SHARED_CACHE",
    ),
]
PicturesOption = Annotated[
    Pictures,
    typer.Option(
        "--pictures",
        help="Pictures on the pages: none, thumbnails, or as they were scored.",
        envvar="PIQA_PICTURES",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]

DEFAULT_WORKING_SIZE = str(DEFAULT_WORKING_SIDE_PX)


def typed(context: typer.Context, name: str) -> bool:
    """True where this call names a parameter; environment and piqa.toml hold for all calls."""
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


def name_of(param: Any) -> str:
    """Name of a parameter as people type it: `--option`, or ARGUMENT."""
    if param.param_type_name == "option":
        return str(max(param.opts, key=len))
    return str(param.metavar or param.name.upper())


def local_folder(folder: Path | None) -> Path | None:
    """The folder or file that a command writes, which lies on this machine.

    Raises:
        UsageError: it is a URL.
    """
    if folder is not None and is_url(folder):
        raise UsageError(
            f"-o {place(folder)}: results are written on this machine; name a place there, and "
            "copy them afterwards"
        )
    return folder


def score_settings(
    *,
    model: str = DEFAULT_MODEL,
    weights: Path | None = None,
    working_size: str,
    face: FaceRule,
    precision: Precision,
    compute: Compute,
    damaged: Damaged,
    workers: int | None,
    timeout_s: float,
    fresh: bool,
    shared_cache: str | None = None,
    landmarks: Path | None = None,
) -> ScoreSettings:
    """Scoring settings, from the command line."""
    return ScoreSettings(
        model=model,
        weights=weights,
        working_side_px=working_side(working_size),
        face_rule=face,
        precision=precision,
        compute=compute,
        damaged=damaged,
        workers=workers or default_workers(),
        timeout_s=timeout_s,
        fresh=fresh,
        shared_cache=shared_cache,
        landmarks=landmarks,
    )


def working_side(text: str) -> int | None:
    """Pixels of the shorter side, or None for `native`."""
    if text == "native":
        return None
    if text.isdecimal() and int(text) > 0:
        return int(text)
    raise UsageError(f"--working-size {text!r}: give pixels of the shorter side, or native")


def piq23_folder(dataset: tuple[str, Path]) -> Path | None:
    """The folder of `--dataset piq23 FOLDER`; None where it isn't given."""
    kind, folder = dataset
    if dataset == NO_DATASET:
        return None
    if kind != "piq23":
        raise UsageError(f"--dataset {kind!r}: only piq23 is known; others go by --captures FILE")
    return folder


def model_choices(models: list[str], weights: list[Path] | None) -> tuple[ModelChoice, ...]:
    """The models of a run with the weights files that are named for them.

    Args:
        models: names, the first one first.
        weights: `FILE` where there is one model, else `NAME=FILE`.

    Raises:
        UsageError: a model twice, a file of no model, or two files of one.
    """
    for name in models:
        if models.count(name) > 1:
            raise UsageError(f"--model {name} is named twice: name each model once")
    files: dict[str, Path] = {}
    for given in weights or ():
        name, file = named_file(given)
        if name not in models:
            if len(models) > 1:
                raise UsageError(
                    f"--weights-file {given}: with several models say which one's it is, "
                    f"such as {models[0]}=FILE"
                )
            name, file = models[0], given
        if name in files:
            raise UsageError(f"--weights-file: two files of {name}: name one")
        files[name] = file
    return tuple(ModelChoice(name, files.get(name)) for name in models)
