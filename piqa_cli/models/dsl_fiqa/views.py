"""Pixels, face box and landmarks to DSL-FIQA's crops. numpy and Pillow only, nothing random.

The way to the face image is that of the authors' preparation script, which finds landmarks again
in the upright face; here they are turned with it. The authors draw 20 crops at random, so that a
photo's score depends on those before it; here a grid takes their place.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from piqa_cli.models.blocks.crops import Pixels, crops_at, grid_origins
from piqa_cli.models.blocks.face_crops import upright, with_margin
from piqa_cli.models.view_types import FaceBox, Landmarks, Views

# Part of the box's width and height that is added on every side. The paper says 80 to 100 %;
# 0.8 is the script's default, and shows the most of the face.
MARGIN = 0.8
GRID = {"rows": 4, "columns": 5}  # 20 crops, as many as the authors draw
LANDMARKS = 68
# The script levels these two points: an upper lid and, of the other eye, a lower one.
EYES = (38, 47)


def dsl_fiqa_views(
    image: Pixels, face: FaceBox | None, landmarks: Landmarks, *, side_px: int, points: int
) -> Views:
    """Twenty crops of the upright face, each with the landmarks in it.

    Args:
        image: (H, W, 3) uint8 sRGB.
        face: the detector's box in pixels of `image`; None: the whole picture stands in.
        landmarks: (68, 2) x and y in pixels of `image`.
        side_px: side of a crop (384 as published); the face image has 4/3 of it (512).
        points: length of the vector of landmarks (500).

    Returns:
        `crops` (20, side_px, side_px, 3) uint8 and `landmarks` (20, points) float32.
    """
    face_px = side_px * 4 // 3
    box = with_margin(face, MARGIN, width=image.shape[1], height=image.shape[0])
    picture, placed = upright(image, box, landmarks, level=EYES, side=face_px)
    origins = grid_origins(face_px, face_px, side_px, **GRID)
    vectors = [landmark_vector(placed, origin, side_px, points) for origin in origins]
    return {"crops": crops_at(picture, origins, side_px), "landmarks": np.stack(vectors)}


def landmark_vector(
    landmarks: Landmarks, origin: tuple[int, int], side_px: int, points: int
) -> NDArray[np.float32]:
    """Numbers of the landmarks in a crop, filled up with 69, their range stretched to -1 .. 1.

    Numbers, not places: the network learns which parts of the face it sees.

    Args:
        landmarks: (68, 2) in the face image.
        origin: (y, x) of the crop; its far edges count as inside, as in the script.
        side_px: side of the crop.
        points: length of the vector.

    >>> eyes = np.array([[5.0, 5.0], [99.0, 5.0]])
    >>> landmark_vector(eyes, (0, 0), 10, 4).round(3).tolist()
    [-1.0, 1.0, 1.0, 1.0]
    """
    place = landmarks - (origin[1], origin[0])
    inside = np.flatnonzero(((place >= 0) & (place <= side_px)).all(axis=1))
    filled = np.full(points, LANDMARKS + 1, np.float64)
    filled[: len(inside)] = inside
    low, high = filled.min(), filled.max()
    return ((filled - low) / (high - low + 1e-6) * 2 - 1).astype(np.float32)
