"""Lists of scores that exist already: human JODs, another model's scores, or a run's own table."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import repeat
from pathlib import Path
from typing import get_args

from piqa_cli.discover.aliases import Aliases
from piqa_cli.discover.folders import in_their_scenes
from piqa_cli.discover.names import as_label, plain_path
from piqa_cli.discover.scenes import settle_conditions
from piqa_cli.discover.sheet import Sheet, read_sheet
from piqa_cli.errors import PiqaError, Stage
from piqa_cli.natural import natural_path
from piqa_cli.records import Capture, Discovery, FailedFolder, Skipped
from piqa_cli.settings import GivenScale
from piqa_cli.spreadsheet import comma_hint, number

REQUIRED = ("path", "scene", "device", "score")
HOW_MADE = ("model", "weights_sha256", "preprocessing", "precision", "working_size")
_SHA256, _PIXELS_SHA256 = "sha256", "pixels_sha256"
OPTIONAL = (
    "condition",
    "firmware",
    "take",
    "jod",
    "score_sd",
    _SHA256,
    _PIXELS_SHA256,
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
    rows = _Reader(called, sheet).read()
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
        how=_how(called, sheet),
    )


def _deviations(scale: GivenScale) -> tuple[str, ...]:
    """Other headings of `score_sd`, such as `jod_std` where the scores are JODs."""
    return tuple(f"{of} {what}" for of in ("score", *_RATINGS[scale]) for what in _DEVIATIONS)


_NAMES = ("scene", "device", "firmware", "condition", "take")
_Names = tuple[str | None, ...]
"""Scene, device, firmware, condition and take of a row."""
_BLANK = "the cell is blank"
_NOWHERE = Path()  # the file of a capture whose score is given: nothing is opened


@dataclass(slots=True)
class _Reader:
    """Takes the rows of a sheet in, column by column as far as that goes: there may be millions."""

    called: str
    sheet: Sheet
    captures: list[Capture] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    folders: list[FailedFolder] = field(default_factory=list)
    scores: dict[str, float] = field(default_factory=dict)
    score_sds: dict[str, float] = field(default_factory=dict)
    failures: dict[str, tuple[Stage, str]] = field(default_factory=dict)
    sha256: dict[str, str] = field(default_factory=dict)
    pixels_sha256: dict[str, str] = field(default_factory=dict)

    def read(self) -> _Reader:
        """Sorts the rows into what was scored, what failed and what was skipped."""
        names = zip(*(self._labels(name) for name in _NAMES), strict=True)
        status = self.sheet.cells.get("status") or repeat("")
        for n, (path, own, said) in enumerate(zip(self._paths(), names, status, strict=False)):
            match said.lower():
                case "skipped":
                    self._skip(n, path, own)
                case "failed" if self._cell("stage", n) == "discover":
                    scene, device, firmware, condition, _ = own
                    reason = self._cell("reason", n) or "failed in the list of scores"
                    folder = FailedFolder(path, reason, scene, device, firmware, condition)
                    self.folders.append(folder)
                case "failed":
                    self._capture(n, path, own)
                    stage = _STAGES.get(self._cell("stage", n), "score")
                    reason = self._cell("reason", n) or "failed in the list of scores"
                    self.failures[path] = stage, reason
                case _:
                    self._capture(n, path, own)
                    self._take_score(n, path)
        return self

    def _cell(self, name: str, n: int) -> str:
        """A cell; blank where the sheet has no such column."""
        return self.sheet.cells[name][n] if name in self.sheet.cells else ""

    def _labels(self, name: str) -> Iterable[str | None]:
        """A column of names; None where blank."""
        cells = self.sheet.cells.get(name)
        if cells is None:
            return repeat(None, len(self.sheet.places))
        known = {text: as_label(text) or None for text in set(cells)}
        return [known[text] for text in cells]

    def _paths(self) -> list[str]:
        """The paths; a blank one, and one that comes twice, is refused."""
        cells = self.sheet.cells["path"]
        if "" in cells:
            raise self._bad(cells.index(""), "path", _BLANK)
        paths = list(map(plain_path, cells))
        if len(set(paths)) < len(paths):
            first: dict[str, int] = {}
            for n, path in enumerate(paths):
                if (known := first.setdefault(path, n)) != n:
                    what = f"{path} stands already in {self.sheet.places[known]}"
                    raise self._bad(n, "path", f"{what}; give one score a file")
        return paths

    def _skip(self, n: int, path: str, own: _Names) -> None:
        scene, device, _, condition, _ = own
        reason = self._cell("reason", n) or "skipped in the list of scores"
        self.skipped.append(Skipped(path, reason, scene, device, condition))

    def _capture(self, n: int, path: str, own: _Names) -> None:
        scene, device, firmware, condition, take = own
        if scene is None or device is None:
            raise self._bad(n, "device" if scene else "scene", _BLANK)
        cells = self.sheet.cells
        jod = self._jod(n) if "jod" in cells else None
        self.captures.append(
            Capture(path, _NOWHERE, scene, device, firmware, condition, take, jod=jod)
        )
        for name, known in ((_SHA256, self.sha256), (_PIXELS_SHA256, self.pixels_sha256)):
            if name in cells and cells[name][n]:
                known[path] = cells[name][n]

    def _take_score(self, n: int, path: str) -> None:
        score = self._score(n)
        score_sd = self._score_sd(n) if "score_sd" in self.sheet.cells else None
        if score is None:
            self.failures[path] = "score", self._without(n)
            return
        self.scores[path] = score
        if score_sd is not None:
            self.score_sds[path] = score_sd

    def _score(self, n: int) -> float | None:
        """The score; None: the row has none."""
        text = self.sheet.cells["score"][n]
        score = number(text, decimal_comma=self.sheet.decimal_comma)
        if score is None and not _says_none(text):
            what = f"{text!r} is no number below 1e12{self._hint(text)}; leave the cell blank where"
            raise self._bad(n, "score", f"{what} there is no score")
        return score

    def _score_sd(self, n: int) -> float | None:
        """The stated standard deviation of the score; None: nothing is stated."""
        text = self.sheet.cells["score_sd"][n]
        score_sd = number(text, decimal_comma=self.sheet.decimal_comma)
        if (score_sd is None and not _says_none(text)) or (score_sd or 0) < 0:
            what = f"{text!r} is no standard deviation{self._hint(text)}"
            raise self._bad(n, "score_sd", f"{what}; leave the cell blank where none is known")
        return score_sd

    def _jod(self, n: int) -> float | None:
        text = self.sheet.cells["jod"][n]
        jod = number(text, decimal_comma=self.sheet.decimal_comma)
        if text and jod is None:
            raise self._bad(n, "jod", f"{text!r} is no number{self._hint(text)}")
        return jod

    def _without(self, n: int) -> str:
        said = self.sheet.cells["score"][n]
        what = f"the score is {said!r}" if said else "the score is blank"
        return f"{what} ({self.sheet.places[n]} of the list of scores)"

    def _hint(self, text: str) -> str:
        return "" if self.sheet.decimal_comma else comma_hint(text)

    def _bad(self, n: int, column: str, what: str) -> PiqaError:
        return PiqaError(f"{self.called}, {self.sheet.places[n]}, column {column}: {what}")


def _says_none(text: str) -> bool:
    """True for a cell that says that there is no number: blank, `n/a`, NaN or infinite."""
    return not text or text.lower() in _NO_SCORE or _infinite(text)


def _infinite(text: str) -> bool:
    """True where a cell is NaN or infinity."""
    try:
        return not math.isfinite(float(text))
    except ValueError:
        return False


def _how(called: str, sheet: Sheet) -> dict[str, str]:
    """Origin of the scores; it must be the same in all rows that state it.

    Raises:
        PiqaError: scores of several models, or made in several ways.
    """
    how: dict[str, str] = {}
    for name in HOW_MADE:
        cells = sheet.cells.get(name, ())
        met = [text for text in dict.fromkeys(cells) if text]
        if len(met) > 1:
            first, second = (f"{text!r} in {sheet.places[cells.index(text)]}" for text in met[:2])
            raise PiqaError(
                f"{called}, column {name}: {first}, {second}; scores that "
                "weren't made alike can't be ranked together: part the file, or rename the column "
                "if it means something else"
            )
        if met:
            how[name] = met[0]
    return how
