"""Fingerprint of a score: one SHA-256 over everything that can move it (no torch here)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from piqa_cli.errors import CaptureError
from piqa_cli.formats import FORMATS, SNIFF_BYTES, sniff
from piqa_cli.read.decode import decoder_of
from piqa_cli.records import Capture, Recipe
from piqa_cli.remote import AnyPath

_CHUNK_BYTES = 1 << 20
# Scores in bf16 from before LIQE stayed in float32 must not be found.
_PRECISIONS = {"bf16": "bf16, LIQE fp32"}


@dataclass(frozen=True, slots=True)
class Key:
    """Key of a capture's score in the cache.

    Attributes:
        fingerprint: SHA-256 (hex) of everything that can move the score.
        sha256: of the file's bytes, as they were when the key was made.
        decoder: name and version of what decodes it.
    """

    fingerprint: str
    sha256: str
    decoder: str


def key_of(recipe: Recipe, capture: Capture) -> Key:
    """The key of a capture: file content, model, weights, preprocessing, sizes, face, decoder.

    Raises:
        CaptureError: the file can't be read.
    """
    content_sha256, header = _content(capture.file)
    kind = sniff(header, capture.file.suffix)
    decoder = decoder_of(kind) if kind is not None and FORMATS[kind].is_readable else "none"
    return _key(recipe, capture, content_sha256, decoder)


def key_of_same_file(key: Key, recipe: Recipe, capture: Capture) -> Key:
    """The key of the same file with another face or by another model; it isn't read again.

    Args:
        key: of the file.
        recipe: as for `key_of`.
        capture: the file with the face that counts now.
    """
    return _key(recipe, capture, key.sha256, key.decoder)


def _key(recipe: Recipe, capture: Capture, content_sha256: str, decoder: str) -> Key:
    parts = (
        content_sha256,
        recipe.model,
        recipe.weights_sha256,
        recipe.preprocessing,
        recipe.reading,
        recipe.working_size,
        _face_key(recipe, capture) + _landmarks_key(recipe, capture),
        decoder,
        _PRECISIONS.get(recipe.precision or "", recipe.precision),
    )
    fingerprint = hashlib.sha256("\n".join(part or "" for part in parts).encode()).hexdigest()
    return Key(fingerprint, content_sha256, decoder)


def _face_key(recipe: Recipe, capture: Capture) -> str:
    """Text that decides the face: the given box, or the detector and its rule.

    A given box counts for models that look at no face, too: it is kept with the score.
    """
    if capture.face_source == "given" and capture.given_face is not None:
        box = capture.given_face
        return f"given {box.x0!r} {box.y0!r} {box.x1!r} {box.y1!r}"
    if recipe.detector is None or capture.face_source == "none":
        return "none"
    # The scene's face is found among those that this rule saw; another one is a given box.
    rule = "confident" if recipe.face_rule == "scene" else recipe.face_rule
    return f"{recipe.detector} {rule}"


def _landmarks_key(recipe: Recipe, capture: Capture) -> str:
    """Text that decides the landmarks; empty for a model that needs none."""
    if recipe.landmarks is None:
        return ""
    points = capture.given_landmarks
    return f" landmarks {recipe.landmarks if points is None else repr(points)}"


def _content(file: AnyPath) -> tuple[str, bytes]:
    """SHA-256 of a file and its first bytes."""
    digest = hashlib.sha256()
    try:
        with file.open("rb") as stream:
            header = chunk = stream.read(_CHUNK_BYTES)
            while chunk:
                digest.update(chunk)
                chunk = stream.read(_CHUNK_BYTES)
    except FileNotFoundError:
        reason = "a link that leads nowhere" if file.is_symlink() else "file not found"
        raise CaptureError("read", reason) from None
    except OSError as error:
        raise CaptureError("read", f"can't be opened: {error.strerror or error}") from None
    return digest.hexdigest(), header[:SNIFF_BYTES]
