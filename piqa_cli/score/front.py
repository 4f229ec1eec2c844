"""All that lies between the pixels of a photograph and the network: size, face, views.

Importing this imports no torch; looking for a face does.
"""

from __future__ import annotations

from collections.abc import Callable

from piqa_cli.errors import CaptureError
from piqa_cli.face.boxes import area, clamp, to_original, to_working
from piqa_cli.face.detect import FaceDetector
from piqa_cli.face.landmarks import LandmarkFinder, check_on_face, given_landmarks
from piqa_cli.models.view_types import FaceBox, Landmarks, Views
from piqa_cli.records import (
    Box,
    Face,
    FaceCandidate,
    FaceSource,
    ModelSpec,
    Photo,
    PhotoFacts,
    Point,
)
from piqa_cli.settings import DetectorRule


class FaceSearch:
    """Finds faces; several models that ask for one photograph in turn share one search.

    The detector is loaded when it is first needed.
    """

    def __init__(self, face_rule: DetectorRule, *, device: str = "cpu") -> None:
        """Takes the rule that chooses among several faces, and the processor."""
        # MPS lacks operations that the detector needs, and boxes should be the CPU's there.
        self._device = device if device.startswith("cuda") else "cpu"
        self._face_rule = face_rule
        self._detector: FaceDetector | None = None
        self._last: tuple[Photo, Face | CaptureError] | None = None

    def find(self, photo: Photo) -> Face:
        """Looks for a face.

        Raises:
            CaptureError: the detector fails.
        """
        if self._last is None or self._last[0] is not photo:
            self._last = photo, self._search(photo)
        found = self._last[1]
        if isinstance(found, CaptureError):
            raise found
        return found

    def _search(self, photo: Photo) -> Face | CaptureError:
        if self._detector is None:
            self._detector = FaceDetector(self._face_rule, device=self._device)
        try:
            found = self._detector.detect(photo.pixels)
        except CaptureError as error:
            return error
        box = None if found.box is None else to_original(found.box, photo.facts)
        candidates = tuple(
            FaceCandidate(to_original(box, photo.facts), confidence)
            for box, confidence in found.faces
        )
        return Face(box, found.confidence, len(candidates), "detect", candidates)


class Front:
    """Prepares photographs for one model."""

    def __init__(
        self,
        cut: Callable[..., Views],
        spec: ModelSpec,
        search: FaceSearch,
        finder: LandmarkFinder | None = None,
    ) -> None:
        """Takes the model's way to cut views and its facts, and what its run shares.

        Args:
            cut: cuts the model's views; see `Scorer.views`.
            spec: facts about it.
            search: finds faces.
            finder: finds landmarks that aren't given; None: nothing does.
        """
        self._cut = cut
        self._spec = spec
        self._search = search
        self._finder = finder

    def check_size(self, facts: PhotoFacts) -> None:
        """Refuses what the model can't score, with the figure.

        Raises:
            CaptureError: the photograph is too small or too narrow.
        """
        short, long = sorted((facts.working_width_px, facts.working_height_px))
        spec = self._spec
        if short < spec.min_side_px:
            raise CaptureError(
                "score",
                f"shorter side is {short} px, {spec.name} needs at least {spec.min_side_px} px",
            )
        if long > spec.max_aspect * short:
            raise CaptureError(
                "score",
                f"aspect ratio is {long / short:.1f}:1, {spec.name} takes at most "
                f"{spec.max_aspect:g}:1",
            )

    def find_face(self, photo: Photo, source: FaceSource, given: Box | None) -> Face:
        """Takes the given face, or looks for one.

        Args:
            photo: where to look.
            source: `detect` looks for a face; else `given` counts.
            given: box in pixels of the upright original; None: no face.

        Raises:
            CaptureError: the given box lies outside of the picture, or the detector fails.
        """
        if source != "detect":
            return Face(None if given is None else _inside(given, photo.facts), None, None, source)
        if not self._spec.needs_face:
            return Face(None, None, None, "none")
        return self._search.find(photo)

    def cut(self, photo: Photo, face: Face, landmarks: tuple[Point, ...] | None = None) -> Views:
        """The network's inputs.

        Args:
            photo: to cut.
            face: of `find_face`.
            landmarks: given ones, in pixels of the upright original; None: none are given.

        Raises:
            CaptureError: the model needs landmarks, and there are none of this face.
        """
        box = None if face.box is None else to_working(face.box, photo.facts)
        if not self._spec.needs_landmarks:
            return self._cut(photo.pixels, box)
        return self._cut(photo.pixels, box, self._landmarks(photo, box, landmarks))

    def _landmarks(
        self, photo: Photo, box: FaceBox | None, given: tuple[Point, ...] | None
    ) -> Landmarks:
        if given is not None:
            found = given_landmarks(given, photo)
        elif self._finder is not None:
            found = self._finder.find(photo, box)
        else:
            raise CaptureError(
                "face",
                f"{self._spec.name} needs the 68 landmarks of the face: give a table of them, "
                "--landmarks FILE, with a row for this capture",
            )
        check_on_face(found, box)
        return found


def _inside(box: Box, facts: PhotoFacts) -> Box:
    """The part of a given box that lies in the picture.

    Raises:
        CaptureError: no part of it does.
    """
    inside = clamp(box, facts.width_px, facts.height_px)
    if not area(inside):
        raise CaptureError(
            "face",
            f"the given face box {box.x0:g} {box.y0:g} {box.x1:g} {box.y1:g} lies outside the "
            f"upright picture of {facts.width_px} x {facts.height_px} px",
        )
    return inside
