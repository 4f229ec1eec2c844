"""`piqa-cli models`: the models that can score."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from piqa_cli.cli import options
from piqa_cli.cli.terminal import print_json, print_table, say
from piqa_cli.errors import MissingPartError
from piqa_cli.models.catalogue import MODELS
from piqa_cli.records import ModelSpec
from piqa_cli.weights.store import find


def models(as_json: options.AsJson = False) -> None:
    """List the models: scale, licence, and whether their weights are here."""
    rows = [_facts(model.spec) for model in MODELS.values()]
    if as_json:
        print_json({"models": rows})
        return
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


def _facts(spec: ModelSpec) -> dict[str, Any]:
    """The spec, and what is known of its weights on this machine."""
    try:
        sha256, missing = find(spec.name).sha256, None
    except MissingPartError as error:
        sha256, missing = None, str(error)
    return {**asdict(spec), "weights_sha256": sha256, "missing": missing}
