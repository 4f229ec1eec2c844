"""Pictures as a training needs them, made once and kept as arrays, named by all that makes them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tqdm import tqdm

from piqa_cli.errors import CaptureError, PiqaError
from piqa_cli.face.boxes import to_working
from piqa_cli.face.detect import DETECTOR_VERSION, FaceDetector
from piqa_cli.models.view_types import FaceBox
from piqa_cli.processors import available_processors
from piqa_cli.read.decode import READ_VERSION, read_photo
from piqa_cli.records import Capture, Photo
from piqa_cli.settings import DEFAULT_WORKING_SIDE_PX, DetectorRule
from piqa_cli.train.array_file import write_arrays
from piqa_cli.train.team import Team
from piqa_cli.weights.store import sha256_of

_AHEAD = 4  # pictures that are decoded while others are in the networks

Make = Callable[[NDArray[np.uint8], FaceBox | None], dict[str, NDArray[np.generic]]]
"""Arrays to keep of (H, W, 3) uint8 working pixels and the face in them."""


@dataclass(frozen=True, slots=True)
class Preparation:
    """Arrays to keep of every picture.

    Attributes:
        make: computes it.
        names: versions of all that it computes with, the first one of the preparation itself.
        needs_face: False: no face is looked for, `make` gets None.
        min_side_px: pictures with a shorter side under it are refused.
    """

    make: Make
    names: tuple[str, ...]
    needs_face: bool
    min_side_px: int


class _Detector:
    """A face detector that is built when the first face is looked for."""

    def __init__(self, rule: DetectorRule, device: torch.device) -> None:
        self._rule = rule
        self._device = device if device.type == "cuda" else torch.device("cpu")

    @cached_property
    def it(self) -> FaceDetector:
        return FaceDetector(self._rule, device=self._device)


def prepare(
    captures: Sequence[Capture],
    folder: Path,
    preparation: Preparation,
    *,
    face_rule: DetectorRule,
    team: Team,
    quiet: bool = False,
) -> list[Path]:
    """Makes what is missing in `folder` and names the file of every capture.

    A file is named by the SHA-256 of its picture, of the preparation's versions, and of what
    decides the face. The processes of a team share the work. Interrupted, the next call goes on.

    Raises:
        PiqaError: a picture can't be read or is too small; the message names it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    version, *others = preparation.names
    names = (version, READ_VERSION, str(DEFAULT_WORKING_SIDE_PX), *others)
    files = [
        folder / f"{_key(c, (*names, *_face_key(c, face_rule, preparation)))}.npz" for c in captures
    ]
    mine = list(zip(captures, files, strict=True))[team.rank :: team.size]
    missing = [(capture, file) for capture, file in mine if not file.is_file()]
    detector = _Detector(face_rule, team.device)
    hidden = True if quiet or not team.leads or not missing else None
    bar = tqdm(missing, unit="picture", desc="preparing", disable=hidden)
    photos = _read_ahead(missing, preparation.min_side_px)
    for (capture, file), photo in zip(bar, photos, strict=True):
        face = _face(capture, photo, detector) if preparation.needs_face else None
        write_arrays(file, preparation.make(photo.pixels, face))
    team.wait()
    return files


def _face_key(capture: Capture, rule: DetectorRule, preparation: Preparation) -> tuple[str, ...]:
    if not preparation.needs_face:
        return ()
    if capture.face_source == "detect":
        return (f"{DETECTOR_VERSION} {rule}",)
    return (f"{capture.face_source} {capture.given_face}",)


def _key(capture: Capture, names: Sequence[str]) -> str:
    try:
        content = sha256_of(capture.file)
    except OSError as error:
        raise PiqaError(f"{capture.file}: {error.strerror or error}") from None
    return hashlib.sha256("\n".join((content, *names)).encode()).hexdigest()


def _read_ahead(missing: Sequence[tuple[Capture, Path]], min_side_px: int) -> Iterator[Photo]:
    """Decodes a few pictures ahead of the networks."""
    rest = iter(missing)
    with ThreadPoolExecutor(min(_AHEAD, available_processors())) as pool:
        waiting = [pool.submit(_read, capture, min_side_px) for capture, _ in islice(rest, _AHEAD)]
        while waiting:
            done: Future[Photo] = waiting.pop(0)
            yield done.result()
            waiting += [pool.submit(_read, capture, min_side_px) for capture, _ in islice(rest, 1)]


def _read(capture: Capture, min_side_px: int) -> Photo:
    try:
        photo = read_photo(capture.file, working_side_px=DEFAULT_WORKING_SIDE_PX)
    except CaptureError as error:
        raise PiqaError(f"{capture.file}: {error.reason}: mend it or leave it out") from None
    if min(photo.pixels.shape[:2]) < min_side_px:
        raise PiqaError(f"{capture.file}: its shorter side is under {min_side_px} px: leave it out")
    return photo


def _face(capture: Capture, photo: Photo, detector: _Detector) -> FaceBox | None:
    """The face in working pixels, as scoring finds it."""
    if capture.face_source == "detect":
        found = detector.it.detect(photo.pixels).box
        return None if found is None else (found.x0, found.y0, found.x1, found.y1)
    return None if capture.given_face is None else to_working(capture.given_face, photo.facts)
