"""Warnings that a lab knows and accepts, by patterns of `[acknowledge]` in piqa.toml."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fnmatch import fnmatchcase
from typing import TypeVar

_T = TypeVar("_T")


def is_acknowledged(text: str, patterns: Iterable[str]) -> bool:
    """True if a pattern of the shell, or the very same text, fits the whole text, case ignored.

    >>> is_acknowledged("k2: holds Two phones", ["*two phones*"])
    True
    """
    lower = text.lower()
    # Texts may hold brackets of their own, as in [devices].
    return any(p.lower() == lower or fnmatchcase(lower, p.lower()) for p in patterns)


def parted(
    warnings: Sequence[_T], patterns: Sequence[str], *, text: Callable[[_T], str]
) -> tuple[tuple[_T, ...], tuple[_T, ...]]:
    """Warnings that need a look, and those that are acknowledged, both in their order.

    Args:
        warnings: of any form.
        patterns: see `is_acknowledged`.
        text: of a warning, as patterns match it.
    """
    known = [is_acknowledged(text(warning), patterns) for warning in warnings]
    pairs = list(zip(warnings, known, strict=True))
    return (
        tuple(warning for warning, is_known in pairs if not is_known),
        tuple(warning for warning, is_known in pairs if is_known),
    )
