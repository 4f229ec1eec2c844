"""Ranks a run whose captures were scored in parts: no picture is opened, no network is loaded."""

from __future__ import annotations

from dataclasses import replace

from piqa_cli.errors import PiqaError
from piqa_cli.finish import Clock, begin, finish
from piqa_cli.parts.folder import PART_JSON
from piqa_cli.parts.merge import Parts, with_devices
from piqa_cli.pipeline import complete
from piqa_cli.records import RunContent
from piqa_cli.runs.folder import PICTURES, hold_out
from piqa_cli.runs.log import Note, StageWatch, no_note
from piqa_cli.schema import own_columns
from piqa_cli.settings import RunSettings


def settings_of_parts(settings: RunSettings, parts: Parts) -> RunSettings:
    """Settings of the run that the parts are of: they decide what was scored and how.

    Raises:
        PiqaError: `[devices]` has changed since, or an ensemble of one model is asked for.
    """
    settings = replace(settings, **with_devices(parts, settings.find.devices))
    if settings.combine is not None and not settings.further:
        raise PiqaError("--combine makes an ensemble of several models, the parts have one")
    return settings


def run_from_parts(settings: RunSettings, parts: Parts, *, note: Note = no_note) -> RunContent:
    """Ranks parts and writes the same tables and pages as one run.

    Args:
        settings: as `settings_of_parts` gives them.
        parts: of the run.
        note: is called when a stage has ended, with its counts.

    Raises:
        PiqaError: a part is damaged, the settings can't be used, or there is no score at all; an
            earlier run in the folder stands.
    """
    clock, watch = Clock.started(), StageWatch(note)
    if (settings.out / PART_JSON).exists():
        raise PiqaError(f"{settings.out} is a part: choose another folder for the run with -o")
    discovery, found = parts.outcomes()
    for findings in found:
        own_columns(findings.source.name)
    begun = begin(settings, discovery, clock, watch)
    begun.note_captures()
    with hold_out(settings.out):
        parts.copy_pictures(settings.out / PICTURES)
        first, *further = complete(found, discovery.captures, settings)
        return finish(settings, begun, first, further=further)
