"""The options that choose captures, declared once for all commands that have them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from inspect import Parameter, signature
from pathlib import Path
from typing import Any, get_type_hints

import typer

from piqa_cli.cli import options
from piqa_cli.cli.options import typed
from piqa_cli.errors import UsageError
from piqa_cli.remote import place
from piqa_cli.settings import DEFAULT_LAYOUT, FindSettings

_PARAMETER = "choice"


@dataclass(frozen=True, slots=True)
class Choice:
    """The options beside the captures folder, as a call gives them."""

    manifest: options.Manifest = None
    layout: options.Layout = DEFAULT_LAYOUT
    only: options.Only = None
    exclude: options.Exclude = None
    shots: options.ShotsOption = "one"
    prefer: options.PreferOption = "picture"


def chooses_captures(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a command the options of `Choice` at the place of its parameter `choice`."""
    hints = get_type_hints(command, include_extras=True) | get_type_hints(
        Choice, include_extras=True
    )
    defaults = Choice()
    names = [field.name for field in fields(Choice)]
    parameters: list[Parameter] = []
    for own in signature(command).parameters.values():
        if own.name != _PARAMETER:
            parameters.append(own.replace(annotation=hints[own.name]))
            continue
        parameters += [
            own.replace(name=name, default=getattr(defaults, name), annotation=hints[name])
            for name in names
        ]

    @wraps(command)
    def with_options(**given: Any) -> None:
        chosen = Choice(**{name: given.pop(name) for name in names})
        command(**given, **{_PARAMETER: chosen})

    # typer reads both.
    with_options.__signature__ = signature(command).replace(parameters=parameters)  # type: ignore[attr-defined]
    with_options.__annotations__ = {one.name: one.annotation for one in parameters}
    return with_options


def find_settings(context: typer.Context, captures: Path | None, choice: Choice) -> FindSettings:
    """Captures that are meant: a folder, or a manifest, never both or none.

    What this call names wins over a manifest or a layout that stand for all calls.

    Raises:
        UsageError: both, none, or a layout for a manifest.
    """
    manifest, layout = choice.manifest, choice.layout
    if captures is not None and not typed(context, "manifest"):
        manifest = None
    if manifest is not None and not typed(context, "layout"):
        layout = DEFAULT_LAYOUT
    if (captures is None) == (manifest is None):
        raise UsageError("name either a captures folder or --manifest FILE")
    if manifest is not None and layout != DEFAULT_LAYOUT:
        raise UsageError("--layout is for folders, a manifest says itself: leave one of them out")
    return FindSettings(
        None if captures is None else place(captures),
        None if manifest is None else place(manifest),
        layout,
        tuple(choice.only or ()),
        tuple(choice.exclude or ()),
        choice.shots,
        choice.prefer,
        context.obj.devices(),
    )
