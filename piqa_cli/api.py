"""The Python API: score pictures, rank a folder, open a run. `import piqa_cli` offers all of it.

Only what scores pixels imports torch, and only when it is called.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from piqa_cli.errors import CaptureError
from piqa_cli.models.catalogue import spec_of
from piqa_cli.read.decode import read_photo
from piqa_cli.read.pixels import reduce_pixels
from piqa_cli.records import Box, Exif, Photo, PhotoFacts, Point, Prediction
from piqa_cli.remote import place
from piqa_cli.runs.table_set import Run, load_run
from piqa_cli.settings import (
    DEFAULT_MODEL,
    DEFAULT_WORKING_SIDE_PX,
    Compute,
    DetectorRule,
    FindSettings,
    RankSettings,
    RunSettings,
    ScoreSettings,
)
from piqa_cli.weights.store import find

if TYPE_CHECKING:
    from piqa_cli.score.front import Front
    from piqa_cli.score.scorer import Scorer


class LoadedModel:
    """A model in memory, with its face detector; scores one picture at a time."""

    def __init__(self, scorer: Scorer, front: Front, working_side_px: int | None) -> None:
        """Takes scorer and front, and the shorter side that larger pictures are reduced to."""
        self._scorer = scorer
        self._front = front
        self._working_side_px = working_side_px

    def score(
        self,
        picture: str | Path | NDArray[np.uint8],
        *,
        face: Box | Literal["detect"] | None = "detect",
        landmarks: Sequence[Point] | None = None,
    ) -> Prediction:
        """Scores a picture, as `piqa-cli score` does.

        Args:
            picture: a file, or its URL in object storage, or (H, W, 3) uint8 upright sRGB pixels.
            face: box in pixels of the upright original; None: without a face.
            landmarks: 68 points of the face in pixels of the upright original, for a model that
                needs them; None: an installed package finds them.

        Returns:
            Score and explanation; comparable within one scene only.

        Raises:
            CaptureError: the picture can't be read or scored.
        """
        photo = self._photo(picture)
        self._front.check_size(photo.facts)
        if face == "detect":
            found = self._front.find_face(photo, "detect", None)
        else:
            found = self._front.find_face(photo, "none" if face is None else "given", face)
        points = None if landmarks is None else tuple(landmarks)
        prediction = self._scorer.score([self._front.cut(photo, found, points)])[0]
        if not math.isfinite(prediction.score):
            raise CaptureError("score", "the model gave no finite score")
        return prediction

    def _photo(self, picture: str | Path | NDArray[np.uint8]) -> Photo:
        if isinstance(picture, np.ndarray):
            return _photo_of(picture, self._working_side_px)
        return read_photo(place(picture), working_side_px=self._working_side_px)


def _photo_of(pixels: NDArray[np.uint8], working_side_px: int | None) -> Photo:
    """A photograph that never was a file.

    Raises:
        CaptureError: the array isn't a picture.
    """
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3:
        raise CaptureError("read", "pixels must be (height, width, 3) uint8")
    working = reduce_pixels(pixels, working_side_px)
    facts = PhotoFacts(
        sha256="",
        bytes=0,
        format="",
        decoder="",
        width_px=pixels.shape[1],
        height_px=pixels.shape[0],
        working_width_px=working.shape[1],
        working_height_px=working.shape[0],
        bit_depth=8,
        icc_profile=None,
        has_gain_map=False,
        exif=Exif(),
    )
    return Photo(facts, working)


def load_model(
    name: str = DEFAULT_MODEL,
    *,
    weights: Path | None = None,
    compute: Compute = "auto",
    working_side_px: int | None = DEFAULT_WORKING_SIDE_PX,
    face_rule: DetectorRule = "confident",
) -> LoadedModel:
    """Loads a model.

    Args:
        name: as `piqa-cli models` lists it.
        weights: file of its weights; None: those that ship or were imported.
        compute: processor of the network.
        working_side_px: shorter side that larger pictures are reduced to; None: none are.
        face_rule: chooses among several faces.

    Raises:
        PiqaError: no such model.
        MissingPartError: weights or processor are missing.
    """
    from piqa_cli.face.landmarks import finder_for
    from piqa_cli.score.front import FaceSearch, Front
    from piqa_cli.score.scorer import load_scorer

    spec, scorer = spec_of(name), load_scorer(find(name, weights), compute=compute)
    search = FaceSearch(face_rule, device=str(scorer.device))
    front = Front(scorer.views, spec, search, finder_for([spec], None))
    return LoadedModel(scorer, front, working_side_px)


def rank_captures(
    captures: str | Path | FindSettings,
    out: str | Path,
    *,
    score: ScoreSettings | None = None,
    rules: RankSettings | None = None,
) -> Run:
    """Scores and ranks a folder of captures and writes the run, as `piqa-cli rank` does.

    Args:
        captures: folder or URL, `<scene>/<device>/` inside; or settings for another layout, a
            manifest or a choice of devices.
        out: folder of the run.
        score: scoring settings; None: the defaults.
        rules: ranking settings; None: the defaults.

    Raises:
        PiqaError: input or settings can't be used, or nothing could be scored.
        MissingPartError: weights or processor are missing.
    """
    from piqa_cli.pipeline import run

    folder = Path(out)
    run(
        RunSettings(
            find=captures if isinstance(captures, FindSettings) else FindSettings(place(captures)),
            out=folder,
            score=score or ScoreSettings(),
            rank=rules or RankSettings(),
        )
    )
    return open_run(folder)


def open_run(folder: str | Path) -> Run:
    """Reads a run back: `.tables` as records, `.arrow(TABLE)` as an Arrow table, `.info` run.json.

    Raises:
        PiqaError: no run, or one that can't be read.
    """
    return load_run(Path(folder))
