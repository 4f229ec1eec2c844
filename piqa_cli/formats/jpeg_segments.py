"""Segments of a JPEG before its first scan (ITU-T T.81, annex B)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

SOS = 0xDA
EOI = b"\xff\xd9"
APP14 = 0xEE  # Adobe's: which colours four components mean
FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
SEQUENTIAL_FRAMES = frozenset({0xC0, 0xC1})
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})


@dataclass(frozen=True, slots=True)
class Segment:
    """A marker segment.

    Attributes:
        marker: its second byte.
        body: bytes after the length.
        end: offset of the first byte behind it.
    """

    marker: int
    body: bytes
    end: int

    @property
    def stored(self) -> bytes:
        """The segment as it stands in a file."""
        return bytes((0xFF, self.marker)) + (len(self.body) + 2).to_bytes(2, "big") + self.body


def header_segments(data: bytes) -> Iterator[Segment]:
    """The segments up to the first scan's header, which is the last one.

    Bytes between segments that belong to none are passed over, as decoders do. A damaged header
    ends early: the decoder says why.

    Args:
        data: the whole file.
    """
    place = 2
    while (place := data.find(b"\xff", place)) >= 0 and place + 4 <= len(data):
        marker = data[place + 1]
        if marker in (0x00, 0xFF) or marker in _WITHOUT_LENGTH:
            place += 1 if marker == 0xFF else 2
            continue
        end = place + 2 + int.from_bytes(data[place + 2 : place + 4], "big")
        if end < place + 4 or end > len(data) or marker == EOI[1]:
            return
        yield Segment(marker, data[place + 4 : end], end)
        if marker == SOS:
            return
        place = end
