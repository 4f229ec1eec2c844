"""Records of a photograph that was read: pixels, facts, EXIF, face."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from piqa_cli.records.captures import Box, FaceMatch, FaceSource

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Exif:
    """EXIF values that the camera wrote, in SI units; None: the file has no such value.

    GPS, serial numbers and owner names are never read into this record.
    """

    make: str | None = None
    model: str | None = None
    software: str | None = None
    lens_make: str | None = None
    lens_model: str | None = None
    exposure_time_s: float | None = None
    aperture_f_number: float | None = None
    iso: float | None = None
    exposure_bias_ev: float | None = None
    brightness_ev: float | None = None
    exposure_program: str | None = None
    exposure_mode: str | None = None
    metering_mode: str | None = None
    flash: str | None = None
    white_balance: str | None = None
    light_source: str | None = None
    focal_length_mm: float | None = None
    focal_length_35mm_mm: float | None = None
    digital_zoom_ratio: float | None = None
    scene_capture_type: str | None = None
    custom_rendered: str | None = None
    composite_image: str | None = None
    captured_at: str | None = None
    orientation: int | None = None
    color_space: str | None = None
    ev100: float | None = None
    reader: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """Facts about a decoded photograph, without its pixels.

    Attributes:
        sha256: of the file's bytes, hex.
        bytes: file size.
        format: `jpeg`, `png`, `tiff`, `webp`, `heic` or `avif`, recognised by content.
        decoder: library and version that made the pixels, e.g. `pillow 13.0.0`.
        width_px, height_px: the upright original.
        working_width_px, working_height_px: after the reduction to the working size.
        bit_depth: bits per channel in the file.
        icc_profile: description of the embedded profile; None: none embedded (sRGB assumed).
        has_gain_map: the file holds an HDR gain map (the SDR base was scored).
        pixels_sha256: of the working pixels and their size, hex; None in runs of older versions.
        warnings: oddities of the file that cost nothing, one line each.
        damage: fault of the pixels, which were scored all the same; None: none.
    """

    sha256: str
    bytes: int
    format: str
    decoder: str
    width_px: int
    height_px: int
    working_width_px: int
    working_height_px: int
    bit_depth: int
    icc_profile: str | None
    has_gain_map: bool
    exif: Exif
    pixels_sha256: str | None = None
    warnings: tuple[str, ...] = ()
    damage: str | None = None


@dataclass(frozen=True, slots=True)
class Photo:
    """Upright sRGB working pixels, (height, width, 3) uint8, C-contiguous, with the facts."""

    facts: PhotoFacts
    pixels: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class FaceCandidate:
    """A face that the detector found: box in pixels of the upright original, confidence 0..1."""

    box: Box
    confidence: float


@dataclass(frozen=True, slots=True)
class Face:
    """The face that is scored: its box, and the source of the box.

    Attributes:
        box: the chosen box in pixels of the upright original, before any growing; None: no face.
        confidence: the detector's, 0..1; None when the box was given or there is none.
        n_faces: how many the detector found; None when it did not run.
        source: origin of the box.
        candidates: all that the detector found, in its order.
        match: `same`: the detector's own choice is the scene's face; `corrected`: another one of
            the candidates is, and was scored; `unclear`: the scene's face isn't among them, or
            can't be told; None: not asked for, or there is no face.
    """

    box: Box | None
    confidence: float | None
    n_faces: int | None
    source: FaceSource
    candidates: tuple[FaceCandidate, ...] = ()
    match: FaceMatch | None = None
