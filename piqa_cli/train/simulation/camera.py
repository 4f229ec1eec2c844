"""A simulated phone camera: graded faults of one pipeline, from clean photograph to JPEG.

    lens and hand -> sensor -> noise reduction -> white balance, tone -> sharpening -> JPEG

Every length is in pixels of a picture whose shorter side is 512 (`REFERENCE_SIDE_PX`), and is
scaled to the picture at hand, so a camera means the same at any size.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from piqa_cli.train.photographs import FaceBox
from piqa_cli.train.simulation.develop import compress, denoise, grade, sharpen
from piqa_cli.train.simulation.optics import blur, blur_where, corner_mask, subject_mask
from piqa_cli.train.simulation.sensor import GRAIN_PX, add_noise, to_display, to_linear

REFERENCE_SIDE_PX = 512


@dataclass(frozen=True, slots=True)
class Camera:
    """Settings of a simulated camera; the defaults do (almost) nothing to a clean photograph.

    Attributes:
        exposure_ev: stops above (+) or below (-) the clean photograph, -4..3.
        iso: drives signal-dependent noise as a phone's noise reduction leaves it, 50..25600.
        smear: how much fine texture the noise reduction wipes out, 0..1.
        sharpening: amount of unsharp masking, 0..4; from about 0.5 it looks processed.
        halo_px: Gaussian radius of the unsharp mask, 0.6..3.
        warmth: white-balance error, log2(red gain / blue gain), -1.2..1.2 (+ is yellow).
        tint: white-balance error, log2(green gain), -0.4..0.4 (+ is green).
        defocus_px: radius of the disc that a point becomes, 0..12.
        motion_px: length of the line that a point becomes, 0..50.
        motion_deg: its direction, 0..180, 0 is horizontal.
        contrast: slope added at middle grey, -0.6 (fog) .. 0.8 (harsh).
        saturation: factor on the colour differences, 0..2.
        detail: sensor sampling relative to the picture, 0.2..1 (a small sensor enlarged).
        jpeg_quality: of the written file, 5..98, 4:2:0.
        reframe: part of the width and height lost to a different framing, 0..0.1.
        chroma: fine coloured noise, as a poor demosaicing leaves it, against luminance noise, 0..1.
        corner_px: radius of the lens's disc in the corners, growing with the square of the
            distance from the middle, 0..6.
        misfocus_px: radius of the disc on the subject alone (focus is behind it), 0..9.
        bokeh_px: radius of the disc on all but the subject, 0..9; no fault.
        local: HDR-like compression: shadows lifted and lights lowered in the large, contrast
            raised in the small, 0..1; up to about 0.3 every phone does it.
        grain_px: size of luminance grain; finer grain is lost when a picture is reduced.
    """

    exposure_ev: float = 0.0
    iso: float = 50.0
    smear: float = 0.0
    sharpening: float = 0.0
    halo_px: float = 1.0
    warmth: float = 0.0
    tint: float = 0.0
    defocus_px: float = 0.0
    motion_px: float = 0.0
    motion_deg: float = 0.0
    contrast: float = 0.0
    saturation: float = 1.0
    detail: float = 1.0
    jpeg_quality: int = 95
    reframe: float = 0.0
    chroma: float = 0.0
    corner_px: float = 0.0
    misfocus_px: float = 0.0
    bokeh_px: float = 0.0
    local: float = 0.0
    grain_px: float = GRAIN_PX


def render(
    clean: NDArray[np.uint8],
    camera: Camera,
    *,
    seed: int,
    face: FaceBox | None = None,
    shown: float = 1.0,
) -> NDArray[np.uint8]:
    """Takes one picture of a clean photograph, up to (not including) JPEG.

    Args:
        clean: (H, W, 3) uint8 sRGB, any size of at least 64 px.
        camera: the device at this moment.
        seed: of noise and framing; the same seed gives the same bytes.
        face: where the subject is, in pixels of `clean`; without one it is in the middle.
        shown: how much of the whole picture's shorter side `clean` shows, above 0..1.

    Returns:
        (H, W, 3) uint8 sRGB; both sides shorter by the part `camera.reframe`.
    """
    rng = np.random.default_rng(seed)
    framed = _reframe(clean, camera.reframe, rng)
    sensed = _resized(framed, camera.detail)
    px = min(sensed.shape[:2]) / (shown * REFERENCE_SIDE_PX)
    linear = to_linear(sensed)
    linear = blur(
        linear,
        camera.defocus_px * px,
        length_px=camera.motion_px * px,
        direction_deg=camera.motion_deg,
    )
    linear = _depth_and_lens(
        linear, camera, subject=_subject(face, clean.shape, linear.shape), px=px
    )
    linear *= _gains(camera)
    grain = camera.grain_px * px
    add_noise(linear, camera.iso, rng=rng, scale=px, grain_px=grain, chroma=camera.chroma)
    display = to_display(linear)
    display = denoise(display, camera.smear, scale=px)
    display = compress(display, camera.local)
    display = grade(display, camera.contrast, saturation=camera.saturation)
    display = sharpen(display, camera.sharpening, radius_px=camera.halo_px * px)
    pixels = np.clip(display * 255.0 + 0.5, 0, 255).astype(np.uint8)
    return _fitted(pixels, framed.shape[:2])


def encode_jpeg(pixels: NDArray[np.uint8], quality: int) -> bytes:
    """Writes (H, W, 3) uint8 sRGB as baseline JPEG with 4:2:0 chroma, quality 5..98."""
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG", quality=int(quality), subsampling="4:2:0")
    return stream.getvalue()


def capture(
    clean: NDArray[np.uint8], camera: Camera, *, seed: int, shown: float = 1.0
) -> tuple[NDArray[np.uint8], int]:
    """Renders a photograph, writes it as JPEG and reads it back.

    Returns:
        (H, W, 3) uint8 sRGB, and the size of the JPEG in bytes.
    """
    pixels = render(clean, camera, seed=seed, shown=shown)
    data = encode_jpeg(pixels, camera.jpeg_quality)
    with Image.open(io.BytesIO(data)) as picture:
        return np.asarray(picture.convert("RGB")), len(data)


def jitter(camera: Camera, seed: int) -> Camera:
    """The same device in another take: hand, focus, metering and white balance vary a little."""
    rng = np.random.default_rng((seed, 0x7A4E))
    wobble = rng.normal(size=6)
    return replace(
        camera,
        exposure_ev=float(camera.exposure_ev + 0.06 * wobble[0]),
        warmth=float(camera.warmth + 0.03 * wobble[1]),
        tint=float(camera.tint + 0.01 * wobble[2]),
        defocus_px=float(camera.defocus_px * np.exp(0.1 * wobble[3])),
        misfocus_px=float(camera.misfocus_px * np.exp(0.1 * wobble[3])),
        motion_px=float(camera.motion_px * np.exp(0.15 * wobble[4])),
        motion_deg=float((camera.motion_deg + 8.0 * wobble[5]) % 180.0),
    )


def _gains(camera: Camera) -> NDArray[np.float32]:
    """(3,) float32 gains of red, green and blue in linear light; a cast keeps the luminance."""
    red, green, blue = 2 ** (camera.warmth / 2), 2**camera.tint, 2 ** (-camera.warmth / 2)
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    gains = np.array([red, green, blue]) / luminance * 2**camera.exposure_ev
    return gains.astype(np.float32)


def _depth_and_lens(
    linear: NDArray[np.float32], camera: Camera, *, subject: FaceBox | None, px: float
) -> NDArray[np.float32]:
    """Blurs one part of the picture more than another: focus in depth, and the lens."""
    size = linear.shape[:2]
    if camera.misfocus_px > 0:
        linear = blur_where(linear, camera.misfocus_px * px, weight=subject_mask(size, subject))
    if camera.bokeh_px > 0:
        linear = blur_where(linear, camera.bokeh_px * px, weight=1 - subject_mask(size, subject))
    if camera.corner_px > 0:
        linear = blur_where(linear, camera.corner_px * px, weight=corner_mask(size))
    return linear


def _subject(
    face: FaceBox | None, clean: tuple[int, ...], sensed: tuple[int, ...]
) -> FaceBox | None:
    """A face in pixels of the sensor; framing is ignored, it moves less than the mask is soft."""
    if face is None:
        return None
    down, across = sensed[0] / clean[0], sensed[1] / clean[1]
    return face[0] * across, face[1] * down, face[2] * across, face[3] * down


def _reframe(clean: NDArray[np.uint8], part: float, rng: np.random.Generator) -> NDArray[np.uint8]:
    height, width = clean.shape[:2]
    lost_y, lost_x = round(height * part), round(width * part)
    top, left = int(rng.integers(0, lost_y + 1)), int(rng.integers(0, lost_x + 1))
    return clean[top : top + height - lost_y, left : left + width - lost_x]


def _resized(pixels: NDArray[np.uint8], detail: float) -> NDArray[np.uint8]:
    if detail >= 1.0:
        return pixels
    height, width = (max(16, round(side * detail)) for side in pixels.shape[:2])
    return _fitted(pixels, (height, width))


def _fitted(pixels: NDArray[np.uint8], size: tuple[int, ...]) -> NDArray[np.uint8]:
    height, width = size
    if pixels.shape[:2] == (height, width):
        return pixels
    return np.asarray(Image.fromarray(pixels).resize((width, height), Image.Resampling.BICUBIC))
