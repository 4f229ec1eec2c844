"""Runs of zero bytes: what a broken copy or a lost sector leaves in coded data."""

from __future__ import annotations


def has_zeros(coded: bytes | memoryview, length: int) -> bool:
    """Tells whether coded data holds a run of at least `length` zero bytes."""
    return bytes(coded).find(bytes(length)) >= 0


def hole(where: str) -> str:
    """The clause that names a hole.

    >>> hole("the coded picture")
    'a part of the coded picture is filled with zeros'
    """
    return f"a part of {where} is filled with zeros"
