"""Hand-made statistics of a picture at its own pixels: what resizing to a network input loses.

Sharpness by blocks and scales, MSCN moments, autocorrelation of gradients, motion, noise, tone,
colour, blocking; of the whole picture and of the face. numpy and scipy only.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from piqa_cli.models.statistics_cast import cast_statistics
from piqa_cli.models.statistics_detail import detail_statistics, halved
from piqa_cli.models.statistics_edges import edge_statistics
from piqa_cli.models.statistics_spectrum import spectrum_statistics
from piqa_cli.models.statistics_tone import blocking_statistics, colour_statistics, tone_statistics

Statistics = dict[str, float]

LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # Rec. 601
_LEAST_FACE_PX = 32  # smaller face regions tell nothing at their own pixels
_FACE_KEPT = (
    "sharp",
    "flat",
    "mean_lap",
    "autocorrelation",
    "motion",
    "steep",
    "luma",
    "red",
    "blue",
    "shape",
)


def picture_statistics(pixels: NDArray[np.uint8], face: NDArray[np.uint8] | None) -> Statistics:
    """Statistics by name, always the same names in the same order; all finite.

    Args:
        pixels: (H, W, 3) uint8 sRGB, at least 16 px each side.
        face: (h, w, 3) uint8, the region of the face in the same picture, or None: then the
            whole picture's figures stand in, and `face_present` is 0.
    """
    whole = _region_statistics(pixels)
    luma = pixels.astype(np.float32) @ LUMA
    half = halved(luma)
    extra = spectrum_statistics(luma) | edge_statistics(luma)
    extra |= {f"half_{name}": value for name, value in edge_statistics(half).items()}
    extra |= cast_statistics(pixels.astype(np.float32))
    portrait = usable_face(face)
    of_face = whole if portrait is None else _region_statistics(portrait)
    kept = {f"face_{name}": value for name, value in of_face.items() if name.startswith(_FACE_KEPT)}
    skin = cast_statistics((pixels if portrait is None else middle_of(portrait)).astype(np.float32))
    found = whole | kept | {"face_present": float(portrait is not None)} | extra
    return found | {f"face_{name}": value for name, value in skin.items()}


def usable_face(face: NDArray[np.uint8] | None) -> NDArray[np.uint8] | None:
    """A region of a face large enough to tell anything at its own pixels, else None."""
    return None if face is None or min(face.shape[:2]) < _LEAST_FACE_PX else face


def middle_of(portrait: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The inner half of a grown face region, each way: skin, hardly any hair or background."""
    height, width = portrait.shape[:2]
    return portrait[height // 4 : height - height // 4, width // 4 : width - width // 4]


def statistics_vector(
    pixels: NDArray[np.uint8], face: NDArray[np.uint8] | None
) -> NDArray[np.float32]:
    """`picture_statistics` as a (N,) float32 vector."""
    values = picture_statistics(pixels, face).values()
    return np.nan_to_num(np.fromiter(values, np.float32, len(values)))


def statistics_names() -> tuple[str, ...]:
    """Names of the vector's entries, in its order."""
    return tuple(picture_statistics(np.zeros((64, 64, 3), np.uint8), None))


def reduced_to(picture: NDArray[np.uint8], side_px: int) -> NDArray[np.uint8]:
    """(H, W, 3) uint8 with a shorter side of `side_px`: reduced if larger, never enlarged."""
    height, width = picture.shape[:2]
    factor = side_px / min(height, width)
    if factor >= 1:
        return picture
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    return np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.BICUBIC))


def _region_statistics(pixels: NDArray[np.uint8]) -> Statistics:
    colour = pixels.astype(np.float32)
    luma = colour @ LUMA
    return (
        detail_statistics(luma)
        | tone_statistics(luma)
        | colour_statistics(colour, luma)
        | blocking_statistics(luma)
    )
