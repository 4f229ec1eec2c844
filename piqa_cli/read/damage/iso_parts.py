"""Parts of a HEIC or AVIF picture that lie beyond the end of its file."""

from __future__ import annotations

from piqa_cli.formats.iso_items import Part


def missing(parts: tuple[Part, ...], size: int) -> str | None:
    """Counts the tiles that aren't all there, or names the one coded picture.

    Args:
        parts: of the main picture.
        size: bytes of the file.
    """
    lost = sum(any(end > size for _, end in part.extents) for part in parts)
    if not lost:
        return None
    if len(parts) == 1:
        return "the file ends within the picture"
    return f"{lost} of the picture's {len(parts)} tiles lie beyond the end of the file"


def coded(data: bytes, part: Part) -> bytes:
    """The bytes of one part."""
    return b"".join(data[start:end] for start, end in part.extents)


def named(parts: tuple[Part, ...], number: int) -> str:
    """A part as people read it; `number` starts at 1."""
    return "the coded picture" if len(parts) == 1 else f"tile {number} of {len(parts)}"
