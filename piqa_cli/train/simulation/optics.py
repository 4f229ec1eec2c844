"""Effects of lens and hand on the light before it is sensed, in linear light.

Defocus and motion of the whole picture; blur of the subject, of all else, or of the corners.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from piqa_cli.train.photographs import FaceBox

_LEAST_PX = 0.2  # below this a blur changes no 8-bit picture visibly


def blur(
    linear: NDArray[np.float32], radius_px: float, *, length_px: float, direction_deg: float
) -> NDArray[np.float32]:
    """Blurs with a disc and a straight line, by one product in the Fourier domain.

    Args:
        linear: (H, W, 3) float32, linear light.
        radius_px: radius of the disc of defocus.
        length_px: length of the line of motion.
        direction_deg: of the motion, 0 is horizontal.

    Returns:
        (H, W, 3) float32; edges are mirrored.
    """
    if max(radius_px, length_px / 2) < _LEAST_PX:
        return linear
    margin = min(int(np.ceil(radius_px + length_px / 2)) + 2, *(n - 1 for n in linear.shape[:2]))
    planes = np.pad(
        linear.transpose(2, 0, 1), ((0, 0), (margin, margin), (margin, margin)), mode="reflect"
    )
    size = tuple(fft.next_fast_len(n, real=True) for n in planes.shape[1:])
    transfer = _transfer(size, radius_px, length_px=length_px, direction_deg=direction_deg)
    blurred = fft.irfft2(fft.rfft2(planes, size) * transfer, size)
    height, width = linear.shape[:2]
    inside = blurred[:, margin : margin + height, margin : margin + width]
    return np.ascontiguousarray(np.maximum(inside.transpose(1, 2, 0), 0), np.float32)


def blur_where(
    linear: NDArray[np.float32], radius_px: float, *, weight: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Blurs by a disc whose radius is `weight` times `radius_px` at every pixel.

    Three pictures (sharp, half, whole radius) are mixed: a smooth weight shows no seams.

    Args:
        linear: (H, W, 3) float32, linear light.
        radius_px: of the disc where the weight is 1.
        weight: (H, W) float32, 0..1.

    Returns:
        (H, W, 3) float32.
    """
    half = blur(linear, radius_px / 2, length_px=0.0, direction_deg=0.0)
    whole = blur(linear, radius_px, length_px=0.0, direction_deg=0.0)
    to_half = np.clip(2 * weight, 0, 1)[..., None]
    to_whole = np.clip(2 * weight - 1, 0, 1)[..., None]
    return linear + to_half * (half - linear) + to_whole * (whole - half)


def corner_mask(size: tuple[int, ...]) -> NDArray[np.float32]:
    """(H, W) float32: 0 in the middle, 1 in the corners, as the square of the distance."""
    down, across = _from_middle(size)
    return ((down**2 + across**2) / 2).astype(np.float32)


def subject_mask(size: tuple[int, ...], face: FaceBox | None) -> NDArray[np.float32]:
    """(H, W) float32: 1 on head and shoulders (the middle without a face), 0 away from them."""
    height, width = size
    x0, y0, x1, y1 = face or (0.3 * width, 0.3 * height, 0.7 * width, 0.7 * height)
    wide, high = max(x1 - x0, 8.0), max(y1 - y0, 8.0)
    rows = np.arange(height, dtype=np.float32)[:, None] - np.float32((y0 + y1) / 2)
    columns = np.arange(width, dtype=np.float32)[None, :] - np.float32((x0 + x1) / 2)
    below = np.maximum(rows, 0) / high
    reach = wide * (0.9 + np.minimum(below, 1.5))  # shoulders are wider than the head
    distance = np.hypot(columns / reach, np.minimum(rows, 0) / high)
    return np.clip((1.25 - distance) / 0.5, 0, 1).astype(np.float32)


def _from_middle(size: tuple[int, ...]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    down = np.linspace(-1, 1, size[0], dtype=np.float32)[:, None]
    across = np.linspace(-1, 1, size[1], dtype=np.float32)[None, :]
    return down, across


def _transfer(
    size: tuple[int, ...], radius_px: float, *, length_px: float, direction_deg: float
) -> NDArray[np.float32]:
    """Transfer function of disc times line on the half plane of `rfft2`.

    A disc of radius r gives 2 J1(2 pi r f) / (2 pi r f); here its Gaussian of equal second
    moment (sigma = r / 2) stands for it: real lenses are softer-edged than a geometric disc.
    """
    fy = fft.fftfreq(size[0]).astype(np.float32)[:, None]
    fx = fft.rfftfreq(size[1]).astype(np.float32)[None, :]
    disc = np.exp(-2 * (np.pi * radius_px / 2) ** 2 * (fx**2 + fy**2))
    angle = np.deg2rad(direction_deg)
    along = fx * np.float32(np.cos(angle)) + fy * np.float32(np.sin(angle))
    return (disc * np.sinc(along * length_px)).astype(np.float32)
