"""What flows between the stages. Every record is frozen; a failure is a record too."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from piqa_cli.errors import Stage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FaceSource = Literal["detect", "given", "none"]
Scale = Literal["jod", "pseudo_jod", "relative", "mos"]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels: x to the right, y down, (x1, y1) exclusive; parts may lie outside."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Capture:
    """One picture file and what the layout or the manifest says of it.

    Attributes:
        path: relative to the captures folder or the manifest, with `/`.
        file: where it lies on this machine.
        scene, device: the folder names (or manifest values); `device` is the competitor's name.
        firmware, condition, take: None where the layout doesn't know them.
        face_source: `detect` (run the detector), `given` (use `given_face`), `none` (no face:
            the whole picture stands in).
        given_face: the detector's own box in pixels of the upright original, when given.
        jod: the human rating of a manifest, when given; never used to rank.
    """

    path: str
    file: Path
    scene: str
    device: str
    firmware: str | None = None
    condition: str | None = None
    take: str | None = None
    face_source: FaceSource = "detect"
    given_face: Box | None = None
    jod: float | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that is no picture (or a RAW beside its JPEG): counted and listed, never scored."""

    path: str
    reason: str
    scene: str | None = None
    device: str | None = None


@dataclass(frozen=True, slots=True)
class SceneInfo:
    """What `scene.toml` says of a scene."""

    name: str
    title: str | None = None
    condition: str | None = None
    notes: str | None = None


@dataclass(frozen=True, slots=True)
class Discovery:
    """All that a run would see, in natural order of `path`.

    `ignored` counts hidden files, `Thumbs.db` and `.DS_Store`.
    """

    captures: tuple[Capture, ...]
    skipped: tuple[Skipped, ...] = ()
    scenes: dict[str, SceneInfo] = field(default_factory=dict)
    ignored: int = 0


@dataclass(frozen=True, slots=True)
class Exif:
    """What the camera wrote, in SI units; None where it said nothing.

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
    """What is known of a decoded photograph, without its pixels.

    Attributes:
        sha256: of the file's bytes, hex.
        bytes: file size.
        format: `jpeg`, `png`, `tiff`, `webp`, `heic` or `avif`, told by content.
        decoder: library and version that made the pixels, e.g. `pillow 13.0.0`.
        width_px, height_px: the upright original.
        working_width_px, working_height_px: after the reduction to the working size.
        bit_depth: bits per channel in the file.
        icc_profile: description of the embedded profile; None: none embedded (sRGB assumed).
        has_gain_map: an HDR gain map was met (the SDR base was scored).
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


@dataclass(frozen=True, slots=True)
class Photo:
    """Upright sRGB working pixels, (height, width, 3) uint8, C-contiguous, with the facts."""

    facts: PhotoFacts
    pixels: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Face:
    """Where the face is.

    Attributes:
        box: the chosen box in pixels of the upright original, before any growing; None: no face.
        confidence: the detector's, 0..1; None when the box was given or there is none.
        n_faces: how many the detector found; None when it did not run.
        source: who said so.
    """

    box: Box | None
    confidence: float | None
    n_faces: int | None
    source: FaceSource


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a model says of one photograph.

    Attributes:
        score: higher is better, comparable within one scene only.
        view_scores: the scores of the single views that the score is the mean of.
        explanation: model-specific columns that explain the score (see `schema`), e.g. LIQE's.
    """

    score: float
    view_scores: tuple[float, ...]
    explanation: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scored:
    """A capture that has a score."""

    capture: Capture
    facts: PhotoFacts
    face: Face
    prediction: Prediction
    warning: str | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """A capture that couldn't be scored, at which stage and why; `facts` where reading worked."""

    capture: Capture
    stage: Stage
    reason: str
    facts: PhotoFacts | None = None


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds that one capture spent in one stage."""

    path: str
    stage: str
    seconds: float


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """All that is true of a model, as data.

    Attributes:
        name: what `--model` takes.
        title: one line for people.
        citation: the paper or the project.
        attribute: what the score rates (`overall`, `exposure`, ...), or what is known of that.
        scale: `jod`, `pseudo_jod`, `relative` or `mos`.
        jod_per_unit: JOD for one unit of score, fixed when trained; None: not known.
        licence: of code and weights.
        needs_face: whether the face box changes the score.
        min_side_px: the smallest working side that the model can score.
        max_aspect: the largest long/short ratio that it scores.
        preprocessing: version of everything between working pixels and network input.
        trained_on: one honest line for pages (e.g. simulated captures).
        ships: whether the weights are in the package.
    """

    name: str
    title: str
    citation: str
    attribute: str
    scale: Scale
    jod_per_unit: float | None
    licence: str
    needs_face: bool
    min_side_px: int
    max_aspect: float
    preprocessing: str
    trained_on: str
    ships: bool


@dataclass(frozen=True, slots=True)
class SceneRank:
    """One scene x competitor: the mean of its captures, its interval and its rank in the scene."""

    scene: str
    condition: str | None
    device: str
    firmware: str | None
    n_captures: int
    score: float
    gap_to_scene_mean: float
    worst_score: float
    spread: float | None
    ci_low: float | None
    ci_high: float | None
    rank: int
    rank_low: int
    rank_high: int


@dataclass(frozen=True, slots=True)
class DeviceRank:
    """One competitor over all scenes (condition None) or over the scenes of one condition.

    `score` is the device effect of the additive model, relative to its league's mean.
    """

    condition: str | None
    league: int
    device: str
    firmware: str | None
    n_scenes: int
    n_captures: int
    score: float
    ci_low: float | None
    ci_high: float | None
    rank: int
    rank_low: int
    rank_high: int
    preference: float | None
    note: str | None = None
