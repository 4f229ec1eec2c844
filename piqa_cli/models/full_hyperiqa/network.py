"""FULL-HyperIQA (Chahine et al. 2024): SEM-HyperIQA that mixes the rescalings of likely scenes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor

from piqa_cli.models.blocks.scenes import likeliest
from piqa_cli.models.sem_hyperiqa import network as sem

SIZES: dict[str, Any] = {**sem.SIZES, "kept": 5}
"""`kept` is k of the paper: the number of scenes that are mixed. Its authors tried 3, 5, 10 and 25
and don't state which is best. Five, because a scene that nobody trained on lies between several
known ones, while each scene's rescaling was learnt on its own pictures alone and is a guess on
those of a scene that the classifier gives a few per cent."""


class FullHyperIqa(sem.SemHyperIqa):
    """Weighted mean of what the k likeliest scenes make of the score (equation 1 of the paper).

    Each of them alone makes a slope a and an offset b: score = sum of p (a q + b), with q the mean
    score of the patches and p the probabilities of these k scenes, over their sum.

    Args:
        sizes: as `SIZES`.
    """

    name = "full-hyperiqa"

    def __init__(self, sizes: Mapping[str, Any]) -> None:
        super().__init__(sizes)
        self.kept = sizes["kept"]

    def affine(self, probabilities: Tensor) -> Tensor:
        """(photos, 2): sums of p a and of p b, which is all that equation 1 needs."""
        return likeliest(probabilities, self.kept) @ self.rescale.of_each_scene(probabilities)


def build(state: dict[str, Tensor], metadata: dict[str, str]) -> FullHyperIqa:
    """See `SemHyperIqa.build`."""
    return FullHyperIqa.build(state, metadata)


def full_size() -> FullHyperIqa:
    """The published network without weights."""
    return FullHyperIqa(SIZES).eval()
