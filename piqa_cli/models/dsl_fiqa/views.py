"""Pixels, face box and landmarks to DSL-FIQA's crops. numpy and Pillow only, nothing random.

The way to the face image is that of the authors' preparation script. They draw 20 crops at
random, so that a photo's score depends on those before it; here a grid takes their place.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from piqa_cli.models.blocks.crops import Filter, Pixels, crops_at, grid_origins
from piqa_cli.models.view_types import FaceBox, Landmarks, Views

# Part of the box's width and height that is added on every side. The paper says 80 to 100 %;
# 0.8 is the script's default, and shows the most of the face.
MARGIN = 0.8
GRID = {"rows": 4, "columns": 5}  # 20 crops, as many as the authors draw
LANDMARKS = 68
# The script levels these two points: an upper lid and, of the other eye, a lower one.
RIGHT_EYE, LEFT_EYE = 38, 47


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
    upright, placed = upright_face(image, face, landmarks, face_px)
    origins = grid_origins(face_px, face_px, side_px, **GRID)
    vectors = [landmark_vector(placed, origin, side_px, points) for origin in origins]
    return {"crops": crops_at(upright, origins, side_px), "landmarks": np.stack(vectors)}


def upright_face(
    image: Pixels, face: FaceBox | None, landmarks: Landmarks, face_px: int
) -> tuple[Pixels, Landmarks]:
    """The face at a fixed size, turned about its middle until the eyes are level.

    Its aspect isn't kept, and corners that the turn uncovers are black, as in the script. That
    finds landmarks again in the upright face; here they are turned with it.

    Returns:
        (face_px, face_px, 3) pixels, and the landmarks in them.
    """
    x0, y0, x1, y1 = grown(face, width=image.shape[1], height=image.shape[0])
    face_image = Image.fromarray(image[y0:y1, x0:x1]).resize((face_px, face_px), Filter.BICUBIC)
    placed = (landmarks - (x0, y0)) * (face_px / (x1 - x0), face_px / (y1 - y0))
    across, down = placed[LEFT_EYE] - placed[RIGHT_EYE]
    angle = math.atan2(down, across)
    turned = face_image.rotate(math.degrees(angle), Filter.BICUBIC)
    cosine, sine = math.cos(angle), math.sin(angle)
    middle = face_px / 2
    placed = (placed - middle) @ np.array([[cosine, -sine], [sine, cosine]]) + middle
    return np.asarray(turned), placed


def grown(face: FaceBox | None, *, width: int, height: int) -> tuple[int, int, int, int]:
    """The box with its margin, cut at the picture's edges, in whole pixels (rounded down).

    >>> grown((100.0, 100.0, 200.0, 150.0), width=250, height=400)
    (20, 60, 250, 190)
    """
    if face is None:
        return 0, 0, width, height
    x0, y0, x1, y1 = face
    across, down = MARGIN * (x1 - x0), MARGIN * (y1 - y0)
    left, top = int(max(0, x0 - across)), int(max(0, y0 - down))
    right, bottom = int(min(width, x1 + across)), int(min(height, y1 + down))
    return left, top, max(right, left + 1), max(bottom, top + 1)


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
