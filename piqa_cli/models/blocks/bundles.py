"""Reads the metadata of weights files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from piqa_cli.errors import MissingPartError


def sizes_in(metadata: Mapping[str, str], *, wanted: str, again: str) -> dict[str, Any]:
    """The sizes of a network, from the metadata `sizes` (JSON) of its weights.

    Args:
        metadata: of the weights file.
        wanted: the value of `format` that the network reads, `MODEL/VERSION`.
        again: command that makes the weights again.

    Raises:
        MissingPartError: the weights are of another format.

    >>> sizes_in({"format": "x/1", "sizes": '{"hidden": 9}'}, wanted="x/1", again="")
    {'hidden': 9}
    """
    if metadata.get("format") != wanted:
        raise MissingPartError(
            f"the weights of {wanted.partition('/')[0]} are in format {metadata.get('format')!r} "
            f"and this version reads {wanted!r}: make them again with `{again}`"
        )
    sizes: dict[str, Any] = json.loads(metadata["sizes"])
    return sizes
