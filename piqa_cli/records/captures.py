"""Records of a search for files: captures, skipped files, scenes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from piqa_cli.errors import Stage
from piqa_cli.remote import AnyPath

FaceSource = Literal["detect", "given", "none"]
Point = tuple[float, float]
"""x and y in pixels."""

FaceMatch = Literal["same", "corrected", "unclear"]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels: x to the right, y down, (x1, y1) exclusive; parts may lie outside."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Capture:
    """One picture file, with its facts from the layout or the manifest.

    Attributes:
        path: relative to the captures folder or the manifest, with `/`.
        file: where it lies, on this machine or in object storage.
        scene, device: the folder names (or manifest values); `device` is the competitor's name.
        firmware, condition, take: None where the layout doesn't know them.
        face_source: `detect` (run the detector), `given` (use `given_face`), `none` (no face:
            the whole picture stands in).
        given_face: the detector's own box in pixels of the upright original, when given.
        given_landmarks: the 68 points of the face in pixels of the upright original, when given.
        jod: the human rating of a manifest, when given; never used to rank.
    """

    path: str
    file: AnyPath
    scene: str
    device: str
    firmware: str | None = None
    condition: str | None = None
    take: str | None = None
    face_source: FaceSource = "detect"
    given_face: Box | None = None
    jod: float | None = None
    given_landmarks: tuple[Point, ...] | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that is no picture (or a RAW beside its JPEG): counted and listed, never scored.

    Attributes:
        path: relative to the captures folder, with `/`.
        reason: why it is skipped.
        scene, device: its names; None: it lies outside of any.
        condition: that its place names; it tells scenes of several conditions apart.
    """

    path: str
    reason: str
    scene: str | None = None
    device: str | None = None
    condition: str | None = None


@dataclass(frozen=True, slots=True)
class FailedFolder:
    """A folder where captures belong that can't be opened, or that holds none.

    It fails as a capture does: nobody knows how many were lost with it.

    Attributes:
        path: relative to the captures folder, with `/`.
        reason: why it fails.
        scene, device, firmware, condition: its names by the layout; None: it belongs to several.
    """

    path: str
    reason: str
    scene: str | None = None
    device: str | None = None
    firmware: str | None = None
    condition: str | None = None

    @property
    def stage(self) -> Stage:
        """The stage that it fails at: the search itself."""
        return "discover"


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a scene's pictures that is looked at by itself.

    Attributes:
        name: its own within the scene.
        x0, y0, x1, y1: from the upper left, as shares of the picture, or of the face's box.
        to: what they are shares of.
    """

    name: str
    x0: float
    y0: float
    x1: float
    y1: float
    to: Literal["frame", "face"] = "frame"


@dataclass(frozen=True, slots=True)
class SceneInfo:
    """Content of a scene's `scene.toml`; None: not given there."""

    name: str
    title: str | None = None
    condition: str | None = None
    notes: str | None = None
    regions: tuple[Region, ...] = ()


@dataclass(frozen=True, slots=True)
class Discovery:
    """All that a run would see, in natural order of `path`.

    `ignored` counts hidden files, `Thumbs.db` and `.DS_Store`. `warnings` are lines about the
    search itself: links that lead back, patterns that match nothing. `folders` are those where
    captures are missing.
    """

    captures: tuple[Capture, ...]
    skipped: tuple[Skipped, ...] = ()
    scenes: dict[str, SceneInfo] = field(default_factory=dict)
    ignored: int = 0
    warnings: tuple[str, ...] = ()
    folders: tuple[FailedFolder, ...] = ()
