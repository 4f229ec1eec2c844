"""The scene x device matrix that `piqa-cli scan` shows: what a run would see, holes and all."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from piqa_cli.discover.shots import n_same_shot
from piqa_cli.natural import natural
from piqa_cli.records import Discovery


@dataclass(frozen=True, slots=True)
class ScanMatrix:
    """Counts of captures by scene and device.

    Attributes:
        scenes: row names in natural order.
        devices: column names in natural order; `device firmware` where the layout knows it.
        counts: captures, one row a scene, one number a device; 0 is a hole.
        conditions: of the scenes, in their order; None where not known.
        without_captures: devices met only in skipped files.
        n_captures, n_skipped, n_ignored: totals of files.
        n_same_shot: those of the skipped that are another picture of a capture's shot.
    """

    scenes: tuple[str, ...]
    devices: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    conditions: tuple[str | None, ...]
    without_captures: tuple[str, ...]
    n_captures: int
    n_skipped: int
    n_same_shot: int
    n_ignored: int

    @property
    def n_holes(self) -> int:
        """Number of scenes x devices without a capture."""
        return sum(count == 0 for row in self.counts for count in row)


def scan_matrix(discovery: Discovery) -> ScanMatrix:
    """Counts captures by scene and device."""
    cells: Counter[tuple[str, tuple[str, str]]] = Counter(
        (capture.scene, (capture.device, capture.firmware or "")) for capture in discovery.captures
    )
    scenes = sorted({scene for scene, _ in cells}, key=natural)
    devices = sorted({device for _, device in cells}, key=lambda d: (natural(d[0]), natural(d[1])))
    with_captures = {capture.device for capture in discovery.captures}
    met = {row.device for row in discovery.skipped if row.device is not None}
    infos = discovery.scenes
    return ScanMatrix(
        scenes=tuple(scenes),
        devices=tuple(" ".join(filter(None, device)) for device in devices),
        counts=tuple(tuple(cells[scene, device] for device in devices) for scene in scenes),
        conditions=tuple(infos[s].condition if s in infos else None for s in scenes),
        without_captures=tuple(sorted(met - with_captures, key=natural)),
        n_captures=len(discovery.captures),
        n_skipped=len(discovery.skipped),
        n_same_shot=n_same_shot(discovery.skipped),
        n_ignored=discovery.ignored,
    )
