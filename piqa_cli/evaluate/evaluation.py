"""Joins scores and ratings, and draws every figure from the same photographs."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from piqa_cli.discover.aliases import Aliases
from piqa_cli.evaluate.aggregate import OverScenes, aggregate
from piqa_cli.evaluate.devices import DeviceAgreement, device_agreement
from piqa_cli.evaluate.listing import Entry, Listing, read_scores, read_truth
from piqa_cli.evaluate.match import Match, match
from piqa_cli.evaluate.pairs import GapBin, pair_accuracy, pooled_sd
from piqa_cli.evaluate.scene import RatedPhoto, SceneAgreement, scene_agreement
from piqa_cli.natural import natural
from piqa_cli.records.device_names import DeviceName

ONE_SCENE = "all"
_CORRELATIONS = ("srcc", "plcc", "krcc")


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All that a comparison of scores with ratings gives.

    Attributes:
        scores, truth: what was read.
        truth_sha256: of the truth file.
        matched: which score belongs to which rating.
        photos: by scene, scenes in natural order.
        scenes: figures of each scene, in that order.
        overall: every metric over scenes.
        mean_of_medians: of SRCC, PLCC and KRCC: the other reading of "averaged correlations".
        gap_unit: `jod`, or `sd`: the pooled standard deviation of ratings within scenes.
        gap_unit_size: one unit of gap, in units of the rating.
        pairs: pair accuracy by gap.
        devices: None where fewer than two devices are known.
        notes: what a reader must know of how scenes were found.
    """

    scores: Listing
    truth: Listing
    truth_sha256: str
    matched: Match
    photos: dict[str, tuple[RatedPhoto, ...]]
    scenes: tuple[SceneAgreement, ...]
    overall: dict[str, OverScenes]
    mean_of_medians: float | None
    gap_unit: str
    gap_unit_size: float
    pairs: tuple[GapBin, ...]
    devices: DeviceAgreement | None
    notes: tuple[str, ...]


def evaluate(scores: Path, truth: Path, devices: Sequence[DeviceName] = ()) -> Evaluation:
    """Compares scores with human ratings.

    Args:
        scores: a run folder, or a CSV or Parquet file with a name and a `score`.
        truth: ratings; see `read_truth`. The run folder itself where its manifest had `jod`.
        devices: other names of devices, of `[devices]`.

    Raises:
        PiqaError: a file can't be understood, or nothing matches.
    """
    aliases = Aliases.of(devices)
    ours, theirs = (found.named(aliases) for found in (read_scores(scores), read_truth(truth)))
    table = truth / "captures.parquet" if truth.is_dir() else truth
    digest = hashlib.sha256(table.read_bytes()).hexdigest()
    return compare(ours, theirs, truth_sha256=digest)


def compare(scores: Listing, truth: Listing, *, truth_sha256: str) -> Evaluation:
    """The same, from listings.

    Raises:
        PiqaError: nothing matches, or the match is ambiguous.
    """
    matched = match(scores, truth)
    by_scene, scene_note = _by_scene(matched)
    photos = {scene: tuple(by_scene[scene]) for scene in sorted(by_scene, key=natural)}
    groups = tuple(photos.values())
    scenes = tuple(scene_agreement(group) for group in groups)
    overall = aggregate(scenes)
    known = [m for name in _CORRELATIONS if (m := overall[name].median) is not None]
    is_jod = truth.column == "jod"
    size = 1.0 if is_jod else pooled_sd(groups)
    return Evaluation(
        scores=scores,
        truth=truth,
        truth_sha256=truth_sha256,
        matched=matched,
        photos=photos,
        scenes=scenes,
        overall=overall,
        mean_of_medians=float(np.mean(known)) if len(known) == len(_CORRELATIONS) else None,
        gap_unit="jod" if is_jod else "sd",
        gap_unit_size=size,
        pairs=pair_accuracy(groups, unit=size),
        devices=device_agreement([photo for group in groups for photo in group]),
        notes=(*scores.warnings, *truth.warnings, *([scene_note] if scene_note else [])),
    )


def _by_scene(matched: Match) -> tuple[dict[str, list[RatedPhoto]], str | None]:
    """Photographs by scene: the truth's scenes, else the scores' own, else one scene."""
    groups: defaultdict[str, list[RatedPhoto]] = defaultdict(list)
    known = [truth.scene for _, truth in matched.pairs]
    note = None
    if not all(known):
        known = [score.scene for score, _ in matched.pairs]
        note = "the truth names no scenes: the scenes of the scores are used"
    if not all(known):
        known = [ONE_SCENE] * len(known)
        note = "neither truth nor scores name scenes: all photographs count as one scene"
    for (score, truth), scene in zip(matched.pairs, known, strict=True):
        groups[str(scene)].append(_photo(score, truth, str(scene)))
    return groups, note


def _photo(score: Entry, truth: Entry, scene: str) -> RatedPhoto:
    knows_device = score if score.device else truth
    return RatedPhoto(
        path=score.path,
        scene=scene,
        score=score.value,
        truth=truth.value,
        truth_std=truth.std,
        device=knows_device.device,
        firmware=knows_device.firmware,
        condition=truth.condition or score.condition,
    )
