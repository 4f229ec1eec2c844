"""Captures by scene and device: those expected, those found, and the difference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from piqa_cli.natural import natural
from piqa_cli.records.expected import Renamed, ShortCell, Shortfall
from piqa_cli.settings import ExpectSettings

Cell = tuple[str, str]
"""(scene, device)."""
Cells = Mapping[Cell, int]
"""Number of captures by cell; cells without any needn't be there."""


def expected_by_lists(asked: ExpectSettings, found: Cells) -> dict[Cell, int]:
    """Every listed device in every listed scene; a list that isn't given is that of the run.

    Args:
        asked: the lists.
        found: captures of the run.
    """
    scenes = asked.scenes or dict.fromkeys(scene for scene, _ in found)
    devices = asked.devices or dict.fromkeys(device for _, device in found)
    return {(scene, device): asked.takes for scene in scenes for device in devices}


def shortfall(
    expected: Cells,
    found: Cells,
    *,
    asked_by: str,
    conditions: Mapping[str, str | None],
    also_devices: Collection[str] = (),
    renamed: Iterable[Renamed] = (),
) -> Shortfall:
    """Compares what was found with what was expected.

    Args:
        expected: captures that every cell must have.
        found: captures that there are.
        asked_by: see `Shortfall`.
        conditions: of the scenes, where known.
        also_devices: further devices of which there must be a capture.
        renamed: devices that look like missing ones.
    """
    scenes = sorted({scene for scene, _ in expected}, key=natural)
    devices = sorted({device for _, device in expected} | set(also_devices), key=natural)
    there = Counter({cell: n for cell, n in found.items() if n})
    scenes_met, devices_met = {scene for scene, _ in there}, {device for _, device in there}
    short = [
        ShortCell(scene, conditions.get(scene), device, expected[scene, device], n)
        for scene in scenes
        for device in devices
        if (scene, device) in expected and (n := there[scene, device]) < expected[scene, device]
    ]
    return Shortfall(
        asked_by=asked_by,
        n_devices=len(devices),
        n_scenes=len(scenes),
        n_cells=len(expected),
        n_takes=sum(expected.values()),
        devices=tuple(device for device in devices if device not in devices_met),
        scenes=tuple(scene for scene in scenes if scene not in scenes_met),
        cells=tuple(short),
        renamed=tuple(renamed),
    )
