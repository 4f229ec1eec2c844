"""Coded data whose last bytes nobody needs: something before them is wrong.

Arithmetic and prefix coders have no checksum. But behind a wrong byte the decoder reads other
symbols than were written, and comes to the end of the picture too late or with bytes left over: in
both cases the last bytes make no difference to the pixels any more.
"""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image

from piqa_cli.formats import PictureFormat
from piqa_cli.read.opening import open_picture

_LONGEST_BYTES = 64
_MOST_FILLING_BYTES = 8  # some encoders fill their last word with zeros
# Mixed bits: plain ones would often stand for the very symbols that stand there.
_OTHER_BITS = bytes(17 * place * place + 91 * place + 165 & 255 for place in range(_LONGEST_BYTES))


def tails_used(
    data: bytes,
    kind: PictureFormat,
    parts: Sequence[tuple[int, int]],
    picture: Image.Image | None,
) -> bool:
    """True where other last bytes of coded parts give other pixels, or none.

    Args:
        data: the whole file.
        kind: its format.
        parts: start and end of each. In short ones half of the bytes are exchanged at most.
        picture: the file, opened; its pixels are loaded. None: it can't be opened.
    """
    if picture is None:
        return True
    other = bytearray(data)
    for start, stop in parts:
        end = stop - _filling(data[max(start, stop - _MOST_FILLING_BYTES) : stop])
        length = min(_LONGEST_BYTES, (end - start) // 2)
        for place, bits in zip(range(end - length, end), _OTHER_BITS, strict=False):
            other[place] ^= bits
    try:
        whole = picture.tobytes()
        with open_picture(bytes(other), kind) as changed:
            return whole != changed.tobytes()
    except Exception:  # what stands there was wanted, or Pillow will say what is wrong
        return True


def _filling(end: bytes) -> int:
    return len(end) - len(end.rstrip(b"\0"))
