"""`piqa-cli doctor`: checks of this machine: processors, decoders, a known score."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from piqa_cli.cli import options
from piqa_cli.cli.terminal import print_json
from piqa_cli.cli.variables import unknown_variables, variable_lines
from piqa_cli.errors import MissingPartError
from piqa_cli.settings import ScoreSettings

if TYPE_CHECKING:
    from piqa_cli.score.selftest import SelfTest


def doctor(
    context: typer.Context, compute: options.ComputeOption = "auto", as_json: options.AsJson = False
) -> None:
    """Show processors and decoders, score a packaged picture and compare with its stored score."""
    from piqa_cli.provenance import extras, library_versions, machine
    from piqa_cli.score.selftest import self_test

    facts: dict[str, Any] = {
        "machine": machine(),
        "processors": _processors(),
        "decoders": _decoders(),
        "libraries": library_versions(),
        "extras": extras(),
        "unknown_variables": unknown_variables(context.find_root().command),
        "settings_file": None if context.obj.path is None else str(context.obj.path),
    }
    if not as_json:
        _print_facts(facts)
    test = self_test(ScoreSettings(compute=compute, use_cache=False))
    if as_json:
        print_json({**facts, "self_test": _as_json(test)})
    else:
        _print_test(test)
    if not test.agrees:
        raise MissingPartError(
            f"the packaged picture scores {test.measured:.6f} here, {test.expected:.6f} is stored "
            f"(tolerance {test.tolerance:g}): compare the library versions above with "
            "constraints.txt, and don't trust scores from this machine"
        )


def _processors() -> dict[str, str]:
    import torch

    there = {"cpu": f"{torch.get_num_threads()} threads"}
    if torch.cuda.is_available():
        there["cuda"] = torch.cuda.get_device_name(0)
    if torch.backends.mps.is_available():
        there["mps"] = "Apple GPU"
    return there


def _decoders() -> dict[str, str]:
    """Decoder of each format; `missing` where it can't be read, with what installs an extra."""
    from PIL import features

    from piqa_cli.formats import FORMATS

    found: dict[str, str] = {}
    for name, kind in FORMATS.items():
        if kind.extra is not None and not kind.is_readable:
            found[name] = f"missing: {kind.extra.command}"
        else:
            is_there = kind.codec is None or features.check(kind.codec)
            found[name] = kind.decoder() if is_there else "missing"
    return found


def _print_facts(facts: dict[str, Any]) -> None:
    machine = facts["machine"]
    typer.echo(f"machine     {machine['processor']}, {machine['cpus']} processors")
    for name, what in facts["processors"].items():
        typer.echo(f"processor   {name}: {what}")
    for name, what in facts["decoders"].items():
        typer.echo(f"decoder     {name}: {what}")
    for name, version in facts["libraries"].items():
        typer.echo(f"library     {name} {version or 'missing'}")
    for name, is_here in facts["extras"].items():
        typer.echo(f"extra       {name}: {'installed' if is_here else 'not installed'}")
    typer.echo(f"settings    {facts['settings_file'] or 'no ./piqa.toml here'}")
    for line in variable_lines(facts["unknown_variables"]):
        typer.echo(f"note        {line}")


def _print_test(test: SelfTest) -> None:
    verdict = "agrees" if test.agrees else "DISAGREES"
    typer.echo(
        f"self-test   {verdict}: {test.picture} scores {test.measured:.6f}, "
        f"{test.expected:.6f} is stored (tolerance {test.tolerance:g})"
    )


def _as_json(test: SelfTest) -> dict[str, Any]:
    return {
        "picture": test.picture,
        "expected": test.expected,
        "measured": test.measured,
        "tolerance": test.tolerance,
        "agrees": test.agrees,
    }
