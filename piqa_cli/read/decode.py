"""One file becomes upright sRGB working pixels and what is known of them.

Worker processes run this. It imports no torch itself; pictures above the working size are reduced
by it (`piqa_cli.resample`).
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import PIL
from numpy.typing import NDArray
from PIL import Image, features

from piqa_cli.errors import CaptureError
from piqa_cli.formats import FORMATS, SNIFF_BYTES, PictureFormat, other_format, sniff
from piqa_cli.formats.jxl_header import header_of
from piqa_cli.read.color import Profile, is_plain, profile_of, to_srgb
from piqa_cli.read.damage import damage_of
from piqa_cli.read.exif import read_exif
from piqa_cli.read.gain_map import has_gain_map
from piqa_cli.read.iso_turn import difference, turn_warning
from piqa_cli.read.library_messages import library_messages
from piqa_cli.read.opening import missing_pixels_allowed, open_picture
from piqa_cli.read.pixels import (
    flatten,
    is_lying,
    is_upright,
    orient,
    orientation_of,
    reduce,
    reduce_pixels,
    refuse_empty,
)
from piqa_cli.read.text import error_words
from piqa_cli.records import Exif, Photo, PhotoFacts
from piqa_cli.remote import AnyPath
from piqa_cli.resample import RESAMPLER
from piqa_cli.settings import MAX_PIXELS, Damaged

_REDUCING_GAP = 1.0  # plain means first, as far as whole numbers of pixels go
READ_VERSION = f"read-3, {RESAMPLER}, littlecms {features.version('littlecms2')}"
"""Version of everything between a decoder's pixels and the working pixels; part of fingerprints."""


def read_photo(
    file: AnyPath,
    *,
    working_side_px: int | None,
    damaged: Damaged = "refuse",
    judged: bool = False,
) -> Photo:
    """Reads a picture: decode, reduce to the working size, orient, convert to sRGB.

    Args:
        file: a picture; its content decides the format, not its suffix (RAW aside).
        working_side_px: shorter side that larger pictures are reduced to; None: never reduced.
        damaged: `refuse` fails where pixels are missing or wrong; `score` gives what the decoder
            makes of them, and `PhotoFacts.damage` says what is wrong.
        judged: True: damage was looked for when the same file was read before, and isn't again;
            `PhotoFacts.damage` stays None then, save where the decoder itself fails.

    Returns:
        Pixels (height, width, 3) uint8 and facts. The first frame where a file holds several;
        transparent parts are shown on white, as a page shows them.

    Raises:
        CaptureError: at stage `read`, with one line that says why. Nothing else escapes.
    """
    data, kind = _load(file)
    with _decoding(kind):
        return _photo(data, kind, working_side_px, damaged, judged=judged)


@dataclass(frozen=True, slots=True)
class Original:
    """The pixels of a picture as its file has them, upright, in its own colours."""

    _image: Image.Image
    _profile: Profile | None

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self._image.size

    def part(self, box: tuple[int, int, int, int]) -> NDArray[np.uint8]:
        """A part at its own size: (height, width, 3) uint8 sRGB.

        Args:
            box: (x0, y0, x1, y1) in pixels.
        """
        return np.array(to_srgb(self._image.crop(box), self._profile))

    def luma(self, sides: tuple[float, float, float, float], size: tuple[int, int]) -> Image.Image:
        """Luma of a part, as a picture of mode L; the profile of RGB pixels is left aside.

        Args:
            sides: (x0, y0, x1, y1) in pixels, which needn't be whole.
            size: width and height that the part is reduced to.
        """
        bilinear = Image.Resampling.BILINEAR
        plain = self._image.mode in ("L", "RGB")
        image = self._image.convert("L") if plain else self._image
        part = image.resize(size, bilinear, box=sides, reducing_gap=_REDUCING_GAP)
        return part if plain else to_srgb(part, self._profile).convert("L")


def read_original(file: AnyPath, *, damaged: Damaged = "refuse") -> Original:
    """The original pixels of a file that was read before; damage isn't looked for again.

    Args:
        file: the picture.
        damaged: as it was read.

    Raises:
        CaptureError: the file is no readable picture any more.
    """
    data, kind = _load(file)
    with _decoding(kind):
        decoded = _decoded(data, kind, damaged, judged=True)
        return Original(orient(decoded.image, decoded.orientation), decoded.profile)


def read_exif_again(file: AnyPath) -> Exif:
    """The EXIF of a picture that was scored before, as today's readers see it.

    Raises:
        CaptureError: the file is no readable picture any more.
    """
    data, kind = _load(file)
    with _decoding(kind):
        return read_exif(data, open_picture(data, kind))


def decoder_of(name: str) -> str:
    """Names the libraries and versions that make the pixels of a format.

    Known before decoding, so that a score can be looked up by it.

    Args:
        name: of the format, see `FORMATS`.
    """
    return FORMATS[name].decoder()


def _load(file: AnyPath) -> tuple[bytes, PictureFormat]:
    """The whole file, once what it is has been told by its first bytes."""
    try:
        with file.open("rb") as stream:
            header = stream.read(SNIFF_BYTES)
            kind = _kind(header, file.suffix)
            return header + stream.read(), kind
    except OSError as error:
        raise CaptureError("read", f"cannot be opened: {error.strerror or error}") from error
    except MemoryError:
        raise CaptureError("read", "not enough memory to read this file") from None


def _kind(header: bytes, suffix: str) -> PictureFormat:
    if not header:
        raise CaptureError("read", "the file is empty")
    name = sniff(header, suffix)
    if name is not None:
        return _readable(FORMATS[name], suffix.lower())
    if other := other_format(header):
        raise CaptureError(
            "read", f"{other} is not supported: convert it to JPEG, PNG or TIFF first"
        )
    *titles, last = (kind.title for kind in FORMATS.values())
    raise CaptureError("read", f"no picture: the content is not {', '.join(titles)} or {last}")


def _readable(kind: PictureFormat, suffix: str) -> PictureFormat:
    """A format whose library is there.

    Raises:
        CaptureError: it comes with an extra that isn't installed.
    """
    if kind.extra is None or kind.is_readable:
        return kind
    what = f"{kind.title} ({suffix})" if suffix in kind.suffixes else kind.title
    raise CaptureError(
        "read", f"{what} is read with an extra only: {kind.extra.command}, or convert it"
    )


@contextmanager
def _decoding(kind: PictureFormat) -> Iterator[None]:
    """Makes one `CaptureError` of whatever decoders raise within a block."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns on stderr of oddities that do no harm
            yield
    except CaptureError:
        raise
    except MemoryError:
        raise CaptureError("read", "not enough memory to decode this picture") from None
    except Exception as error:  # decoders raise far more than they document
        raise CaptureError("read", _damaged(kind, error)) from error


@dataclass(frozen=True, slots=True)
class _Decoded:
    """A decoded picture in its own colours, at its own size, still to be turned.

    `flat` is an array where the decoder gives one: Pillow's pictures would be a copy.
    """

    flat: Image.Image | NDArray[np.uint8]
    orientation: int
    profile: Profile | None
    depth: int
    damage: str | None
    exif: Exif

    @property
    def image(self) -> Image.Image:
        """As Pillow has it."""
        return Image.fromarray(self.flat) if isinstance(self.flat, np.ndarray) else self.flat

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels once it is upright."""
        if isinstance(self.flat, np.ndarray):
            height_px, width_px = self.flat.shape[:2]
        else:
            width_px, height_px = self.flat.size
        return (height_px, width_px) if is_lying(self.orientation) else (width_px, height_px)


def _decoded(data: bytes, kind: PictureFormat, damaged: Damaged, *, judged: bool) -> _Decoded:
    image = _opened(data, kind)
    depth = kind.bit_depth(image, data)
    damage = None if judged else damage_of(kind.name, data, image)
    if damage and damaged == "refuse":
        raise _refused(kind, damage)
    pixels = kind.pixels(image, data)
    if pixels is not None:
        pass
    elif kind.is_rendered:
        _render(image, kind)
    elif damaged == "refuse":
        image.load()
    else:
        image, damage = _loaded_as_it_is(image, data, kind, damage)
    # Pixels first: reading EXIF is under guard and decodes them where it may stand behind them.
    exif = read_exif(data, open_picture(data, kind) if kind.loading_loses_tags else image)
    profile = profile_of(image, kind, data, exif=exif)
    orientation = orientation_of(image)
    if pixels is not None:
        return _Decoded(pixels, orientation, profile, depth, damage, exif)
    refuse_empty(image)
    return _Decoded(flatten(image, depth), orientation, profile, depth, damage, exif)


def _photo(
    data: bytes,
    kind: PictureFormat,
    working_side_px: int | None,
    damaged: Damaged,
    *,
    judged: bool,
) -> Photo:
    decoded = _decoded(data, kind, damaged, judged=judged)
    width_px, height_px = decoded.size
    profile = decoded.profile
    pixels = _working_pixels(decoded, working_side_px)
    facts = PhotoFacts(
        sha256=hashlib.sha256(data).hexdigest(),
        bytes=len(data),
        format=kind.name,
        decoder=kind.decoder(),
        width_px=width_px,
        height_px=height_px,
        working_width_px=pixels.shape[1],
        working_height_px=pixels.shape[0],
        bit_depth=decoded.depth,
        icc_profile=profile.description if profile else None,
        has_gain_map=has_gain_map(kind, data),
        damage=decoded.damage,
        exif=decoded.exif,
        warnings=_warnings(kind, data, decoded.exif),
    )
    return Photo(facts, pixels)


def _working_pixels(decoded: _Decoded, working_side_px: int | None) -> NDArray[np.uint8]:
    """Upright sRGB pixels (height, width, 3) at the working size."""
    orientation, profile = decoded.orientation, decoded.profile
    if isinstance(decoded.flat, np.ndarray):
        pixels = reduce_pixels(decoded.flat, working_side_px, orientation=orientation)
        if pixels.ndim == 3 and is_upright(orientation) and is_plain(profile):
            return pixels
        working = Image.fromarray(pixels)
    else:
        working = reduce(decoded.flat, working_side_px, orientation=orientation)
    return np.array(to_srgb(orient(working, orientation), profile))


def _warnings(kind: PictureFormat, data: bytes, exif: Exif) -> tuple[str, ...]:
    turn = None
    if kind.name in ("heic", "avif"):
        turn = turn_warning(data, exif.orientation)
    elif kind.name == "jxl" and (header := header_of(data)) is not None:
        turn = difference(header.orientation, exif.orientation, "codestream")
    return () if turn is None else (turn,)


def _opened(data: bytes, kind: PictureFormat) -> Image.Image:
    """A picture with its pixels still to be decoded, which is none of those that are refused."""
    refusal = kind.refusal(data)
    if size := kind.size(data):
        _check_size(*size)
    try:
        image = open_picture(data, kind)
    except Exception:
        if refusal:
            raise CaptureError("read", refusal) from None
        if damage := damage_of(kind.name, data):
            raise _refused(kind, damage) from None
        raise
    if raw := kind.other_kind(image, data):
        raise CaptureError(
            "read",
            f"RAW ({raw}): give it its own suffix, .dng say, or convert it to JPEG, TIFF or HEIC",
        )
    if refusal:
        raise CaptureError("read", refusal)
    _check_size(*image.size)
    return image


def _render(image: Image.Image, kind: PictureFormat) -> None:
    """Loads a RAW file, of which LibRaw reports damage on stderr only, and goes on.

    There is no scoring it as it is: what follows a wrong bit is noise in all of the picture.
    """
    with library_messages() as messages:
        image.load()
    if messages.lines:
        raise _refused(kind, str(messages).removeprefix("unknown file: "))


def _loaded_as_it_is(
    image: Image.Image, data: bytes, kind: PictureFormat, damage: str | None
) -> tuple[Image.Image, str | None]:
    """A loaded picture, whose missing parts may be blank, and what is wrong with it."""
    try:
        image.load()
        return image, damage
    except MemoryError:
        raise
    except Exception as error:
        damage = damage or error_words(error)
    with missing_pixels_allowed():
        image = open_picture(data, kind)
        image.load()
    return image, damage


def _refused(kind: PictureFormat, damage: str) -> CaptureError:
    return CaptureError("read", f"damaged {kind.name.upper()}: {damage}")


def _check_size(width_px: int, height_px: int) -> None:
    if width_px * height_px > MAX_PIXELS:
        raise CaptureError(
            "read",
            f"{width_px} x {height_px} is {width_px * height_px / 1e6:.0f} megapixels, "
            f"more than the limit of {MAX_PIXELS / 1e6:.0f}",
        )


def _damaged(kind: PictureFormat, error: Exception) -> str:
    if isinstance(error, PIL.UnidentifiedImageError):  # its message holds a memory address
        return f"damaged {kind.name.upper()}, or a variant of it that isn't supported"
    return f"damaged {kind.name.upper()}: {error_words(error)}"
