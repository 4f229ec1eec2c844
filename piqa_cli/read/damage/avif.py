"""Damage of AVIF files: parts beyond the end of the file, holes and wrong bytes in coded data."""

from __future__ import annotations

from PIL import Image

from piqa_cli.formats import FORMATS
from piqa_cli.formats.iso_items import main_parts
from piqa_cli.read.damage.iso_parts import coded, missing, named
from piqa_cli.read.damage.tail import tails_used
from piqa_cli.read.damage.zeros import has_zeros, hole

_LONGEST_ZEROS = 64  # whole pictures, flat ones too, were found to have fewer than 4


def damage(data: bytes, picture: Image.Image | None) -> str | None:
    """Names what is missing, empty or wrong of the main picture; see `tails_used`."""
    parts = main_parts(data)
    if cut := missing(parts, len(data)):
        return cut
    for number, part in enumerate(parts, 1):
        if has_zeros(coded(data, part), _LONGEST_ZEROS):
            return hole(named(parts, number))
    ends = [part.extents[-1] for part in parts if part.extents]
    if not tails_used(data, FORMATS["avif"], ends, picture):
        return "bytes of the coded picture are wrong: its last ones aren't needed"
    return None
