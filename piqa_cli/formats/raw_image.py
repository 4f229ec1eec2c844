"""The rendering of RAW files, as a plugin of Pillow.

Every file gets the same treatment, and nothing depends on what it shows, so that the difference
between two phones is theirs:

- the white balance that the camera chose; LibRaw's daylight where the file has none;
- no brightening by the histogram, and white where the file states it, not at the brightest pixel:
  either would hide that a phone exposes too little. Of the file itself comes `BaselineExposure`,
  by which a DNG states how far its sensor was exposed below what its maker means to show;
- AHD, LibRaw's own choice for Bayer sensors; no noise reduction, no sharpening, no lens correction;
- highlights clipped; sRGB primaries, sRGB curve, 8 bits;
- turned as the file says.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile

from piqa_cli.errors import CaptureError
from piqa_cli.formats.raw import load_rawpy

_SRGB_CURVE = (2.4, 12.92)  # exponent and slope of the straight part (IEC 61966-2-1)
_SWAPS_SIDES = 4  # in LibRaw's flip
_DNG_VERSION = 0xC612
_BASELINE_EXPOSURE = 0xC62A
_MOST_EV = 5.0  # a DNG that states more is mistaken
_WORDS = {"Input/output error": "the file ends too early"}


class RawImage(ImageFile.ImageFile):
    """A RAW file: its size is known once it is opened, its pixels once it is loaded."""

    format = "RAW"
    format_description = "camera RAW by LibRaw"

    def _open(self) -> None:
        data = b"" if self.fp is None else self.fp.read()
        self._bright = 2 ** _baseline_ev(data)
        with _errors_in_words():
            self._raw: Any = load_rawpy().imread(io.BytesIO(data))
            sizes = self._raw.sizes
            depth = int(self._raw.white_level).bit_length()
        size = (sizes.width, sizes.height)
        self._size = size[::-1] if sizes.flip & _SWAPS_SIDES else size
        self._mode = "RGB"
        self.info["bit_depth"] = depth

    def load(self) -> Any:
        """Renders the sensor's values, once."""
        if self._raw is not None:
            raw, self._raw = self._raw, None
            with raw, _errors_in_words():
                pixels = rendered(raw, bright=self._bright)
            image = Image.fromarray(pixels)
            image.load()
            self.im, self._size = image.im, image.size
        return Image.Image.load(self)


def rendered(raw: Any, *, bright: float) -> NDArray[np.uint8]:
    """Pixels (height, width, 3), upright; of a monochrome sensor all three are equal."""
    rawpy = load_rawpy()
    pixels = raw.postprocess(
        use_camera_wb=True,
        no_auto_bright=True,
        bright=bright,
        adjust_maximum_thr=0.0,  # else white moves to the brightest pixel
        demosaic_algorithm=rawpy.DemosaicAlgorithm.AHD,
        highlight_mode=rawpy.HighlightMode.Clip,
        fbdd_noise_reduction=rawpy.FBDDNoiseReductionMode.Off,
        output_color=rawpy.ColorSpace.sRGB,
        gamma=_SRGB_CURVE,
        output_bps=8,
        user_flip=None,  # as the file says
    )
    return np.repeat(pixels, 3, axis=2) if pixels.shape[2] == 1 else pixels


@contextmanager
def _errors_in_words() -> Iterator[None]:
    """Turns what LibRaw raises into failures of the capture; rawpy leaves its messages in bytes."""
    rawpy = load_rawpy()
    try:
        yield
    except rawpy.LibRawFileUnsupportedError:
        raise CaptureError(
            "read",
            "no RAW that LibRaw knows, or a damaged one: convert it to DNG, JPEG, TIFF or HEIC",
        ) from None
    except rawpy.LibRawError as error:
        said = error.args[0] if error.args else ""
        words = said.decode("ascii", "replace") if isinstance(said, bytes) else str(said)
        raise CaptureError("read", f"damaged RAW: {_WORDS.get(words, words)}") from None


def _baseline_ev(data: bytes) -> float:
    """BaselineExposure of a DNG (DNG 1.7, chapter 4); 0 where none is stated."""
    if data[:4] not in (b"II*\0", b"MM\0*"):
        return 0.0
    tags = Image.Exif()
    try:
        tags.load(data)
        stated = float(tags.get(_BASELINE_EXPOSURE, 0)) if _DNG_VERSION in tags else 0.0
    except Exception:  # hostile tags raise anything; LibRaw is the one to refuse the file
        return 0.0
    return stated if abs(stated) <= _MOST_EV else 0.0
