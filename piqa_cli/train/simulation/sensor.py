"""Light to signal: sRGB transfer curves and the noise that is left after a phone's reduction."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_STEPS = 1 << 14  # steps of linear light; fine enough for the steep start of the sRGB curve
_SHOT = 0.0077  # noise of full-scale light at ISO 100, linear: 4 of 255 at ISO 1600 in mid-grey
_READ = 0.00008  # noise of darkness at ISO 100, linear
GRAIN_PX = 1.6  # size of luminance grain after noise reduction and reduction to 512 px
_BLOTCH_PX = 5.0  # size of colour blotches
_SPECKLE_PX = 2.2  # size of coloured speckles that demosaicing leaves: two sensor pixels
_COLOUR_SHARE = 0.35  # ratio of colour noise to luminance noise


def _decode_curve(value: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def _encode_curve(value: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(value <= 0.0031308, value * 12.92, 1.055 * value ** (1 / 2.4) - 0.055)


_TO_LINEAR = _decode_curve(np.arange(256) / 255.0).astype(np.float32)
_TO_DISPLAY = _encode_curve(np.arange(_STEPS + 1) / _STEPS).astype(np.float32)


def to_linear(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Turns sRGB uint8 into linear light, float32 0..1 (IEC 61966-2-1)."""
    return _TO_LINEAR[pixels]


def to_display(linear: NDArray[np.float32]) -> NDArray[np.float32]:
    """Turns linear light into sRGB, float32 0..1; what lies outside 0..1 is clipped."""
    steps = np.clip(linear * _STEPS + 0.5, 0, _STEPS).astype(np.int32)
    return _TO_DISPLAY[steps]


def add_noise(
    linear: NDArray[np.float32],
    iso: float,
    *,
    rng: np.random.Generator,
    scale: float,
    grain_px: float,
    chroma: float = 0.0,
) -> None:
    """Adds noise in place: variance grows with light (shot) and with ISO (shot and read).

    Args:
        linear: (H, W, 3) float32, linear light.
        iso: sensitivity; the noise's deviation grows with its square root.
        rng: source of randomness.
        scale: pixels here for one pixel at 512 px.
        grain_px: size of luminance grain, in pixels here.
        chroma: fine coloured noise that demosaicing left, against the luminance noise.
    """
    if iso <= 0:
        return
    gain = iso / 100.0
    light = linear.mean(axis=2)
    deviation = np.sqrt(np.maximum(light, 0) * (_SHOT**2 * gain) + (_READ * gain) ** 2)
    size = linear.shape[:2]
    linear += (deviation * _field(size, grain_px, rng=rng))[..., None]
    for channel in (0, 2):
        blotches = _field(size, _BLOTCH_PX * scale, rng=rng)
        linear[..., channel] += _COLOUR_SHARE * np.sqrt(light + 0.01) * blotches * _SHOT * gain**0.5
        if chroma > 0:
            linear[..., channel] += chroma * deviation * _field(size, _SPECKLE_PX * scale, rng=rng)


def _field(
    size: tuple[int, ...], grain_px: float, *, rng: np.random.Generator
) -> NDArray[np.float32]:
    """A (H, W) float32 field of unit deviation whose grains are `grain_px` wide."""
    height, width = size
    grain_px = max(1.0, grain_px)
    coarse = (max(2, round(height / grain_px)), max(2, round(width / grain_px)))
    white = rng.standard_normal(coarse, dtype=np.float32)
    grains = np.array(Image.fromarray(white).resize((width, height), Image.Resampling.BICUBIC))
    return (grains / (grains.std() + 1e-6)).astype(np.float32)
