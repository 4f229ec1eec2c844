"""Time of every stage for one photograph, in this process and one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from piqa_cli.benchmark.work import FRONT_THREADS, Clock, Spent, torch_threads
from piqa_cli.face.boxes import to_working
from piqa_cli.models.view_types import FaceBox, Views
from piqa_cli.read.decode import read_photo
from piqa_cli.read.pixels import reduce
from piqa_cli.records import Capture, ModelSpec, Recipe
from piqa_cli.runs.pictures import PictureFolder, save_pictures
from piqa_cli.score.fingerprint import key_of
from piqa_cli.score.front import FaceSearch, Front
from piqa_cli.score.scorer import Scorer
from piqa_cli.score.worker import keep_face

FRONT_STAGES = ("hash", "read", "face", "views", "pictures")
"""All but the networks: processes of the front end divide them among the cores."""

PARTS_OF_READ = ("decode", "reduce")
"""Measured by themselves; `read` has both, and the checks and the EXIF besides."""


@dataclass(frozen=True, slots=True)
class Stages:
    """Mean time of each stage for one photograph.

    Attributes:
        photos: number of photographs.
        spent: by stage.
        views, boxes: inputs of the network and face box (in working pixels) of each photograph.
    """

    photos: int
    spent: dict[str, Spent]
    views: tuple[Views, ...]
    boxes: tuple[FaceBox | None, ...]

    @property
    def front(self) -> Spent:
        """All but the networks."""
        return sum((self.spent[name] for name in FRONT_STAGES), Spent(0.0, 0.0))


def measure_stages(
    files: Sequence[Path],
    scorer: Scorer,
    spec: ModelSpec,
    *,
    working_side_px: int | None,
    pictures: Path,
) -> Stages:
    """Takes each photograph through all stages but the networks.

    The first photograph goes through twice: its first time, in which libraries start, doesn't
    count.

    Args:
        files: photographs.
        scorer: of the model whose views are cut.
        spec: facts about that model.
        working_side_px: as `ScoreSettings` has it.
        pictures: folder for the pages' pictures.
    """
    front = Front(scorer.views, spec, FaceSearch("confident"))
    measure = _Measure(front, Recipe(spec.name, spec.scale), working_side_px, pictures)
    with torch_threads(FRONT_THREADS):
        measure.photograph(files[0], 0)
        measure.spent.clear()
        found = [measure.photograph(file, number + 1) for number, file in enumerate(files)]
    return Stages(
        photos=len(files),
        spent={name: spent / len(files) for name, spent in measure.spent.items()},
        views=tuple(views for views, _ in found),
        boxes=tuple(box for _, box in found),
    )


@dataclass(slots=True)
class _Measure:
    """One front end, and the time that its stages have taken so far."""

    front: Front
    recipe: Recipe
    working_side_px: int | None
    pictures: Path
    spent: dict[str, Spent] = field(default_factory=dict)

    def photograph(self, file: Path, number: int) -> tuple[Views, FaceBox | None]:
        """Takes one file through all stages; `number` keeps its pictures apart."""
        capture = Capture(file.name, file, "scene", "device")
        folder = PictureFolder(self.pictures / str(number))
        clock = Clock()
        key_of(self.recipe, capture)
        self._add("hash", clock)
        clock = Clock()
        picture = Image.open(file)
        picture.load()
        self._add("decode", clock)
        clock = Clock()
        reduce(picture, self.working_side_px)
        self._add("reduce", clock)
        clock = Clock()
        photo = read_photo(file, working_side_px=self.working_side_px)
        self._add("read", clock)
        clock = Clock()
        face = self.front.find_face(photo, "detect", None)
        self._add("face", clock)
        clock = Clock()
        views = self.front.cut(photo, face)
        self._add("views", clock)
        clock = Clock()
        save_pictures(photo.pixels, photo.facts.sha256, folder.path)
        if face.box is not None:
            keep_face(photo, face.box, folder)
        self._add("pictures", clock)
        return views, None if face.box is None else to_working(face.box, photo.facts)

    def _add(self, stage: str, clock: Clock) -> None:
        self.spent[stage] = self.spent.get(stage, Spent(0.0, 0.0)) + clock.read()
