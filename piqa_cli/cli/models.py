"""`piqa-cli models`: the models that can score, and what they cost."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from piqa_cli.cli import options
from piqa_cli.cli.ending import print_trouble
from piqa_cli.cli.terminal import print_json, print_table, say
from piqa_cli.errors import MissingPartError, PiqaError
from piqa_cli.models.catalogue import all_models
from piqa_cli.models.spec import Costs, Model
from piqa_cli.weights.store import find

_EXPLAINED = 0.01  # share by which a figure may differ from the published one without a word


def models(
    costs: Annotated[
        bool,
        typer.Option(
            "--costs",
            help="Count parameters and multiply-accumulates of each published network (takes "
            "a minute), beside the published figures.",
        ),
    ] = False,
    as_json: options.AsJson = False,
) -> None:
    """List the models: scale, licence, and whether their weights are here."""
    found, troubles = all_models()
    rows = [_facts(model) for model in found.values()]
    if costs:
        for row, model in zip(rows, found.values(), strict=True):
            row |= _costs(model)
    if as_json:
        print_json({"models": rows, "unusable": list(troubles)})
        return
    if costs:
        _print_costs(rows)
    else:
        _print_list(rows)
    for trouble in troubles:
        print_trouble(f"warning: {trouble}")


def _print_list(rows: list[dict[str, Any]]) -> None:
    head = ("model", "ready", "scale", "weights SHA-256", "what it is")
    print_table(
        head,
        [
            (
                row["name"],
                "yes" if row["weights_sha256"] else "no",
                row["scale"],
                (row["weights_sha256"] or "-")[:12],
                row["title"],
            )
            for row in rows
        ],
    )
    for row in rows:
        say()
        say(f"{row['name']}: {row['citation']}")
        say(f"  trained on {row['trained_on']}; licence: {row['licence']}")
        if row["missing"]:
            say(f"  {row['missing']}")


def _facts(model: Model) -> dict[str, Any]:
    """The spec, and what is known of its weights on this machine."""
    try:
        sha256, missing = find(model.spec.name).sha256, None
    except MissingPartError as error:
        sha256, missing = None, str(error)
    return {**asdict(model.spec), "weights_sha256": sha256, "missing": missing}


def _costs(model: Model) -> dict[str, Any]:
    """The counted and the published costs of a model; null: nothing to count, or not published."""
    from piqa_cli.score.costs import measure

    published = model.published or Costs(None, None)
    facts: dict[str, Any] = {"published": asdict(published), "counted": None, "uncounted": None}
    try:
        counted = measure(model)
    except PiqaError as error:
        return facts | {"uncounted": str(error)}
    return facts | {"counted": None if counted is None else asdict(counted)}


def _print_costs(rows: list[dict[str, Any]]) -> None:
    """A table of the models that have a published size, and the causes of differences."""
    shown = [row for row in rows if row["counted"] or row["uncounted"]]
    print_table(
        ("model", "parameters (M)", "published", "GMAC a photo", "published", "inputs"),
        [_cost_cells(row) for row in shown],
    )
    say()
    say("counted for a photograph of 1350 x 1800 px with all its views; 1 GMAC is 2 GFLOP")
    say("published: by the paper, or counted on the network that the authors' code builds")
    for row in shown:
        if row["uncounted"]:
            say(f"{row['name']}: {row['uncounted']}")
        if row["published"]["note"]:
            say(f"{row['name']}: {row['published']['note']}")


def _cost_cells(row: dict[str, Any]) -> tuple[str, ...]:
    counted, published = row["counted"] or {}, row["published"]
    views = counted.get("views", {})
    return (
        row["name"],
        *_figures(counted.get("parameters_m"), published["parameters_m"], digits=2),
        *_figures(counted.get("gmac"), published["gmac"], digits=1),
        ", ".join(f"{name} {'x'.join(map(str, shape))}" for name, shape in views.items()) or "-",
    )


def _figures(counted: float | None, published: float | None, *, digits: int) -> tuple[str, str]:
    """A counted figure and the published one, marked where they differ."""
    ours, theirs = (
        "-" if value is None else f"{value:.{digits}f}" for value in (counted, published)
    )
    if counted is None or published is None:
        return ours, theirs
    differs = abs(counted - published) > _EXPLAINED * published
    return ours, f"{theirs} (differs)" if differs else theirs
