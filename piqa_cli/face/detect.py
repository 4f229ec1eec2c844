"""Face detection: MTCNN on one fixed view of the photograph.

The detector's box moves by several percent with the size it looks at, so that size is fixed and
part of `DETECTOR_VERSION`: the whole picture with a long side of 1280 px, never enlarged.

MTCNN: Zhang et al., Joint Face Detection and Alignment Using Multitask Cascaded Convolutional
Networks, IEEE SPL 23(10), 2016; networks and weights from facenet-pytorch, whose boxes these are.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from piqa_cli.errors import CaptureError
from piqa_cli.face.boxes import area, clamp, round_box, scale
from piqa_cli.records import Box
from piqa_cli.settings import DetectorRule

if TYPE_CHECKING:
    import torch

VIEW_LONG_SIDE_PX = 1280
MIN_FACE_PX = 64  # smallest face that is found, in pixels of the view
DETECTOR_VERSION = (
    f"mtcnn facenet-pytorch {version('facenet-pytorch')}, view {VIEW_LONG_SIDE_PX} bilinear, "
    f"min face {MIN_FACE_PX}, v1"
)


@dataclass(frozen=True, slots=True)
class Detection:
    """Result of the detector.

    Attributes:
        box: the chosen face in whole working pixels, inside the picture; None: no face.
        confidence: of that face, 0..1; None: no face.
        faces: all that were found, with their confidences, in the detector's order.
    """

    box: Box | None
    confidence: float | None
    faces: tuple[tuple[Box, float], ...] = ()


NO_FACE = Detection(None, None)


class FaceDetector:
    """MTCNN with its weights on a processor. Deterministic on the CPU.

    Args:
        rule: which of several faces is meant: the most `confident` or the `largest`.
        device: where the networks run.
    """

    def __init__(
        self, rule: DetectorRule = "confident", *, device: str | torch.device = "cpu"
    ) -> None:
        import torch
        from facenet_pytorch import MTCNN

        from piqa_cli.face.cascade import Cascade

        self.rule: DetectorRule = rule
        where = torch.device(device)
        self._cascade = Cascade(MTCNN(device=where).eval(), min_face_px=MIN_FACE_PX, device=where)

    def detect(self, pixels: NDArray[np.uint8]) -> Detection:
        """Finds the face that the rule means.

        Args:
            pixels: (height, width, 3) uint8 sRGB working pixels.

        Raises:
            CaptureError: at stage `face`, where the networks fail.
        """
        return choose(self.faces(pixels), self.rule)

    def faces(self, pixels: NDArray[np.uint8]) -> list[tuple[Box, float]]:
        """Finds all faces: boxes in whole working pixels inside the picture, with confidences."""
        height_px, width_px = pixels.shape[:2]
        view = detector_view(pixels)
        view_height_px, view_width_px = view.shape[:2]
        if min(view.shape[:2]) < MIN_FACE_PX:  # the pyramid would have no level
            return []
        boxes, confidences = self._run(view)
        found = []
        for edges, confidence in zip(boxes, confidences, strict=True):
            box = scale(
                Box(*(float(edge) for edge in edges)),
                width_px / view_width_px,
                height_px / view_height_px,
            )
            whole = clamp(round_box(box), width_px, height_px)
            if area(whole) > 0:
                found.append((whole, float(confidence)))
        return found

    def _run(self, view: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Boxes (n, 4) in view pixels and confidences (n,)."""
        try:
            return self._cascade.detect(view)
        except Exception as error:
            first_line = str(error).split("\n", 1)[0]
            raise CaptureError("face", f"the face detector failed: {first_line}") from error


def detector_view(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The fixed view: long side 1280 px by Pillow's antialiased BILINEAR; never enlarged.

    Args:
        pixels: (height, width, 3) uint8.
    """
    height_px, width_px = pixels.shape[:2]
    long_side_px = max(height_px, width_px)
    if long_side_px <= VIEW_LONG_SIDE_PX:
        return pixels
    size = tuple(
        max(1, round(side * VIEW_LONG_SIDE_PX / long_side_px)) for side in (width_px, height_px)
    )
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BILINEAR))


def choose(faces: list[tuple[Box, float]], rule: DetectorRule) -> Detection:
    """The face that a rule means; equals are settled by the other measure, then by position."""
    if not faces:
        return NO_FACE

    def order(face: tuple[Box, float]) -> tuple[float, ...]:
        box, confidence = face
        measures = (confidence, area(box)) if rule == "confident" else (area(box), confidence)
        return (*measures, -box.y0, -box.x0)

    box, confidence = max(faces, key=order)
    return Detection(box, confidence, tuple(faces))
