"""Pictures as training needs them, made once and kept: reduced photo and face, LIQE's logits."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from tqdm import tqdm

from piqa_cli.errors import CaptureError, PiqaError
from piqa_cli.face.boxes import to_working
from piqa_cli.face.detect import DETECTOR_VERSION, FaceDetector
from piqa_cli.models.blocks.liqe.windows import PATCH_SIDE_PX, liqe_patches
from piqa_cli.models.dn_piqa.network import DnPiqa
from piqa_cli.models.dn_piqa.views import face_box, resized_size
from piqa_cli.models.view_types import FaceBox
from piqa_cli.processors import available_processors
from piqa_cli.read.decode import READ_VERSION, read_photo
from piqa_cli.records import Capture, Photo
from piqa_cli.settings import DEFAULT_WORKING_SIDE_PX, DetectorRule
from piqa_cli.train.array_file import read_arrays, write_arrays
from piqa_cli.train.dn_piqa.team import Team
from piqa_cli.weights.store import sha256_of

_VERSION = "prepared-1"
_AHEAD = 4  # pictures that are decoded while others are in the networks

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Prepared:
    """One picture. Both arrays are (H, W, 3) uint8 with a shorter side of 448.

    Attributes:
        full: the whole picture.
        face: the face crop; the whole picture where there is no face.
        liqe: (prompts,) float32 mean logits of the picture at its working size.
    """

    full: Pixels
    face: Pixels
    liqe: NDArray[np.float32]


def load_prepared(file: Path) -> Prepared:
    """Reads what `prepare` wrote.

    Raises:
        PiqaError: the file is damaged.
    """
    arrays = read_arrays(file, ("full", "liqe"))
    full = arrays["full"]
    return Prepared(full, arrays.get("face", full), arrays["liqe"])


def prepare(
    captures: Sequence[Capture],
    folder: Path,
    model: DnPiqa,
    *,
    liqe_sha256: str,
    face_rule: DetectorRule,
    team: Team,
    quiet: bool = False,
) -> list[Path]:
    """Makes what is missing in `folder` and names the file of every capture.

    A file is named by the SHA-256 of its picture, of LIQE's weights, and of what decides the
    face. The processes of a team share the work. Interrupted, the next call goes on.

    Raises:
        PiqaError: a picture can't be read or is too small; the message names it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    recipe = (_VERSION, READ_VERSION, str(DEFAULT_WORKING_SIDE_PX), liqe_sha256)
    files = [folder / f"{_key(c, (*recipe, _face_key(c, face_rule)))}.npz" for c in captures]
    mine = list(zip(captures, files, strict=True))[team.rank :: team.size]
    missing = [(capture, file) for capture, file in mine if not file.is_file()]
    if missing:
        detector = FaceDetector(face_rule, device=_detector_device(team))
        hidden = True if quiet or not team.leads else None
        bar = tqdm(missing, unit="picture", desc="preparing", disable=hidden)
        for (capture, file), photo in zip(bar, _read_ahead(missing), strict=True):
            write_arrays(file, _prepared(capture, photo, model, detector=detector))
    team.wait()
    return files


def _detector_device(team: Team) -> torch.device:
    return team.device if team.device.type == "cuda" else torch.device("cpu")


def _face_key(capture: Capture, rule: DetectorRule) -> str:
    if capture.face_source == "detect":
        return f"{DETECTOR_VERSION} {rule}"
    return f"{capture.face_source} {capture.given_face}"


def _key(capture: Capture, recipe: Sequence[str]) -> str:
    try:
        content = sha256_of(capture.file)
    except OSError as error:
        raise PiqaError(f"{capture.file}: {error.strerror or error}") from None
    return hashlib.sha256("\n".join((content, *recipe)).encode()).hexdigest()


def _read_ahead(missing: Sequence[tuple[Capture, Path]]) -> Iterator[Photo]:
    """Decodes a few pictures ahead of the networks."""
    rest = iter(missing)
    with ThreadPoolExecutor(min(_AHEAD, available_processors())) as pool:
        waiting = [pool.submit(_read, capture) for capture, _ in islice(rest, _AHEAD)]
        while waiting:
            done: Future[Photo] = waiting.pop(0)
            yield done.result()
            waiting += [pool.submit(_read, capture) for capture, _ in islice(rest, 1)]


def _read(capture: Capture) -> Photo:
    try:
        photo = read_photo(capture.file, working_side_px=DEFAULT_WORKING_SIDE_PX)
    except CaptureError as error:
        raise PiqaError(f"{capture.file}: {error.reason}: mend it or leave it out") from None
    if min(photo.pixels.shape[:2]) < PATCH_SIDE_PX:
        raise PiqaError(
            f"{capture.file}: its shorter side is under {PATCH_SIDE_PX} px: leave it out"
        )
    return photo


def _prepared(
    capture: Capture, photo: Photo, model: DnPiqa, *, detector: FaceDetector
) -> dict[str, NDArray[np.generic]]:
    """The arrays of a file; `face` only where there is one."""
    picture = Image.fromarray(photo.pixels)
    arrays: dict[str, NDArray[np.generic]] = {"full": _resized(picture)}
    box = _face(capture, photo, detector)
    if box is not None:
        crop = picture.crop(face_box(box, width=picture.width, height=picture.height))
        arrays["face"] = _resized(crop)
    device = next(model.parameters()).device
    patches = torch.from_numpy(liqe_patches(photo.pixels))[None].to(device)
    with torch.inference_mode():
        arrays["liqe"] = model.liqe.eval()(patches)[0].float().cpu().numpy()
    return arrays


def _resized(picture: Image.Image) -> Pixels:
    size = resized_size(picture.width, picture.height)
    return np.asarray(picture.resize(size, Image.Resampling.BILINEAR))


def _face(capture: Capture, photo: Photo, detector: FaceDetector) -> FaceBox | None:
    """The face in working pixels, as scoring finds it."""
    if capture.face_source == "detect":
        found = detector.detect(photo.pixels).box
        return None if found is None else (found.x0, found.y0, found.x1, found.y1)
    return None if capture.given_face is None else to_working(capture.given_face, photo.facts)
