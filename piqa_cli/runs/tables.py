"""Records and rows, both ways: rows are plain dicts with exactly the columns of the schema."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING, Any

from piqa_cli.models.catalogue import is_installed
from piqa_cli.records import (
    Agreement,
    Capture,
    DeviceRank,
    Exif,
    Face,
    Failed,
    FailedFolder,
    FurtherModel,
    Given,
    ModelSpec,
    PairRank,
    PhotoFacts,
    Prediction,
    Recipe,
    SceneRank,
    Scored,
    ScoreSource,
    Skipped,
    Timing,
)
from piqa_cli.records.capture_row import CaptureRow
from piqa_cli.records.ranks import FaultEffect
from piqa_cli.records.runs import AnyResult
from piqa_cli.runs.batches import Batch, Batched, Row, each_row_of, in_batches, rows_in
from piqa_cli.runs.capture_rows import rows_of
from piqa_cli.schema import CAPTURES, Column, TableName, own_columns, score_column

if TYPE_CHECKING:
    import pyarrow as pa

Result = AnyResult | FailedFolder | Skipped

_OF_CAPTURE = ("path", "scene", "device", "firmware", "condition", "take", "jod")
_OF_GIVEN = ("score", "sha256", "pixels_sha256", "score_sd")
_ELSEWHERE = ("exif", "warnings")  # columns of its own, and part of `warning`
_FACTS = tuple(one.name for one in fields(PhotoFacts) if one.name not in _ELSEWHERE)


def columns_of_run(source: ScoreSource, further: Sequence[FurtherModel] = ()) -> tuple[Column, ...]:
    """The columns of captures that a run has beside those of the schema.

    They are explanations by a model of another package, and the scores of further models.

    Args:
        source: what made the scores of the run.
        further: models that scored the same captures.

    Raises:
        PiqaError: the model's package is broken.
    """
    model = source.name if isinstance(source, ModelSpec) else None
    own = own_columns(model) if model is not None and is_installed(model) else ()
    return (*own, *(score_column(other.name, other.title) for other in further))


@dataclass(frozen=True, slots=True)
class CaptureTable(Batched):
    """The captures table: one row a file, in the order given.

    Attributes:
        results: outcomes of all files found, and folders that failed; passed over for each file.
        recipe: kept with scored and failed captures, and null with skipped files, which no model
            was meant to see.
        fingerprints: path of a capture -> fingerprint of its score.
        further: models that scored the same captures.
        more: see `columns_of_run`.
    """

    results: Iterable[Result]
    recipe: Recipe
    fingerprints: Mapping[str, str]
    further: Sequence[FurtherModel] = ()
    more: Sequence[Column] = ()

    def __iter__(self) -> Iterator[Row]:
        blank: Row = {column.name: None for column in (*CAPTURES, *self.more)}
        for batch in self.batches():
            for row in rows_in(batch):
                yield blank | row

    def batches(self) -> Iterator[Batch]:
        """The rows, at most `BATCH` at a time."""
        others = {
            score_column(model.name, model.title).name: model.scores for model in self.further
        }
        for results in in_batches(self.results):
            given = [result for result in results if isinstance(result, Given)]
            if len(given) == len(results):  # of these there may be millions
                columns = self._given(given)
            else:
                rows = [self._row(result) for result in results]
                names = dict.fromkeys(name for row in rows for name in row)
                columns = {name: [row.get(name) for row in rows] for name in names}
            for name, scores in others.items():
                columns[name] = [scores.get(path_of(result)) for result in results]
            yield {name: _storables(values) for name, values in columns.items()}

    @property
    def _scored_with(self) -> Row:
        names = ("model", "weights_sha256", "preprocessing", "precision", "working_size")
        return {name: getattr(self.recipe, name) for name in names}

    def _given(self, results: Sequence[Given]) -> dict[str, list[Any]]:
        """Columns of given scores."""
        captures = [result.capture for result in results]
        alike = self._scored_with | {"status": "ok"}
        model, scale = self.recipe.model, self.recipe.scale
        return {
            **{name: [getattr(capture, name) for capture in captures] for name in _OF_CAPTURE},
            **{name: [value] * len(results) for name, value in alike.items()},
            **{name: [getattr(result, name) for result in results] for name in _OF_GIVEN},
            "fingerprint": [result.fingerprint(model, scale) for result in results],
        }

    def _row(self, result: Result) -> Row:
        row: Row = {}
        match result:
            case Scored():
                row |= _capture(result.capture) | self._scored_with | _facts(result.facts)
                row |= _face(result.face) | _prediction(result.prediction)
                row |= {"status": "ok", "warning": result.warning}
                row["fingerprint"] = self.fingerprints.get(result.capture.path)
            case Given():
                row |= {name: column[0] for name, column in self._given([result]).items()}
            case Failed():
                row |= _capture(result.capture) | self._scored_with
                row |= _facts(result.facts) if result.facts else {}
                row |= {"status": "failed", "stage": result.stage, "reason": result.reason}
            case FailedFolder():
                row |= asdict(result) | self._scored_with
                row |= {"status": "failed", "stage": result.stage}
            case Skipped():
                row |= {"path": result.path, "scene": result.scene, "device": result.device}
                row |= {"status": "skipped", "reason": result.reason}
        return row


def path_of(result: Result) -> str:
    """The path that a row of the captures table is of."""
    return result.path if isinstance(result, FailedFolder | Skipped) else result.capture.path


def _capture(capture: Capture) -> Row:
    return {name: getattr(capture, name) for name in _OF_CAPTURE}


def _facts(facts: PhotoFacts) -> Row:
    return {name: getattr(facts, name) for name in _FACTS} | _exif(facts.exif)


def _exif(exif: Exif) -> Row:
    return {f"exif_{name}": _finite(value) for name, value in asdict(exif).items()}


def _face(face: Face) -> Row:
    row: Row = {
        "face_source": face.source,
        "face_confidence": face.confidence,
        "n_faces": face.n_faces,
        "no_face": face.box is None,
        "face_match": face.match,
    }
    if face.box is not None:
        row |= {f"face_{name}": value for name, value in asdict(face.box).items()}
    return row


def _prediction(prediction: Prediction) -> Row:
    views = list(prediction.view_scores)
    own: Row = {
        "score": prediction.score,
        "view_scores": views,
        "view_spread": population_sd(views) if views else None,
    }
    return own | prediction.explanation


def population_sd(values: list[float]) -> float:
    """Standard deviation over n (not n - 1): the views are all there are, no sample of more."""
    mean = math.fsum(values) / len(values)
    return math.sqrt(math.fsum((value - mean) ** 2 for value in values) / len(values))


def _finite(value: Any) -> Any:
    """The number, or None where it isn't finite: cameras write 0/0 for "unknown"."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def storable(value: Any) -> Any:
    """A file name as valid Unicode for a table; bytes that aren't UTF-8 become U+FFFD."""
    if isinstance(value, str):
        return value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return value


def _storables(values: list[Any]) -> list[Any]:
    """Values as a table can hold them: nearly all are, and texts of ASCII are told at once."""
    texts = [value for value in values if type(value) is str]
    return values if "".join(texts).isascii() else [storable(value) for value in values]


@dataclass(frozen=True, slots=True)
class RecordTable(Batched):
    """A table of which each field of a record is a column; records of one kind, in order."""

    records: Sequence[SceneRank | DeviceRank | PairRank | FaultEffect | Timing | Agreement]

    def batches(self) -> Iterator[Batch]:
        """The rows, at most `BATCH` at a time."""
        for some in in_batches(self.records):
            names = some[0].__dataclass_fields__
            yield {name: _storables([getattr(one, name) for one in some]) for name in names}


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of a run as records, each in the order of its file.

    `agreement` is empty where one model scored.
    """

    captures: Sequence[CaptureRow]
    scene_ranks: list[SceneRank]
    device_ranks: list[DeviceRank]
    pairs: list[PairRank]
    timings: list[Timing]
    faults: list[FaultEffect] = field(default_factory=list)
    agreement: list[Agreement] = field(default_factory=list)

    @classmethod
    def of_arrow(cls, tables: Mapping[TableName, pa.Table]) -> Tables:
        """Records of every table, as `parquet_table` gives it; some runs lack the last two."""

        def rows(name: TableName) -> Iterator[Row]:
            return each_row_of(tables[name]) if name in tables else iter(())

        return cls(
            captures=rows_of(tables["captures"]),
            scene_ranks=[SceneRank(**row) for row in rows("scene_ranks")],
            device_ranks=[DeviceRank(**row) for row in rows("device_ranks")],
            pairs=[PairRank(**row) for row in rows("pairs")],
            timings=[Timing(**row) for row in rows("timings")],
            faults=[FaultEffect(**row) for row in rows("fault_profile")],
            agreement=[Agreement(**row) for row in rows("agreement")],
        )
