"""Captures on disk as far as they tell renamed devices, before anything is scored.

Hashing and opening all files of a lab takes minutes, so only those are read that can decide: files
as large as one of the run that is expected, and the files of devices which that run doesn't know.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from piqa_cli.errors import CaptureError
from piqa_cli.expect.renamed import Sighting, phone_of
from piqa_cli.read.decode import read_exif_again
from piqa_cli.read.library_messages import library_messages
from piqa_cli.records import Capture
from piqa_cli.records.capture_row import TriedRow
from piqa_cli.remote import AnyPath, size_of

_PIECE_BYTES = 1 << 20


def sightings_on_disk(captures: Sequence[Capture], base: Sequence[TriedRow]) -> list[Sighting]:
    """The captures that were found, with SHA-256 and phone where these can tell a renamed device.

    Args:
        captures: what was found.
        base: captures of the run that is expected; empty: lists alone say what is.
    """
    old, new = {row.device for row in base}, {capture.device for capture in captures}
    hashed = [row for row in base if row.sha256 is not None]
    sizes = {row.bytes for row in hashed}
    sizes_of_gone = {row.bytes for row in hashed if row.device not in new}
    return [
        Sighting(
            capture.scene,
            capture.device,
            _sha256(capture.file, sizes_of_gone if capture.device in old else sizes),
            _phone(capture.file) if base and capture.device not in old else None,
        )
        for capture in captures
    ]


def _sha256(file: AnyPath, sizes: set[int | None]) -> str | None:
    """SHA-256 of a file of one of these sizes; None: it has another, or can't be read.

    A size that isn't known, as of given scores, may be any.
    """
    try:
        if not sizes or not sizes & {None, size_of(file)}:
            return None
        digest = hashlib.sha256()
        with file.open("rb") as stream:
            while piece := stream.read(_PIECE_BYTES):
                digest.update(piece)
        return digest.hexdigest()
    except OSError:
        return None


def _phone(file: AnyPath) -> tuple[str, str] | None:
    try:
        with library_messages():  # a run reports them
            exif = read_exif_again(file)
    except CaptureError:
        return None
    return phone_of(exif.make, exif.model)
