"""The tables of a blind report: letters for devices, nothing that a camera wrote of itself."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from piqa_cli.records import DeviceRank, PairRank, SceneRank
from piqa_cli.records.capture_row import CaptureRow
from piqa_cli.records.competitors import Competitor
from piqa_cli.records.ranks import FaultEffect
from piqa_cli.report.output.blind.letters import alphabetic
from piqa_cli.report.output.blind.mask import Mask
from piqa_cli.report.output.blind.models import masked_agreement
from piqa_cli.runs.tables import Tables

_Rank = TypeVar("_Rank", SceneRank, DeviceRank)
_OfDevice = TypeVar("_OfDevice", SceneRank, DeviceRank, FaultEffect)
# Columns that cameras fill with their own names, or that differ between makers' files.
_HIDDEN = (
    "reason warning format icc_profile exif_make exif_model exif_software exif_lens_make "
    "exif_lens_model exif_focal_length_mm exif_custom_rendered exif_composite_image "
    "exif_captured_at exif_reader exif_error"
).split()


def masked_tables(mask: Mask, tables: Tables) -> Tables:
    """The tables under new names; timings aside, which no page shows."""
    return Tables(
        captures=_captures(mask, tables.captures),
        scene_ranks=_by_letter(
            [_scene_rank(mask, row) for row in tables.scene_ranks],
            lambda row: (row.scene, row.condition, row.rank),
        ),
        device_ranks=_by_letter(
            [_device_rank(mask, row) for row in tables.device_ranks],
            lambda row: (row.condition, row.league, row.rank),
        ),
        pairs=[_pair(mask, row) for row in tables.pairs],
        timings=[],
        faults=[_of_device(mask, row) for row in tables.faults],
        agreement=[masked_agreement(mask, row) for row in tables.agreement],
    )


def _captures(mask: Mask, rows: Sequence[CaptureRow]) -> list[CaptureRow]:
    """The captures, by scene and letter: the order of their files would reveal names."""
    shown = [_capture(mask, row) for row in rows]
    order = {scene: place for place, scene in enumerate(dict.fromkeys(mask.scenes.values()))}
    return sorted(shown, key=lambda row: (order[row.scene], alphabetic(row.device)))


def _capture(mask: Mask, row: CaptureRow) -> CaptureRow:
    path, take = mask.paths[row.path]
    masked: dict[str, Any] = {
        **dict.fromkeys(_HIDDEN),
        "path": path,
        "take": take,
        "scene": mask.scene(row.scene),
        "device": mask.letter_of(row),
        "firmware": None,
        "condition": mask.condition(row.condition),
        "decoder": mask.decoders if row.decoder else None,
    }
    if row.reason is not None:
        masked["reason"] = "hidden in a blind report"
    return replace(row, **masked)


def _scene_rank(mask: Mask, row: SceneRank) -> SceneRank:
    return _of_device(mask, row, scene=mask.scene(row.scene) or row.scene)


def _of_device(mask: Mask, row: _OfDevice, **masked: Any) -> _OfDevice:
    """A row under its device's letter, with what else is masked of it."""
    return replace(
        row,
        device=mask.letter_of(row) or "",
        firmware=None,
        condition=mask.condition(row.condition),
        **masked,
    )


def _device_rank(mask: Mask, row: DeviceRank) -> DeviceRank:
    return _of_device(
        mask,
        row,
        worst_capture=mask.path(row.worst_capture),
        reference=mask.reference(row.reference),
        note=mask.note(row.note, row.reference),
    )


def _pair(mask: Mask, row: PairRank) -> PairRank:
    """A pair, A still the better one."""
    return replace(
        row,
        device_a=mask.letter(Competitor(row.device_a, row.firmware_a)) or "",
        firmware_a=None,
        device_b=mask.letter(Competitor(row.device_b, row.firmware_b)) or "",
        firmware_b=None,
        condition=mask.condition(row.condition),
        note=mask.note(row.note),
    )


def _by_letter(rows: Sequence[_Rank], group_of: Callable[[_Rank], Hashable]) -> list[_Rank]:
    """Rows in their order, those of one group (a ranking and a rank) by letter."""
    groups = {group: n for n, group in enumerate(dict.fromkeys(map(group_of, rows)))}
    return sorted(rows, key=lambda row: (groups[group_of(row)], alphabetic(row.device)))
