"""Damage of JPEG scans: a second decoder reports what Pillow's keeps to itself.

Both are libjpeg-turbo. It fills what is missing with the last colour and only warns of it; Pillow
hides its warnings. The second decoding is of greys at an eighth of the size, so it takes about
half of the first one's time: its pixels are the mean greys of the blocks, coded as differences,
so one wrong byte shifts all greys behind it, often beyond black or white, where no encoder goes. To
see that, the second decoder is given half the contrast.
"""

from __future__ import annotations

import re

import numpy as np
import simplejpeg
from numpy.typing import NDArray

from piqa_cli.formats.jpeg_segments import (
    DHT,
    EOI,
    FRAMES,
    SEQUENTIAL_FRAMES,
    SOS,
    Scan,
    Segment,
    header_segments,
    huffman_tables,
    scans,
)
from piqa_cli.read.damage.zeros import has_zeros, hole

_QUANTISATION, _RESTARTS, _ARITHMETIC = 0xDB, 0xDD, 0xCC
_DECODING = FRAMES | {DHT, _QUANTISATION, _RESTARTS, _ARITHMETIC, SOS}
_AC_TABLES = 16  # added to a Huffman table's number
_MOST_DC_BITS, _MOST_AC_BITS = 11, 10  # of 8-bit samples (T.81, tables F.1 and F.2)
_LONGEST_ZEROS = 32
_MOST_OVERSHOOT = 1.12  # some encoders make edges to white sharper by more than white
_WHOLE_SPECTRUM = bytes((0, 63, 0))  # what the last bytes of a sequential scan's header must be
_PADDING = re.compile(r"(\d+) extraneous bytes before marker 0xd9")
_MOST_PADDING_BYTES = 64  # some cameras fill the last sector; a hole is larger
_TOO_SHORT = "premature end of data segment"


def damage(data: bytes) -> str | None:
    """Names the damage of a JPEG's first picture; pictures and films behind it don't count.

    Pictures with samplings that the second decoder doesn't know (4:1:0, CMYK with reduced parts)
    aren't judged.
    """
    segments = [segment for segment in header_segments(data) if segment.marker in _DECODING]
    if not segments or segments[-1].marker != SOS:
        return None
    if _broken_tables(segments):
        return "its Huffman tables are broken"
    for scan in scans(data):
        if not _may_be_zeros(scan) and has_zeros(data[scan.start : scan.end], _LONGEST_ZEROS):
            return hole("the scan")
    stream, contrast = _low_contrast(_bare(segments, data))
    try:
        greys = _small(stream, strict=True)
    except ValueError as error:
        return _named(str(error), stream, progressive=not _is_sequential(segments))
    if _are_beyond_range(greys, contrast):
        return "bytes of the scan are wrong: greys behind them are beyond black or white"
    return None


def _are_beyond_range(greys: NDArray[np.uint8], contrast: float) -> bool:
    """True where the mean grey of a block is darker than black or lighter than white."""
    if contrast == 1:
        return False
    most = np.abs(greys.astype(np.int16) - 128).max()
    return bool(most > 128 * contrast * _MOST_OVERSHOOT + 1)


def _low_contrast(stream: bytes) -> tuple[bytes, float]:
    """A picture's bytes with lower contrast of the mean greys, and by how much (1: unchanged)."""
    table = _grey_table(stream)
    for segment in header_segments(stream):
        start = segment.end - len(segment.body)
        while segment.marker == _QUANTISATION and start < segment.end:
            size = 2 if stream[start] >> 4 else 1
            if stream[start] & 15 == table:
                divisor = int.from_bytes(stream[start + 1 : start + 1 + size], "big")
                half = max(1, divisor // 2)
                lower = (
                    stream[: start + 1] + half.to_bytes(size, "big") + stream[start + 1 + size :]
                )
                return (lower, half / divisor) if divisor > 1 else (stream, 1.0)
            start += 1 + 64 * size
    return stream, 1.0


def _grey_table(stream: bytes) -> int | None:
    """Number of the table that divides the greys; None: they aren't stored by themselves."""
    for segment in header_segments(stream):
        if segment.marker in FRAMES and segment.body[5] in (1, 3):
            return None if segment.body[6::3] == b"RGB" else segment.body[8]
    return None


def _broken_tables(segments: list[Segment]) -> bool:
    """True for a table that gives two codes to one symbol, or a code to none (T.81, F.1.2, G.1.2).

    Decoders take them. Sizes of coefficients beyond 8-bit samples' are no symbols.
    """
    for segment in segments:
        if segment.marker != DHT:
            continue
        for table, symbols in huffman_tables(segment.body):
            most = _MOST_AC_BITS if table & _AC_TABLES else _MOST_DC_BITS
            sizes = symbols if table < _AC_TABLES else bytes(symbol & 15 for symbol in symbols)
            if len(set(symbols)) < len(symbols) or max(sizes, default=0) > most:
                return True
    return False


def _may_be_zeros(scan: Scan) -> bool:
    """True where plain areas are coded as zeros, so that a run of them is no hole.

    A code of zeros that isn't an end of block stands for one small coefficient; no picture is made
    of the same one over and over. Scans of DC alone and those that refine others hold plain bits.
    """
    body = scan.header.body
    count = body[0]
    spectrum_start, _, approximation = body[1 + 2 * count : 4 + 2 * count]
    tables = {body[2 + 2 * place] & 15 for place in range(count)}
    symbols = [scan.first_symbols.get(_AC_TABLES + table, 0) for table in tables]
    if approximation >> 4 or (spectrum_start == 0 and _is_dc_alone(body)):
        return True
    return all(symbol & 15 == 0 for symbol in symbols)


def _is_dc_alone(header: bytes) -> bool:
    return header[-2] == 0 and header[-3] == 0


def _named(warning: str, stream: bytes, *, progressive: bool) -> str | None:
    """Names what the second decoder warns of in a stream without anything else to warn of."""
    if _TOO_SHORT in warning:
        return _ending(stream, progressive=progressive)
    if padding := _PADDING.search(warning):
        return None if _is_padding(stream, int(padding[1])) else _left_over(int(padding[1]))
    if "extraneous bytes" in warning or "instead of RST" in warning:
        return "bytes are missing or wrong within the scan"
    if warning.startswith("Corrupt JPEG data"):
        return f"the scan is broken ({warning.removeprefix('Corrupt JPEG data: ')})"
    return None  # no damage but a variant: Pillow is the judge


def _bare(segments: list[Segment], data: bytes) -> bytes:
    """The picture without what could raise harmless warnings first: only the first is reported."""
    header = b"".join(segment.stored for segment in segments)
    if _is_sequential(segments):  # several phones write nonsense there, and decoders don't mind
        header = header[: -len(_WHOLE_SPECTRUM)] + _WHOLE_SPECTRUM
    return b"\xff\xd8" + header + data[segments[-1].end :] + EOI


def _is_sequential(segments: list[Segment]) -> bool:
    return any(segment.marker in SEQUENTIAL_FRAMES for segment in segments)


def _small(stream: bytes, *, strict: bool) -> NDArray[np.uint8]:
    """Greys (height, width) at the smallest size that the decoder makes."""
    pixels: NDArray[np.uint8] = simplejpeg.decode_jpeg(
        stream, colorspace="GRAY", min_height=1, min_width=1, min_factor=8, strict=strict
    )
    return pixels[..., 0]


def _ending(stream: bytes, *, progressive: bool) -> str:
    """Tells how far the scan goes: what is missing shows as one flat colour."""
    if progressive:
        return "a scan ends before all of the picture is there"
    greys = _small(stream, strict=False)
    filled = np.flatnonzero((greys != greys[-1, -1]).any(axis=1))
    share = (filled[-1] + 1) / len(greys) if len(filled) else 0.0
    if not 0 < share < 0.995:
        return "the scan ends before the end of the picture"
    return f"the scan ends after {100 * share:.0f} % of the picture"


def _is_padding(stream: bytes, length: int) -> bool:
    """True for a few filling bytes before the end marker."""
    *_, scan = header_segments(stream)
    end = stream.find(EOI, scan.end)
    return length <= _MOST_PADDING_BYTES and set(stream[end - length : end]) <= {0x00, 0xFF}


def _left_over(length: int) -> str:
    return f"{length} bytes are left over at the end of the scan: some within it are wrong"
