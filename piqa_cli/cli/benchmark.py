"""`piqa-cli benchmark`: the speed of this program on this machine."""

from __future__ import annotations

from typing import Annotated

import typer

from piqa_cli.cli import options
from piqa_cli.cli.terminal import print_json, print_table, say


def benchmark(
    model: options.Model = options.DEFAULT_MODEL,
    weights: options.WeightsFile = None,
    random_weights: Annotated[
        bool,
        typer.Option(
            "--random-weights",
            help="Take weights without meaning in the published size; dn-piqa only.",
        ),
    ] = False,
    compute: options.ComputeOption = "auto",
    precision: options.PrecisionOption = "auto",
    networks_only: Annotated[
        bool, typer.Option("--networks-only", help="Measure the networks and nothing else.")
    ] = False,
    batches: Annotated[
        int | None,
        typer.Option(min=1, help="Batches to measure; by default 12 on a GPU, 2 on a CPU."),
    ] = None,
    compiled: Annotated[
        bool,
        typer.Option("--compile", help="Measure compiled networks too, which takes minutes."),
    ] = False,
    as_json: options.AsJson = False,
) -> None:
    """Measure the networks, every stage and whole runs on this machine."""
    from piqa_cli.benchmark.measure import Plan, measure_networks
    from piqa_cli.benchmark.result import network_rows, networks_json

    plan = Plan(
        model=model,
        weights=weights,
        random_weights=random_weights,
        compute=compute,
        precision=precision,
        batches=batches,
        compiled=compiled,
    )
    found = measure_networks(plan)
    if as_json:
        print_json(networks_json(found))
        return
    for line in found.notes:
        say(line)
    print_table(*network_rows(found))
