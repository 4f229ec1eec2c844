"""What lens and hand do to the light before it is sensed: defocus and motion, in linear light."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import fft

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
