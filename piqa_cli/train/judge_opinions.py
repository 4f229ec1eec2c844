"""Judges a model by rated photographs that it was not trained on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from piqa_cli.models.words import Vocabulary
from piqa_cli.train.dataset import build_dataset, opinion_rows
from piqa_cli.train.judge import load_model
from piqa_cli.train.measures import spearman

_RESAMPLES = 1000


@dataclass(frozen=True, slots=True)
class OpinionsRow:
    """Agreement with opinions.

    Attributes:
        srcc, plcc: over all photographs of the fold; the opinions are on one scale.
        srcc_low, srcc_high: 95 % interval of the SRCC, percentile bootstrap over photographs.
        n: photographs.
    """

    srcc: float
    plcc: float
    srcc_low: float
    srcc_high: float
    n: int


def judge_opinions(
    weights: Path | None,
    opinions: Path,
    *,
    fold: int = 0,
    cache: Path,
    workers: int = 1,
    quiet: bool = False,
) -> OpinionsRow:
    """Compares scores with mean opinions over one fold of a set of rated photographs.

    Args:
        weights: of dn-piqa-mini; None: those that ship, which never saw fold 0.
        opinions: CSV of `file, mos, mos_std`; files beside it or in `images/`.
        fold: 0..4, SHA-256 of the file name modulo 5.
        cache: folder for the views.
        workers: processes that cut views.
        quiet: no progress bar.

    Raises:
        PiqaError: no such file or weights, or a picture can't be read.
    """
    import torch

    from piqa_cli.train.steps import score_all

    model = load_model(weights)
    vocabulary: Vocabulary = model.vocabulary()
    rows = opinion_rows(opinions, fold=fold)
    data = build_dataset(rows, cache, vocabulary=vocabulary, workers=workers, quiet=quiet)
    scores = score_all(model, torch.from_numpy(data.figures)).astype(float)
    labels = data.labels.astype(float)
    rng = np.random.default_rng(0)
    draws = (rng.integers(0, len(labels), len(labels)) for _ in range(_RESAMPLES))
    spread = [spearman(list(scores[drawn]), list(labels[drawn])) for drawn in draws]
    low, high = np.percentile(spread, (2.5, 97.5))
    return OpinionsRow(
        srcc=spearman(list(scores), list(labels)),
        plcc=float(np.corrcoef(scores, labels)[0, 1]),
        srcc_low=float(low),
        srcc_high=float(high),
        n=len(labels),
    )
