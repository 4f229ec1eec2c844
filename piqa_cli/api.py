"""The Python API: score pictures, rank a folder, open a run. `import piqa_cli` offers all of it.

Only what scores pixels imports torch, and only when it is called.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from piqa_cli.errors import CaptureError
from piqa_cli.read.decode import read_photo
from piqa_cli.read.pixels import reduce
from piqa_cli.records import Box, Prediction
from piqa_cli.runs.table_set import Run, load_run
from piqa_cli.settings import (
    DEFAULT_MODEL,
    DEFAULT_WORKING_SIDE_PX,
    Compute,
    FindSettings,
    RankSettings,
    RunSettings,
    ScoreSettings,
)
from piqa_cli.weights.store import find

if TYPE_CHECKING:
    from piqa_cli.face.detect import FaceDetector
    from piqa_cli.score.scorer import Scorer


class LoadedModel:
    """A model in memory, with its face detector; scores one picture at a time."""

    def __init__(self, scorer: Scorer, working_side_px: int | None) -> None:
        """Takes a scorer, and the shorter side that larger pictures are reduced to."""
        self._scorer = scorer
        self._working_side_px = working_side_px
        self._detector: FaceDetector | None = None

    def score(
        self,
        picture: str | Path | NDArray[np.uint8],
        *,
        face: Box | Literal["detect"] | None = "detect",
    ) -> Prediction:
        """Scores a picture, as `piqa-cli score` does.

        Args:
            picture: a file, or (H, W, 3) uint8 upright sRGB pixels.
            face: box in pixels of the upright original; None: without a face.

        Returns:
            Score and explanation; comparable within one scene only.

        Raises:
            CaptureError: the file is no readable picture.
        """
        pixels, scale = self._pixels(picture)
        if face == "detect":
            box = self._detect(pixels)
        else:
            box = None if face is None else _scaled(face, scale)
        return self._scorer.score([self._scorer.views(pixels, box)])[0]

    def _pixels(self, picture: str | Path | NDArray[np.uint8]) -> tuple[NDArray[np.uint8], float]:
        """Working pixels, and their size over that of the original."""
        if isinstance(picture, np.ndarray):
            if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] != 3:
                raise CaptureError("read", "pixels must be (height, width, 3) uint8")
            from PIL import Image

            pixels = np.asarray(reduce(Image.fromarray(picture), self._working_side_px))
            return pixels, pixels.shape[1] / picture.shape[1]
        photo = read_photo(Path(picture), working_side_px=self._working_side_px)
        return photo.pixels, photo.facts.working_width_px / photo.facts.width_px

    def _detect(self, pixels: NDArray[np.uint8]) -> tuple[float, float, float, float] | None:
        from piqa_cli.face.detect import FaceDetector

        if self._detector is None:
            self._detector = FaceDetector("confident")
        box = self._detector.detect(pixels).box
        return None if box is None else _scaled(box, 1.0)


def _scaled(box: Box, scale: float) -> tuple[float, float, float, float]:
    return box.x0 * scale, box.y0 * scale, box.x1 * scale, box.y1 * scale


def load_model(
    name: str = DEFAULT_MODEL,
    *,
    weights: Path | None = None,
    compute: Compute = "auto",
    working_side_px: int | None = DEFAULT_WORKING_SIDE_PX,
) -> LoadedModel:
    """Loads a model.

    Args:
        name: as `piqa-cli models` lists it.
        weights: file of its weights; None: those that ship or were imported.
        compute: processor of the network.
        working_side_px: shorter side that larger pictures are reduced to; None: none are.

    Raises:
        PiqaError: no such model.
        MissingPartError: weights or processor are missing.
    """
    from piqa_cli.score.scorer import load_scorer

    return LoadedModel(load_scorer(find(name, weights), compute=compute), working_side_px)


def rank_captures(
    captures: str | Path,
    out: str | Path,
    *,
    score: ScoreSettings | None = None,
    rules: RankSettings | None = None,
) -> Run:
    """Scores and ranks a folder of captures and writes the run, as `piqa-cli rank` does.

    Args:
        captures: folder, `<scene>/<device>/` inside.
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
            find=FindSettings(Path(captures)),
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
