"""Agreement of scores and ratings on the order of the devices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from piqa_cli.correlation import average_ranks, kendall, spearman, why_undefined
from piqa_cli.evaluate.scene import RatedPhoto
from piqa_cli.rank.cells import Cells, gather
from piqa_cli.rank.league import leagues_of
from piqa_cli.rank.records import Rules, ScoredCapture
from piqa_cli.records import Competitor

if TYPE_CHECKING:
    from numpy.typing import NDArray

_EQUAL = 1e-9


@dataclass(frozen=True, slots=True)
class DeviceEffects:
    """One device: effects of the additive model (device + scene) relative to its league's mean.

    Attributes:
        device, firmware: which.
        n_scenes: with a photograph of it.
        score_effect, truth_effect: in units of the score and of the rating.
        score_rank, truth_rank: from 1; equal effects share the mean rank.
    """

    device: str
    firmware: str | None
    n_scenes: int
    score_effect: float
    truth_effect: float
    score_rank: float
    truth_rank: float


@dataclass(frozen=True, slots=True)
class LeagueAgreement:
    """Devices linked by shared scenes, the best-rated first.

    Attributes:
        devices: with both effects.
        srcc, krcc: between the effects; None under 4 devices or without variation.
        note: why they are None.
    """

    devices: tuple[DeviceEffects, ...]
    srcc: float | None
    krcc: float | None
    note: str | None


@dataclass(frozen=True, slots=True)
class TopAgreement:
    """Number of scenes where the device with the best mean score is also the best-rated one.

    Attributes:
        n_agree: scenes; devices that share the first place by score count by their share.
        n_scenes: with at least two devices.
        by_chance: what a blind guess would reach on average.
    """

    n_agree: float
    n_scenes: int
    by_chance: float


@dataclass(frozen=True, slots=True)
class DeviceAgreement:
    """Agreement by leagues and by scenes.

    Attributes:
        leagues: those with a device that `rank` would rank.
        top: first places in scenes, of all devices.
        n_unknown: photographs that name no device.
        n_unranked: devices with too few scenes for a rank, which are in no figure of `leagues`.
    """

    leagues: tuple[LeagueAgreement, ...]
    top: TopAgreement
    n_unknown: int
    n_unranked: int = 0


def device_agreement(photos: Sequence[RatedPhoto]) -> DeviceAgreement | None:
    """Compares the devices' effects by score with those by rating, from the same photographs.

    Effects come from the additive model that ranks a run (cell mean = device + scene), so a
    device that lacks a scene is neither punished nor helped. Those with too few scenes for a rank
    help to tell how hard the scenes are, and are compared with nobody.

    Returns:
        None where fewer than two devices are known.
    """
    known = [photo for photo in photos if photo.device]
    if len({(photo.device, photo.firmware) for photo in known}) < 2:
        return None
    scores = gather([_capture(photo, photo.score) for photo in known], None)
    truth = gather([_capture(photo, photo.truth) for photo in known], None)
    found = tuple(_leagues(scores, truth))
    return DeviceAgreement(
        leagues=found,
        top=_top(scores.mean, truth.mean),
        n_unknown=len(photos) - len(known),
        n_unranked=len(scores.competitors) - sum(len(league.devices) for league in found),
    )


def _capture(photo: RatedPhoto, value: float) -> ScoredCapture:
    return ScoredCapture(
        path=photo.path,
        scene=photo.scene,
        device=photo.device or "",
        score=value,
        firmware=photo.firmware,
    )


def _leagues(scores: Cells, truth: Cells) -> Iterator[LeagueAgreement]:
    """The leagues by score and by rating; both have the same cells, so these are the same."""
    rules = Rules()
    for by_score, by_truth in zip(leagues_of(scores, rules), leagues_of(truth, rules), strict=True):
        rows = sorted(by_score.ranked_rows())
        if rows:
            yield _league(
                [by_score.cells.competitors[row] for row in rows],
                np.count_nonzero(by_score.cells.n[rows], axis=1),
                by_score=np.round(by_score.fit.effects[rows], 9),
                by_truth=np.round(by_truth.fit.effects[rows], 9),
            )


def _league(
    competitors: Sequence[Competitor],
    n_scenes: NDArray[np.int64],
    *,
    by_score: NDArray[np.float64],
    by_truth: NDArray[np.float64],
) -> LeagueAgreement:
    reason = why_undefined(by_score, by_truth)
    score_ranks, truth_ranks = average_ranks(-by_score), average_ranks(-by_truth)
    return LeagueAgreement(
        devices=tuple(
            DeviceEffects(
                device=competitors[i].device,
                firmware=competitors[i].firmware,
                n_scenes=int(n_scenes[i]),
                score_effect=float(by_score[i]),
                truth_effect=float(by_truth[i]),
                score_rank=float(score_ranks[i]),
                truth_rank=float(truth_ranks[i]),
            )
            for i in np.argsort(truth_ranks, kind="stable")
        ),
        srcc=None if reason else spearman(by_score, by_truth),
        krcc=None if reason else kendall(by_score, by_truth),
        note=reason.replace("photos", "devices") if reason else None,
    )


def _top(scores: NDArray[np.float64], truth: NDArray[np.float64]) -> TopAgreement:
    """First places of (device, scene) means, NaN where a cell is missing."""
    n_scenes, n_agree, by_chance = 0, 0.0, 0.0
    for own, rated in zip(scores.T, truth.T, strict=True):
        there = np.isfinite(own)
        if there.sum() < 2:
            continue
        first = _firsts(own[there])
        rated_first = _firsts(rated[there])
        n_scenes += 1
        n_agree += float((first & rated_first).sum() / first.sum())
        by_chance += float(rated_first.mean())
    return TopAgreement(n_agree, n_scenes, by_chance)


def _firsts(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    return values >= values.max() - _EQUAL
