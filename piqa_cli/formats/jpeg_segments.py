"""Segments of a JPEG before its first scan (ITU-T T.81, annex B)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

DHT = 0xC4
SOS = 0xDA
EOI = b"\xff\xd9"
APP14 = 0xEE  # Adobe's: which colours four components mean
FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
SEQUENTIAL_FRAMES = frozenset({0xC0, 0xC1})
_AFTER_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")  # a marker, but a restart
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


def header_segments(data: bytes, start: int = 2) -> Iterator[Segment]:
    """The segments up to the next scan's header, which is the last one.

    Bytes between segments that belong to none are passed over, as decoders do. A damaged header
    ends early: the decoder says why.

    Args:
        data: the whole file.
        start: where to begin; 2: behind the start of the picture.
    """
    place = start
    while (place := data.find(b"\xff", place)) >= 0 and place + 4 <= len(data):
        marker = data[place + 1]
        if marker in (0x00, 0xFF) or marker in _WITHOUT_LENGTH:
            place += 1 if marker == 0xFF else 2
            continue
        end = place + 2 + int.from_bytes(data[place + 2 : place + 4], "big")
        if marker == EOI[1] or end < place + 4 or end > len(data):
            return
        yield Segment(marker, data[place + 4 : end], end)
        if marker == SOS:
            return
        place = end


@dataclass(frozen=True, slots=True)
class Scan:
    """One scan of a picture.

    Attributes:
        header: its segment.
        first_symbols: by class (0: DC, 16: AC) + number of the Huffman tables in force, the symbol
            whose code is all zeros.
        start, end: of its coded data in the file.
    """

    header: Segment
    first_symbols: dict[int, int]
    start: int
    end: int


def scans(data: bytes) -> Iterator[Scan]:
    """The scans of a file's first picture, as far as they can be told apart."""
    place, symbols = 2, dict[int, int]()
    while True:
        segments = list(header_segments(data, place))
        if not segments or segments[-1].marker != SOS:
            return
        for segment in segments:
            if segment.marker == DHT:
                symbols.update(_first_symbols(segment.body))
        start = segments[-1].end
        behind = _AFTER_SCAN.search(data, start)
        place = behind.start() if behind else len(data)
        yield Scan(segments[-1], dict(symbols), start, place)


def _first_symbols(body: bytes) -> Iterator[tuple[int, int]]:
    """Class and number of each table of a DHT segment, with its first symbol."""
    return ((table, symbols[0]) for table, symbols in huffman_tables(body) if symbols)


def huffman_tables(body: bytes) -> Iterator[tuple[int, bytes]]:
    """Class and number of each table of a DHT segment, and its symbols (T.81, B.2.4.2)."""
    place = 0
    while place + 17 < len(body):
        count = sum(body[place + 1 : place + 17])
        yield body[place], body[place + 17 : place + 17 + count]
        place += 17 + count
