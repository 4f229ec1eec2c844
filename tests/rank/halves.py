"""Agreement of the gaps in one half of the scenes with those in the other half, on real scores.

    python -m tests.rank.halves SCORES.csv --scale jod

The scenes are parted at random, each half is ranked by itself, and every gap of the one half should
lie within the joint interval of that in the other. No truth need be known for that.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from piqa_cli.discover.scores import read_scores
from piqa_cli.rank.additive import fit_additive, leagues
from piqa_cli.rank.cells import Cells, gather
from piqa_cli.rank.contrast import FIELD_DF, contrast
from piqa_cli.rank.intervals import t_quantiles
from piqa_cli.rank.records import ScoredCapture
from piqa_cli.records import Competitor
from tests.rank.labs import ONE_VARIANCE

FEWEST_SCENES = 2  # of a device in either half


@dataclass(frozen=True)
class Agreement:
    """Shares of gaps that agree, 0..1: of all, and of those of each device, (D,)."""

    joint: float
    devices: np.ndarray

    def __str__(self) -> str:
        inside = np.mean((self.devices >= 0.90) & (self.devices <= 0.99))
        at = np.round(np.percentile(self.devices, [0, 5, 25, 50, 75, 95, 100]), 3)
        return (
            f"joint {self.joint:.3f}; {len(self.devices)} devices, "
            f"at 0, 5, 25, 50, 75, 95 and 100 %: {at}; {100 * inside:.1f} % of them from .90 to .99"
        )


@dataclass(frozen=True)
class _Half:
    names: list[Competitor]
    gaps: np.ndarray
    variances: np.ndarray
    df: np.ndarray


def agreement(
    cells: Cells, *, splits: int, field_df: float = FIELD_DF, weighted: bool = True
) -> Agreement:
    """Parts the scenes in two at random, so many times, and counts the gaps that agree."""
    place = {who: i for i, who in enumerate(cells.competitors)}
    agreed, count = np.zeros(len(place)), np.zeros(len(place))
    for seed in range(splits):
        order = np.random.default_rng(seed).permutation(len(cells.scenes))
        middle = len(order) // 2
        one, two = (
            _half(cells, columns, field_df, weighted)
            for columns in (order[:middle], order[middle:])
        )
        both = [who for who in one.names if who in set(two.names)]
        if len(both) < 2:
            continue
        a, b = (np.ix_(*[[half.names.index(who) for who in both]] * 2) for half in (one, two))
        first, second = one.variances[a], two.variances[b]
        with np.errstate(invalid="ignore", divide="ignore"):
            df = (first + second) ** 2 / (first**2 / one.df[a] + second**2 / two.df[b])
            within = np.abs(one.gaps[a] - two.gaps[b]) <= t_quantiles(df) * np.sqrt(first + second)
        np.fill_diagonal(within, False)
        rows = [place[who] for who in both]
        agreed[rows] += within.sum(axis=1)
        count[rows] += len(both) - 1
    met = count > 0
    return Agreement(float(agreed.sum() / count.sum()), agreed[met] / count[met])


def _half(cells: Cells, columns: np.ndarray, field_df: float, weighted: bool) -> _Half:
    """The largest league of the devices with enough scenes among these."""
    rows = np.flatnonzero((cells.n[:, columns] > 0).sum(axis=1) >= FEWEST_SCENES)
    part = cells.of(rows.tolist(), columns.tolist())
    members = leagues(part.n > 0)[0]
    shared = np.flatnonzero(part.n[members].sum(axis=0))
    part = part.of(members.tolist(), shared.tolist())
    fit = fit_additive(part.mean, noise=part.noise if weighted else None)
    found = contrast(fit, field_df=field_df)
    assert found is not None
    return _Half(
        names=list(part.competitors),
        gaps=fit.effects[:, None] - fit.effects,
        variances=(found.gap_half / t_quantiles(found.gap_df)) ** 2,
        df=found.gap_df,
    )


def cells_of(file: Path, scale: str) -> Cells:
    """The cells of a list of scores, as `rank --scores` has them."""
    read = read_scores(file, scale)  # type: ignore[arg-type]
    return gather(
        [
            ScoredCapture(c.path, c.scene, c.device, read.scores[c.path], c.firmware,
                          score_sd=read.score_sds.get(c.path))
            for c in read.found.captures
            if c.path in read.scores
        ],
        None,
    )  # fmt: skip


def main() -> None:
    """Prints the agreement of a list of scores, with and without variances of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--scale", default="relative")
    parser.add_argument("--splits", type=int, default=20)
    chosen = parser.parse_args()
    cells = cells_of(chosen.file, chosen.scale)
    for title, field_df, weighted in (
        ("one variance for all", ONE_VARIANCE, False),
        ("each device its own", FIELD_DF, False),
        ("and weights by score_sd", FIELD_DF, True),
    ):
        found = agreement(cells, splits=chosen.splits, field_df=field_df, weighted=weighted)
        print(f"{title}: {found}", flush=True)


if __name__ == "__main__":
    main()
