"""`rank --engine`: what computes the scores, and the options of a Ray cluster."""

from __future__ import annotations

from typing import Annotated

import typer

from piqa_cli.cli.options import name_of, typed
from piqa_cli.errors import UsageError
from piqa_cli.settings import EngineName, RaySettings

EngineOption = Annotated[
    EngineName,
    typer.Option(
        "--engine",
        help="Score on this machine, or on a Ray cluster (extra `ray`); the scores are the same.",
        envvar="PIQA_ENGINE",
    ),
]
RayAddress = Annotated[
    str | None,
    typer.Option(
        "--ray-address",
        metavar="HOST:PORT",
        help="Ray cluster to use, `auto` for the one that this machine is in; by default Ray is "
        "started on this machine.",
        envvar="PIQA_RAY_ADDRESS",
    ),
]
RayActors = Annotated[
    int | None,
    typer.Option(
        "--ray-actors",
        min=1,
        metavar="N",
        help="Processes that hold the networks, which small models on CPUs don't need; by "
        "default one for each GPU, or for each task that reads.",
        envvar="PIQA_RAY_ACTORS",
    ),
]
RayGpus = Annotated[
    float,
    typer.Option(
        "--ray-gpus",
        min=0.01,
        metavar="G",
        help="GPUs for each of these processes; 0.5 lets two share one.",
        envvar="PIQA_RAY_GPUS",
    ),
]

_OF_RAY = ("ray_address", "ray_actors", "ray_gpus")


def ray_settings(
    context: typer.Context,
    engine: EngineName,
    *,
    address: str | None,
    actors: int | None,
    gpus: float,
) -> RaySettings:
    """Settings of a Ray cluster.

    Raises:
        UsageError: they are named for the local engine, or those of the local one for Ray.
    """
    if gpus > 1 and gpus != int(gpus):
        raise UsageError(f"--ray-gpus {gpus:g}: give a whole number, or a fraction of one GPU")
    for param in context.command.params:
        name = param.name or ""
        if engine == "local" and name in _OF_RAY and typed(context, name):
            raise UsageError(f"{name_of(param)} is for --engine ray: name it, too")
        if engine == "ray" and name == "workers" and typed(context, name):
            raise UsageError("--workers is for this machine alone: with --engine ray leave it out")
    return RaySettings(address, actors, gpus)
