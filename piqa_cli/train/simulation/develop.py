"""A phone's image processor: noise reduction, tone and colour, sharpening.

All on (H, W, 3) float32 display values (sRGB curve), 0..1.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from piqa_cli.train.luma import luma


def denoise(display: NDArray[np.float32], strength: float, *, scale: float) -> NDArray[np.float32]:
    """Smears fine texture and keeps strong edges, like a phone's noise reduction.

    A guided filter whose guide is the picture itself (He et al. 2010, equations 5-8) on luma,
    and the same local means for colour, which loses its detail first.

    Args:
        display: (H, W, 3) float32.
        strength: 0 nothing .. 1 watercolour.
        scale: pixels here for one pixel at 512 px.
    """
    if strength <= 0:
        return display
    size = 2 * max(1, round((1.0 + 3.0 * strength) * scale)) + 1
    epsilon = np.float32((0.004 + 0.09 * strength) ** 2)
    light = luma(display)
    mean = ndimage.uniform_filter(light, size)
    variance = np.maximum(ndimage.uniform_filter(light * light, size) - mean * mean, 0)
    slope = variance / (variance + epsilon)
    offset = ndimage.uniform_filter(mean - slope * mean, size)
    smooth = ndimage.uniform_filter(slope, size) * light + offset
    colour = display - light[..., None]
    colour_smooth = ndimage.uniform_filter(colour, (size, size, 1))
    blend = np.float32(min(1.0, 2.0 * strength))
    return smooth[..., None] + colour + blend * (colour_smooth - colour)


def compress(display: NDArray[np.float32], strength: float) -> NDArray[np.float32]:
    """HDR-like: brings large dark and light areas together, and raises contrast in the small.

    Args:
        display: (H, W, 3) float32.
        strength: 0 nothing .. 1 a painting.
    """
    if strength <= 0:
        return display
    light = luma(display)
    base = ndimage.gaussian_filter(light, min(light.shape) / 20, truncate=2.5)
    lifted = base + np.float32(0.5 * strength) * (np.float32(0.5) - base)
    wanted = lifted + np.float32(1 + 0.6 * strength) * (light - base)
    gain = np.clip(wanted, 0, None) / np.maximum(light, np.float32(0.03))
    return np.clip(display * np.clip(gain, 0.3, 3.0)[..., None], 0, 1)


def grade(
    display: NDArray[np.float32], contrast: float, *, saturation: float
) -> NDArray[np.float32]:
    """Bends the tone curve around middle grey, then scales the colour differences.

    Args:
        display: (H, W, 3) float32.
        contrast: slope added at middle grey: below 0 lifts blacks and lowers whites (fog),
            above 0 an S-curve that keeps black and white.
        saturation: factor on R, G, B minus luma.
    """
    if contrast < 0:
        display = display * np.float32(1 + contrast) - np.float32(0.55 * contrast)
    elif contrast > 0:
        x = np.clip(display, 0, 1)
        display = x + np.float32(2 * contrast) * x * (1 - x) * (2 * x - 1)
    if saturation != 1.0:
        light = luma(display)[..., None]
        display = light + np.float32(saturation) * (display - light)
    return np.clip(display, 0, 1)


def sharpen(
    display: NDArray[np.float32], amount: float, *, radius_px: float
) -> NDArray[np.float32]:
    """Unsharp masking of luma; edges get bright and dark halos `radius_px` wide.

    Args:
        display: (H, W, 3) float32.
        amount: factor on the detail that is added again.
        radius_px: sigma of the Gaussian that separates detail from shape.
    """
    if amount <= 0:
        return display
    light = luma(display)
    detail = light - ndimage.gaussian_filter(light, max(0.3, radius_px), truncate=3.0)
    return display + np.float32(amount) * detail[..., None]
