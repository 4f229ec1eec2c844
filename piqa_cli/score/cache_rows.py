"""A score as a row of the cache, and back; a row that was damaged is told by its seal."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from piqa_cli.records import Box, Capture, Exif, Face, FaceCandidate, PhotoFacts, Prediction, Scored

NOBODY = Capture(path="", file=Path(), scene="", device="")
"""Stands in a score that isn't of one capture: equal files share it."""
_SEAL_CHARACTERS = 16


def _shape() -> str:
    shapes = tuple(
        tuple(field.name for field in fields(record))
        for record in (PhotoFacts, Exif, Face, FaceCandidate, Prediction)
    )
    return hashlib.sha256(repr(shapes).encode()).hexdigest()[:12]


SHAPE = _shape()
"""Fields of the records: rows of a program with other fields are never misread."""


def encode(scored: Scored) -> str:
    """A score as JSON, without its capture: equal files share it."""
    parts = {
        "facts": asdict(scored.facts),
        "face": asdict(scored.face),
        "prediction": asdict(scored.prediction),
    }
    return json.dumps(parts, sort_keys=True)


def decode(row: str) -> Scored:
    """A kept score, with a blank capture.

    Raises:
        ValueError: the row is damaged; so do KeyError and TypeError say.
    """
    parts: dict[str, Any] = json.loads(row)
    prediction = parts["prediction"]
    return Scored(
        capture=NOBODY,
        facts=facts_of(parts["facts"]),
        face=_face(**parts["face"]),
        prediction=Prediction(**{**prediction, "view_scores": tuple(prediction["view_scores"])}),
    )


def facts_of(plain: dict[str, Any]) -> PhotoFacts:
    """Facts of a photograph, from what `asdict` and JSON made of them.

    Raises:
        TypeError: it has other fields; KeyError is raised for some that are missing.
    """
    more = {"exif": Exif(**plain["exif"]), "warnings": tuple(plain["warnings"])}
    return PhotoFacts(**{**plain, **more})


def _face(box: dict[str, float] | None, candidates: list[dict[str, Any]], **others: Any) -> Face:
    return Face(
        box=None if box is None else Box(**box),
        candidates=tuple(
            FaceCandidate(Box(**found["box"]), found["confidence"]) for found in candidates
        ),
        **others,
    )


def seal(fingerprint: str, row: str) -> str:
    """Checksum of a row: a flipped bit on the disk can leave good JSON with a wrong digit."""
    return hashlib.sha256(f"{fingerprint}\n{row}".encode()).hexdigest()[:_SEAL_CHARACTERS]
