"""Lists of scores that exist already: human JODs, another model's scores, or a run's own table."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

from piqa_cli.discover.aliases import Aliases
from piqa_cli.discover.folders import in_their_scenes
from piqa_cli.discover.names import as_label, plain_path
from piqa_cli.discover.scenes import settle_conditions
from piqa_cli.discover.sheet import Row, read_sheet
from piqa_cli.errors import PiqaError, Stage
from piqa_cli.natural import natural_path
from piqa_cli.records import Capture, Discovery, FailedFolder, Skipped
from piqa_cli.settings import GivenScale
from piqa_cli.spreadsheet import comma_hint, number

REQUIRED = ("path", "scene", "device", "score")
HOW_MADE = ("model", "weights_sha256", "preprocessing", "precision", "working_size")
_HASHES = ("sha256", "pixels_sha256")
OPTIONAL = (
    "condition",
    "firmware",
    "take",
    "jod",
    "score_sd",
    *_HASHES,
    "status",
    "stage",
    "reason",
)
_ALSO = {
    "path": ("image path", "file", "image", "filename", "name", "photo"),
    "scene": ("class",),
}
_RATINGS: dict[GivenScale, tuple[str, ...]] = {"relative": (), "jod": ("jod",), "mos": ("mos",)}
_DEVIATIONS = ("std", "sd", "standard deviation")
_NO_SCORE = frozenset("- na n/a #n/a none null missing".split())
_STAGES: dict[str, Stage] = {stage: stage for stage in get_args(Stage)}


@dataclass(frozen=True, slots=True)
class ScoreList:
    """Content of a list of scores; everything by `path`.

    Attributes:
        found: captures, skipped files and scenes, as `discover` would give them.
        scores: of the captures that have one.
        failures: stage and reason of the others.
        score_sds: stated standard deviations of scores, where the list has them.
        sha256, pixels_sha256: of files and of what was scored of them, where the list knows it.
        how: what the list says of how all scores were made, by name of `HOW_MADE`.
    """

    found: Discovery
    scores: Mapping[str, float]
    score_sds: Mapping[str, float]
    failures: Mapping[str, tuple[Stage, str]]
    sha256: Mapping[str, str]
    pixels_sha256: Mapping[str, str]
    how: Mapping[str, str]

    @property
    def how_scored(self) -> dict[str, str]:
        """The parts of a recipe beside the model."""
        return {name: text for name, text in self.how.items() if name != "model"}


def read_scores(file: Path, scale: GivenScale, aliases: Aliases | None = None) -> ScoreList:
    """Reads a CSV or Parquet file with `path`, `scene`, `device` and `score`.

    A path is a name here: nothing is opened. `condition`, `firmware` and `take` mean what they
    mean in a manifest. The captures table of a run fits as it is: its failed and skipped rows stay
    what they are. Where there is no `score`, a column `jod` or `mos` serves on that scale.
    `score_sd` (or `jod_std` and the like, on that scale) says how sure a score is; where it is
    blank, nothing is stated.

    A row without a score (blank, NaN, infinite, `n/a`) is a capture that failed.

    Args:
        file: CSV or Parquet.
        scale: of the scores.
        aliases: other names of devices; None: there are none.

    Raises:
        PiqaError: with line and column, where a cell can't be understood; a path that comes
            twice; scores of several models; no row at all.
    """
    called = f"scores {file}"
    sheet = read_sheet(
        file,
        REQUIRED,
        (*OPTIONAL, *HOW_MADE),
        called=called,
        not_a_folder="name a CSV or Parquet file, such as RUN/captures.parquet",
        also=_ALSO | {"score": _RATINGS[scale], "score_sd": _deviations(scale)},
    )
    rows = _Rows(called, sheet.decimal_comma)
    for row in sheet.rows:
        rows.add(row)
    if not rows.captures:
        raise PiqaError(f"{called} lists no captures; give a row for each, with its score")
    aliases = aliases or Aliases.of(())
    captures, scenes = settle_conditions([aliases.renamed(row) for row in rows.captures], {})
    skipped = [aliases.renamed(row) for row in rows.skipped]
    return ScoreList(
        found=Discovery(
            captures=tuple(sorted(captures, key=lambda capture: natural_path(capture.path))),
            skipped=in_their_scenes(
                sorted(skipped, key=lambda row: natural_path(row.path)), scenes
            ),
            scenes=scenes,
            warnings=sheet.warnings,
            folders=tuple(map(aliases.renamed, rows.folders)),
        ),
        scores=rows.scores,
        score_sds=rows.score_sds,
        failures=rows.failures,
        sha256=rows.sha256,
        pixels_sha256=rows.pixels_sha256,
        how=_how(called, sheet.rows),
    )


def _deviations(scale: GivenScale) -> tuple[str, ...]:
    """Other headings of `score_sd`, such as `jod_std` where the scores are JODs."""
    return tuple(f"{of} {what}" for of in ("score", *_RATINGS[scale]) for what in _DEVIATIONS)


_NOWHERE = Path()  # the file of a capture whose score is given: nothing is opened


@dataclass(slots=True)
class _Rows:
    """Takes rows in, one after the other."""

    called: str
    decimal_comma: bool
    captures: list[Capture] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    folders: list[FailedFolder] = field(default_factory=list)
    scores: dict[str, float] = field(default_factory=dict)
    score_sds: dict[str, float] = field(default_factory=dict)
    failures: dict[str, tuple[Stage, str]] = field(default_factory=dict)
    sha256: dict[str, str] = field(default_factory=dict)
    pixels_sha256: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)

    def add(self, row: Row) -> None:
        """Sorts a row into what was scored, what failed and what was skipped."""
        cells = row.cells
        path = plain_path(self._required(row, "path"))
        if path in self.places:
            raise self._bad(
                row, "path", f"{path} stands already in {self.places[path]}; give one score a file"
            )
        self.places[path] = row.place
        status = cells.get("status", "").lower()
        if status == "skipped":
            reason = cells.get("reason") or "skipped in the list of scores"
            names = ("scene", "device", "condition")
            labels = (as_label(cells.get(name, "")) or None for name in names)
            self.skipped.append(Skipped(path, reason, *labels))
            return
        if status == "failed" and cells.get("stage") == "discover":
            self.folders.append(_folder(row, path))
            return
        self.captures.append(self._capture(row, path))
        for name, known in zip(_HASHES, (self.sha256, self.pixels_sha256), strict=True):
            if text := cells.get(name):
                known[path] = text
        if status == "failed":
            stage = _STAGES.get(cells.get("stage", ""), "score")
            self.failures[path] = stage, cells.get("reason") or "failed in the list of scores"
            return
        score, score_sd = self._score(row), self._score_sd(row)
        if score is None:
            self.failures[path] = "score", _without(row)
            return
        self.scores[path] = score
        if score_sd is not None:
            self.score_sds[path] = score_sd

    def _capture(self, row: Row, path: str) -> Capture:
        cells = row.cells
        return Capture(
            path=path,
            file=_NOWHERE,
            scene=as_label(self._required(row, "scene")),
            device=as_label(self._required(row, "device")),
            firmware=as_label(cells.get("firmware", "")) or None,
            condition=as_label(cells.get("condition", "")) or None,
            take=as_label(cells.get("take", "")) or None,
            jod=self._jod(row),
        )

    def _score(self, row: Row) -> float | None:
        """The score; None: the row has none."""
        text = row.cells["score"]
        if not text or text.lower() in _NO_SCORE or _infinite(text):
            return None
        score = number(text, decimal_comma=self.decimal_comma)
        if score is None:
            what = f"{text!r} is no number below 1e12{self._hint(text)}; leave the cell blank where"
            raise self._bad(row, "score", f"{what} there is no score")
        return score

    def _score_sd(self, row: Row) -> float | None:
        """The stated standard deviation of the score; None: nothing is stated."""
        text = row.cells.get("score_sd", "")
        if not text or text.lower() in _NO_SCORE or _infinite(text):
            return None
        score_sd = number(text, decimal_comma=self.decimal_comma)
        if score_sd is None or score_sd < 0:
            what = f"{text!r} is no standard deviation{self._hint(text)}"
            raise self._bad(row, "score_sd", f"{what}; leave the cell blank where none is known")
        return score_sd

    def _jod(self, row: Row) -> float | None:
        text = row.cells.get("jod", "")
        jod = number(text, decimal_comma=self.decimal_comma)
        if text and jod is None:
            raise self._bad(row, "jod", f"{text!r} is no number{self._hint(text)}")
        return jod

    def _hint(self, text: str) -> str:
        return "" if self.decimal_comma else comma_hint(text)

    def _required(self, row: Row, name: str) -> str:
        text = row.cells[name]
        if not text:
            raise self._bad(row, name, "the cell is blank")
        return text

    def _bad(self, row: Row, column: str, what: str) -> PiqaError:
        return PiqaError(f"{self.called}, {row.place}, column {column}: {what}")


def _folder(row: Row, path: str) -> FailedFolder:
    """A folder that failed in the run whose table this is."""
    names = ("scene", "device", "firmware", "condition")
    known = {name: as_label(row.cells.get(name, "")) or None for name in names}
    return FailedFolder(path, row.cells.get("reason") or "failed in the list of scores", **known)


def _infinite(text: str) -> bool:
    """True where a cell is NaN or infinity."""
    try:
        return not math.isfinite(float(text))
    except ValueError:
        return False


def _without(row: Row) -> str:
    said = row.cells["score"]
    what = f"the score is {said!r}" if said else "the score is blank"
    return f"{what} ({row.place} of the list of scores)"


def _how(called: str, rows: Sequence[Row]) -> dict[str, str]:
    """Origin of the scores; it must be the same in all rows that state it.

    Raises:
        PiqaError: scores of several models, or made in several ways.
    """
    how: dict[str, str] = {}
    for name in HOW_MADE:
        met: dict[str, str] = {}
        for row in rows:
            if text := row.cells.get(name, ""):
                met.setdefault(text, row.place)
        if len(met) > 1:
            (one, first), (other, second), *_ = met.items()
            raise PiqaError(
                f"{called}, column {name}: {one!r} in {first}, {other!r} in {second}; scores that "
                "weren't made alike can't be ranked together: part the file, or rename the column "
                "if it means something else"
            )
        for text in met:
            how[name] = text
    return how
