"""Learns the vocabulary of visual words from the captures that are trained on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.vq import kmeans2

from piqa_cli.errors import CaptureError, PiqaError
from piqa_cli.models.mini_views import analysis_picture
from piqa_cli.models.statistics import LUMA
from piqa_cli.models.words import WORDS, Vocabulary, patches_of
from piqa_cli.read.decode import read_photo
from piqa_cli.settings import DEFAULT_WORKING_SIDE_PX

_MOST_PICTURES = 450
_PATCHES_OF_ONE = 300
_MOST_PATCHES = 100_000  # that words are learnt from; whitening takes all
_ROUNDS = 25
_WHITENING_FLOOR = 0.02  # of variance: finer patterns are noise


def learn_vocabulary(files: Sequence[Path], *, seed: int) -> Vocabulary:
    """Whitens patches of some pictures (ZCA) and finds words by k-means.

    Args:
        files: pictures to learn from; of many, 450 evenly spread ones are taken.
        seed: of the first words.

    Returns:
        Figures that half precision holds exactly, as the weights file does.

    Raises:
        PiqaError: a picture can't be read.
    """
    every = -(-len(files) // _MOST_PICTURES)
    patches = np.concatenate([_patches(file) for file in files[::every]])
    centre = patches.mean(axis=0)
    spread, axes = np.linalg.eigh(np.cov((patches - centre).T))
    whitening = (axes / np.sqrt(np.maximum(spread, 0) + _WHITENING_FLOOR)) @ axes.T
    order = np.random.default_rng(seed).permutation(len(patches))[:_MOST_PATCHES]
    white = ((patches - centre) @ whitening)[order].astype(np.float64)
    words, _ = kmeans2(white, white[:WORDS], iter=_ROUNDS, minit="matrix", missing="warn")
    return Vocabulary(_rounded(centre), _rounded(whitening), _rounded(words))


def load_vocabulary(file: Path) -> Vocabulary:
    """Reads what `save_vocabulary` wrote."""
    with np.load(file, allow_pickle=False) as stored:
        return Vocabulary(stored["centre"], stored["whitening"], stored["words"])


def save_vocabulary(vocabulary: Vocabulary, file: Path) -> None:
    """Writes a vocabulary, whole or not at all."""
    partial = file.with_name(file.name + ".part")
    with partial.open("wb") as stream:
        np.savez(
            stream,
            allow_pickle=False,
            centre=vocabulary.centre,
            whitening=vocabulary.whitening,
            words=vocabulary.words,
        )
    partial.replace(file)


def _patches(file: Path) -> NDArray[np.float32]:
    try:
        pixels = read_photo(file, working_side_px=DEFAULT_WORKING_SIDE_PX).pixels
    except CaptureError as error:
        raise PiqaError(f"can't read {file}: {error.reason}") from error
    luma = analysis_picture(pixels).astype(np.float32) @ LUMA
    return patches_of(luma, _PATCHES_OF_ONE)[0]


def _rounded(values: NDArray[np.floating]) -> NDArray[np.float32]:
    return values.astype(np.float16).astype(np.float32)
