"""Literal records, and the content of a small run made of them."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from piqa_cli.records import (
    Box,
    Capture,
    DeviceRank,
    Discovery,
    Exif,
    Face,
    Failed,
    Findings,
    GivenScores,
    ModelSpec,
    PairRank,
    PhotoFacts,
    Prediction,
    Ranking,
    Recipe,
    RunContent,
    SceneRank,
    Scored,
    ScoreSource,
)
from piqa_cli.records.capture_row import ScoredRow

MODEL = ModelSpec(
    name="tiny",
    title="a model for tests",
    citation="nobody",
    attribute="overall",
    scale="pseudo_jod",
    jod_per_unit=1.0,
    licence="MIT",
    needs_face=True,
    min_side_px=8,
    max_aspect=8.0,
    preprocessing="tiny/1",
    trained_on="nothing at all",
    ships=False,
)


GIVEN = GivenScores(
    name="given",
    title="scores without a unit, from scores.csv",
    scale="relative",
    jod_per_unit=None,
    scored_by="given",
)


def recipe(source: ScoreSource = MODEL, **changes: str | None) -> Recipe:
    """Recipe of the samples' scores."""
    known = Recipe(source.name, source.scale, weights_sha256="ab" * 32)
    if isinstance(source, ModelSpec):
        known = replace(known, preprocessing=source.preprocessing)
    return replace(known, **{"precision": "fp32", "working_size": "1350", **changes})


def facts_of(sha256: str, **exif: object) -> PhotoFacts:
    return PhotoFacts(
        sha256=sha256,
        bytes=2_345_678,
        format="jpeg",
        decoder="pillow 13.0.0",
        width_px=4000,
        height_px=3000,
        working_width_px=1800,
        working_height_px=1350,
        bit_depth=8,
        icc_profile=None,
        has_gain_map=False,
        exif=Exif(**exif),
    )


def scored(scene: str, device: str, score: float, *, take: int = 1, face: bool = True) -> Scored:
    path = f"{scene}/{device}/{take}.jpg"
    box = Box(100.0, 200.0, 300.0, 500.0) if face else None
    return Scored(
        Capture(path, Path(path), scene, device, take=str(take)),
        facts_of(f"{abs(hash_of(path)):064x}", make="Maker", model=device, iso=100.0),
        Face(box, 0.75 if face else None, 1 if face else 0, "detect"),
        Prediction(score, (score - 0.1, score + 0.1)),
    )


def hash_of(text: str) -> int:
    """A number that, unlike `hash`, is the same in every process."""
    return sum((place + 1) * ord(letter) for place, letter in enumerate(text))


def failed(scene: str, device: str, reason: str = "truncated JPEG") -> Failed:
    path = f"{scene}/{device}/broken.jpg"
    return Failed(Capture(path, Path(path), scene, device), "read", reason)


def scene_rank(scene: str, device: str, score: float, rank: int, *, gap: float = 0.0) -> SceneRank:
    return SceneRank(
        scene=scene,
        condition=None,
        device=device,
        firmware=None,
        n_captures=1,
        score=score,
        gap_to_scene_mean=gap,
        worst_score=score,
        spread=None,
        ci_low=None,
        ci_high=None,
        rank=rank,
        rank_low=rank,
        rank_high=rank,
    )


def scored_row(**values: object) -> ScoredRow:
    """A row of the captures table, null but for what is given."""
    known = {"path": "Hall/A/1.jpg", "status": "ok", "scene": "Hall", "device": "A", "score": 1.0}
    return ScoredRow(**{**known, **values})  # type: ignore[arg-type]


def pair_rank(**values: object) -> PairRank:
    """A pair that shares no scene, but for what is given."""
    known: dict[str, object] = {field.name: None for field in fields(PairRank)}
    known |= {"league": 1, "device_a": "A", "device_b": "B"}
    known |= {"n_scenes": 0, "wins": 0, "ties": 0, "losses": 0}
    return PairRank(**{**known, **values})  # type: ignore[arg-type]


def with_interval(rank: SceneRank) -> SceneRank:
    """The same with an interval, as where some cell holds two captures."""
    return replace(rank, ci_low=rank.score - 0.2, ci_high=rank.score + 0.2)


def device_rank(
    device: str, score: float, rank: int, *, ranks: tuple[int, int] | None = None, league: int = 1
) -> DeviceRank:
    low, high = ranks or (rank, rank)
    return DeviceRank(
        condition=None,
        league=league,
        device=device,
        firmware=None,
        n_scenes=2,
        n_captures=2,
        score=score,
        ci_low=score - 0.25,
        ci_high=score + 0.25,
        rank=rank,
        rank_low=low,
        rank_high=high,
        preference=0.61,
    )


_FINDINGS = tuple(field.name for field in fields(Findings))


def content(**changes: Any) -> RunContent:
    """Two scenes, two devices; device B has no capture of the second scene."""
    base: dict[str, Any] = {
        "out": Path("run"),
        "results": [
            scored("Hall", "A", 2.0),
            scored("Hall", "B", 1.0),
            scored("Night", "A", 3.0),
            failed("Night", "C"),
        ],
        "skipped": [],
        "scenes": {},
        "scene_ranks": [
            scene_rank("Hall", "A", 2.0, 1, gap=0.5),
            scene_rank("Hall", "B", 1.0, 2, gap=-0.5),
            scene_rank("Night", "A", 3.0, 1),
        ],
        "device_ranks": [device_rank("A", 0.5, 1), device_rank("B", -0.5, 2)],
        "timings": [],
        "fingerprints": {"Hall/A/1.jpg": "f" * 64},
    }
    source = changes.pop("source", MODEL)
    made = {"source": source, "recipe": changes.pop("recipe", recipe(source))}
    known = {**base, **made, **changes}
    return RunContent(
        discovery=Discovery(
            captures=(),
            **{name: known.pop(name) for name in ("skipped", "scenes") if name in known},
            ignored=known.pop("ignored", 0),
        ),
        findings=Findings(**{name: known.pop(name) for name in _FINDINGS if name in known}),
        ranking=Ranking(
            known.pop("scene_ranks"), known.pop("device_ranks"), known.pop("pairs", ())
        ),
        **known,
    )
