"""Rated pictures by where they come from: PIQ23, or a lab's own manifest."""

from __future__ import annotations

from pathlib import Path

from piqa_cli.errors import UsageError
from piqa_cli.train.material import Attribute, Material, Split
from piqa_cli.train.piq23 import read_piq23
from piqa_cli.train.ratings import read_ratings


def read_material(
    piq23: Path | None, captures: Path | None, *, attribute: Attribute, split: Split
) -> Material:
    """The rated pictures that were named; nothing is held out yet.

    Args:
        piq23: the folder of PIQ23.
        captures: a lab's own ratings instead.
        attribute: which of PIQ23's ratings.
        split: which of its official splits.

    Raises:
        PiqaError: they can't be read.
        UsageError: none or two sources are named.
    """
    if (piq23 is None) == (captures is None):
        raise UsageError("name either --dataset piq23 FOLDER or --captures FILE")
    if piq23 is not None:
        return read_piq23(piq23, attribute, split)
    assert captures is not None
    return read_ratings(captures)
