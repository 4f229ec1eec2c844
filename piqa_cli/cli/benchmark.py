"""`piqa-cli benchmark`: the speed of this program on this machine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from piqa_cli.cli import options
from piqa_cli.cli.terminal import print_json, print_table, say
from piqa_cli.settings import DEFAULT_MODEL, DEFAULT_TIMEOUT_S


def benchmark(
    captures: Annotated[
        Path | None,
        typer.Argument(
            metavar="PHOTOS",
            readable=False,
            help="Folder of photographs; without it, JPEGs are made from the sample set.",
        ),
    ] = None,
    model: options.Model = DEFAULT_MODEL,
    weights: options.WeightsFile = None,
    random_weights: Annotated[
        bool,
        typer.Option(
            "--random-weights",
            help="Take weights without meaning in the published size; dn-piqa only.",
        ),
    ] = False,
    photos: Annotated[int, typer.Option(min=1, help="Photographs of the whole runs.")] = 8,
    megapixels: Annotated[
        float, typer.Option(min=0.1, max=250, help="Size of the photographs that are made.")
    ] = 12.0,
    working_size: options.WorkingSize = options.DEFAULT_WORKING_SIZE,
    compute: options.ComputeOption = "auto",
    precision: options.PrecisionOption = "auto",
    workers: options.Workers = None,
    threads: Annotated[
        int | None, typer.Option(min=1, help="Threads of the networks on a CPU.")
    ] = None,
    batches: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Batches of the networks; by default 12 on a GPU and of small models, else 2.",
        ),
    ] = None,
    networks_only: Annotated[
        bool, typer.Option("--networks-only", help="Measure the networks and no whole runs.")
    ] = False,
    reference: Annotated[
        bool,
        typer.Option("--reference", help="Measure a plain loop of dn-piqa beside the program."),
    ] = False,
    compiled: Annotated[
        bool,
        typer.Option("--compile", help="Measure compiled networks too, which takes minutes."),
    ] = False,
    machines: Annotated[
        Path | None,
        typer.Option(
            "--machines",
            metavar="FILE",
            help="Measure nothing: from the output of --json compute photographs an hour of 1, 8 "
            "and 64 machines like that.",
            readable=False,
        ),
    ] = None,
    cores: Annotated[
        int | None,
        typer.Option(
            min=1, help="For --machines: processors of each; by default those of the benchmark."
        ),
    ] = None,
    price: Annotated[
        float | None,
        typer.Option(min=0.0, help="For --machines: price of one of them an hour."),
    ] = None,
    as_json: options.AsJson = False,
) -> None:
    """Measure the networks, every stage and whole runs on this machine."""
    if machines is not None:
        from piqa_cli.benchmark.machines import machine_table, read_rates

        print_table(*machine_table(read_rates(machines, cores=cores), price=price))
        return
    from piqa_cli.benchmark import result
    from piqa_cli.benchmark.measure import Plan, run_benchmark

    settings = options.score_settings(
        model=model,
        weights=weights,
        working_size=working_size,
        face="confident",
        precision=precision,
        compute=compute,
        damaged="refuse",
        workers=workers,
        timeout_s=DEFAULT_TIMEOUT_S,
        fresh=True,
    )
    plan = Plan(
        score=replace(settings, use_cache=False),
        random_weights=random_weights,
        captures=captures,
        photos=photos,
        megapixels=megapixels,
        batches=batches,
        networks_only=networks_only,
        reference=reference,
        compiled=compiled,
        threads=threads,
    )
    found = run_benchmark(plan)
    if as_json:
        print_json(result.as_json(found))
        return
    for line in found.notes:
        say(line)
    print_table(*result.network_table(found))
    if found.stages is not None:
        say()
        print_table(*result.stage_table(found.stages, found.fastest))
    for line in result.lines(found):
        say(line)
