"""Records and rows, both ways: rows are plain dicts with exactly the columns of the schema."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any

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
from piqa_cli.records.capture_row import CaptureRow, FolderRow, ScoredRow, TriedRow
from piqa_cli.records.ranks import FaultEffect
from piqa_cli.schema import CAPTURES, Column, TableName, own_columns, score_column

Row = dict[str, Any]
Result = Scored | Given | Failed | FailedFolder | Skipped

_FIELDS = tuple(one.name for one in fields(CaptureRow) if one.name != "more")
_FIELD_NAMES = frozenset(_FIELDS)
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


def capture_rows(
    results: Iterable[Result],
    *,
    recipe: Recipe,
    fingerprints: Mapping[str, str],
    further: Sequence[FurtherModel] = (),
    more: Sequence[Column] = (),
) -> list[Row]:
    """One row a file, in the order given.

    Args:
        results: outcomes of all files found, and folders that failed.
        recipe: kept with scored and failed captures, and null with skipped files, which no model
            was meant to see.
        fingerprints: path of a capture -> fingerprint of its score.
        further: models that scored the same captures.
        more: see `columns_of_run`.
    """
    return list(CaptureRows(tuple(results), recipe, fingerprints, further, more))


@dataclass(frozen=True, slots=True)
class CaptureRows:
    """Rows of the captures table, each made when it is asked for: millions fill the memory.

    Attributes are the arguments of `capture_rows`.
    """

    results: Sequence[Result]
    recipe: Recipe
    fingerprints: Mapping[str, str]
    further: Sequence[FurtherModel] = ()
    more: Sequence[Column] = ()

    def __iter__(self) -> Iterator[Row]:
        recipe = self.recipe
        blank: Row = {column.name: None for column in (*CAPTURES, *self.more)}
        scored_with = {
            "model": recipe.model,
            "weights_sha256": recipe.weights_sha256,
            "preprocessing": recipe.preprocessing,
            "precision": recipe.precision,
            "working_size": recipe.working_size,
        }
        others = {
            score_column(model.name, model.title).name: {
                storable(path): score for path, score in model.scores.items()
            }
            for model in self.further
        }
        for result in self.results:
            row = _capture_row(result, blank, scored_with, self.fingerprints)
            for name, scores in others.items():
                row[name] = scores.get(row["path"])
            yield row


def _capture_row(
    result: Result, blank: Row, scored_with: Row, fingerprints: Mapping[str, str]
) -> Row:
    row: Row = {}
    match result:
        case Scored():
            row |= _capture(result.capture) | scored_with | _facts(result.facts)
            row |= _face(result.face) | _prediction(result.prediction)
            row |= {"status": "ok", "warning": result.warning}
            row["fingerprint"] = fingerprints.get(result.capture.path)
        case Given():
            row |= _capture(result.capture) | scored_with
            row |= {"status": "ok", "score": result.score, "sha256": result.sha256}
            row |= {"pixels_sha256": result.pixels_sha256, "score_sd": result.score_sd}
            row["fingerprint"] = fingerprints.get(result.capture.path)
        case Failed():
            row |= _capture(result.capture) | scored_with
            row |= _facts(result.facts) if result.facts else {}
            row |= {"status": "failed", "stage": result.stage, "reason": result.reason}
        case FailedFolder():
            row |= asdict(result) | scored_with | {"status": "failed", "stage": result.stage}
        case Skipped():
            row |= {"path": result.path, "scene": result.scene, "device": result.device}
            row |= {"status": "skipped", "reason": result.reason}
    return blank | {name: storable(value) for name, value in row.items()}


def _capture(capture: Capture) -> Row:
    return {
        "path": capture.path,
        "scene": capture.scene,
        "device": capture.device,
        "firmware": capture.firmware,
        "condition": capture.condition,
        "take": capture.take,
        "jod": capture.jod,
    }


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


def scene_rank_rows(ranks: Iterable[SceneRank]) -> list[Row]:
    """One row a scene x device, in the order given."""
    return [_row_of(rank) for rank in ranks]


def device_rank_rows(ranks: Iterable[DeviceRank]) -> list[Row]:
    """One row a device (and one a device x condition), in the order given."""
    return [_row_of(rank) for rank in ranks]


def pair_rows(pairs: Iterable[PairRank]) -> list[Row]:
    """One row a pair of devices of a league (and one for each condition), in the order given."""
    return [_row_of(pair) for pair in pairs]


def fault_rows(effects: Iterable[FaultEffect]) -> list[Row]:
    """One row a device (and condition) and fault, in the order given."""
    return [_row_of(effect) for effect in effects]


def agreement_rows(agreement: Iterable[Agreement]) -> list[Row]:
    """One row a figure, in the order given."""
    return [_row_of(row) for row in agreement]


def timing_rows(timings: Iterable[Timing]) -> list[Row]:
    """One row a capture and stage, in the order given."""
    return [_row_of(timing) for timing in timings]


def _row_of(record: SceneRank | DeviceRank | PairRank | FaultEffect | Timing | Agreement) -> Row:
    # There may be half a million of a kind, for which `asdict` would take a minute.
    names = record.__dataclass_fields__
    return {name: storable(getattr(record, name)) for name in names}


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of a run as records, each in the order of its file.

    `agreement` is empty where one model scored.
    """

    captures: list[CaptureRow]
    scene_ranks: list[SceneRank]
    device_ranks: list[DeviceRank]
    pairs: list[PairRank]
    timings: list[Timing]
    faults: list[FaultEffect] = field(default_factory=list)
    agreement: list[Agreement] = field(default_factory=list)

    @classmethod
    def of_rows(cls, rows: Mapping[TableName, Iterable[Row]]) -> Tables:
        """Records of the rows of every table, as `each_row` gives them."""
        return cls(
            captures=[capture_row(row) for row in rows["captures"]],
            scene_ranks=[SceneRank(**row) for row in rows["scene_ranks"]],
            device_ranks=[DeviceRank(**row) for row in rows["device_ranks"]],
            pairs=[PairRank(**row) for row in rows["pairs"]],
            timings=[Timing(**row) for row in rows["timings"]],
            faults=[FaultEffect(**row) for row in rows["fault_profile"]],
            agreement=[Agreement(**row) for row in rows.get("agreement", ())],
        )


def capture_row(row: Row) -> CaptureRow:
    """The record of a row of the captures table; its class decides which columns are never None."""
    own = {name: row[name] for name in _FIELDS}
    others = [name for name in row if name not in _FIELD_NAMES]
    own["more"] = {name: row[name] for name in others if row[name] is not None}
    match row["status"]:
        case "ok":
            return ScoredRow(**own)
        case "failed" if row["stage"] == "discover":
            return FolderRow(**own)
        case "failed":
            return TriedRow(**own)
        case _:
            return CaptureRow(**own)
