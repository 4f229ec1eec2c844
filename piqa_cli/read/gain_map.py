"""HDR gain maps: their SDR base is what gets decoded, and tables note that there is one.

In HEIC and AVIF a map by ISO 21496-1 is an item of its own, which the format finds.
"""

from __future__ import annotations

from piqa_cli.formats import PictureFormat

_MARKS = (
    b"http://ns.adobe.com/hdr-gain-map/1.0/",  # Ultra HDR: XMP of the base picture
    b"urn:iso:std:iso:ts:21496:-1",  # ISO 21496-1: APP2 segment
    b":aux:hdrgainmap",  # Apple: auxiliary picture type
)


def has_gain_map(kind: PictureFormat, data: bytes) -> bool:
    """Tells whether an HDR gain map is in a file; one of a RAW file's preview doesn't count."""
    if kind.is_rendered:
        return False
    return kind.has_tone_map(data) or any(mark in data for mark in _MARKS)
