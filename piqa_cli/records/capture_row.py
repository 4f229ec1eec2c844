"""A row of the captures table, as a run has it on disk.

Not in `piqa_cli.records`: so many fields take 20 ms to define, which `--help` needn't wait for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from piqa_cli.records.captures import Box
from piqa_cli.records.competitors import Competitor

Status = Literal["ok", "failed", "skipped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureRow:
    """One file that a run found, or a folder that failed; `schema.CAPTURES` explains the columns.

    Attributes:
        more: columns that have no field here, by name, null ones left out: those that a model
            explains its score by, and any that no page needs.
    """

    path: str
    scene: str | None = None
    device: str | None = None
    firmware: str | None = None
    condition: str | None = None
    take: str | None = None
    jod: float | None = None
    status: Status
    stage: str | None = None
    reason: str | None = None
    warning: str | None = None
    damage: str | None = None
    score: float | None = None
    score_sd: float | None = None
    view_scores: Sequence[float] | None = None
    view_spread: float | None = None
    model: str | None = None
    weights_sha256: str | None = None
    preprocessing: str | None = None
    precision: str | None = None
    working_size: str | None = None
    fingerprint: str | None = None
    face_source: str | None = None
    face_x0: float | None = None
    face_y0: float | None = None
    face_x1: float | None = None
    face_y1: float | None = None
    face_confidence: float | None = None
    n_faces: int | None = None
    no_face: bool | None = None
    face_match: str | None = None
    sha256: str | None = None
    bytes: int | None = None
    format: str | None = None
    decoder: str | None = None
    width_px: int | None = None
    height_px: int | None = None
    working_width_px: int | None = None
    working_height_px: int | None = None
    bit_depth: int | None = None
    icc_profile: str | None = None
    has_gain_map: bool | None = None
    pixels_sha256: str | None = None
    exif_make: str | None = None
    exif_model: str | None = None
    exif_software: str | None = None
    exif_lens_make: str | None = None
    exif_lens_model: str | None = None
    exif_exposure_time_s: float | None = None
    exif_aperture_f_number: float | None = None
    exif_iso: float | None = None
    exif_exposure_bias_ev: float | None = None
    exif_brightness_ev: float | None = None
    exif_exposure_program: str | None = None
    exif_exposure_mode: str | None = None
    exif_metering_mode: str | None = None
    exif_flash: str | None = None
    exif_white_balance: str | None = None
    exif_light_source: str | None = None
    exif_focal_length_mm: float | None = None
    exif_focal_length_35mm_mm: float | None = None
    exif_digital_zoom_ratio: float | None = None
    exif_scene_capture_type: str | None = None
    exif_custom_rendered: str | None = None
    exif_composite_image: str | None = None
    exif_captured_at: str | None = None
    exif_orientation: int | None = None
    exif_color_space: str | None = None
    exif_ev100: float | None = None
    exif_reader: str | None = None
    exif_error: str | None = None
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderRow(CaptureRow):
    """A folder that failed because no capture was found in it; see `records.FailedFolder`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedRow(CaptureRow):
    """A capture, scored or failed: it has a scene and a device."""

    scene: str
    device: str

    @property
    def competitor(self) -> Competitor:
        """Device and firmware of the capture: its competitor where firmwares compete."""
        return Competitor(self.device, self.firmware)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredRow(TriedRow):
    """A capture with a score."""

    score: float

    @property
    def face_box(self) -> Box | None:
        """The face's box in pixels of the upright original; None: no face, or unknown."""
        x0, y0, x1, y1 = self.face_x0, self.face_y0, self.face_x1, self.face_y1
        if self.no_face or x0 is None or y0 is None or x1 is None or y1 is None:
            return None
        return Box(x0, y0, x1, y1)
