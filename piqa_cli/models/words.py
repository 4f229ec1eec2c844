"""Visual words: which of a learnt vocabulary of small patches a picture is made of.

Patches at the picture's own pixels, contrast-normalised and whitened, speak to every word that is
nearer than the mean ("triangle" coding: Coates, Lee and Ng 2011, section 3.2.1), and each word's
answers are pooled (as CORNIA pools codes: Ye et al. 2012). It sees textures that the hand-made
statistics have no name for: ringing, smear, grain. numpy only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]

PATCH_PX = 7
WORDS = 96
POOLS = ("mean", "spread", "busy", "face")
_PATCHES, _FACE_PATCHES = 4000, 1500  # looked at, evenly over the region
_SOFTENING = 3.0  # of luma steps: patches flatter than this are noise and rounding
_BUSY_SHARE = 0.25  # of the patches, those with most contrast
_EVEN = (0.7548776662466927, 0.5698402909980532)  # steps of an even cover of the unit square


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What patches are told apart by.

    Attributes:
        centre: (49,) float32, mean of contrast-normalised patches.
        whitening: (49, 49) float32, symmetric.
        words: (96, 49) float32, in whitened space.
    """

    centre: Plane
    whitening: Plane
    words: Plane


def word_statistics(luma: Plane, face: Plane | None, vocabulary: Vocabulary) -> Plane:
    """How much of every word there is: (384,) float32.

    Args:
        luma: (H, W) float32 0..255, at least 16 px each side.
        face: (h, w) float32, the region of the face, or None: the whole picture stands in.
        vocabulary: see `Vocabulary`.

    Returns:
        For the 96 words: mean, spread, mean over the busiest patches, mean over the face.
    """
    answers, contrast = _answers(luma, _PATCHES, vocabulary)
    busiest = np.argsort(contrast, kind="stable")[-int(_BUSY_SHARE * len(contrast)) :]
    mean = answers.mean(axis=0)
    of_face = mean if face is None else _answers(face, _FACE_PATCHES, vocabulary)[0].mean(axis=0)
    pools = (mean, answers.std(axis=0), answers[busiest].mean(axis=0), of_face)
    return np.concatenate(pools).astype(np.float32)


def patches_of(luma: Plane, count: int) -> tuple[Plane, Plane]:
    """Contrast-normalised patches, evenly over a plane.

    Args:
        luma: (H, W) float32 0..255, at least 7 px each side.
        count: of patches.

    Returns:
        (count, 49) float32 with mean 0, and (count,) float32 contrast in steps of luma.
    """
    height, width = luma.shape
    numbers = np.arange(1, count + 1)
    down = (numbers * _EVEN[0] % 1 * (height - PATCH_PX + 1)).astype(np.int64)
    across = (numbers * _EVEN[1] % 1 * (width - PATCH_PX + 1)).astype(np.int64)
    windows = np.lib.stride_tricks.sliding_window_view(luma, (PATCH_PX, PATCH_PX))
    found = windows[down, across].reshape(count, -1)
    found = found - found.mean(axis=1, keepdims=True)
    contrast = found.std(axis=1, keepdims=True)
    return found / (contrast + np.float32(_SOFTENING)), contrast[:, 0]


def _answers(luma: Plane, count: int, vocabulary: Vocabulary) -> tuple[Plane, Plane]:
    """(count, 96) what the patches say to the words, >= 0, and the patches' contrast."""
    patches, contrast = patches_of(luma, count)
    white = _product(patches - vocabulary.centre, vocabulary.whitening)
    squares = (white * white).sum(axis=1, keepdims=True)
    squares = squares - 2 * _product(white, np.ascontiguousarray(vocabulary.words.T))
    squares += (vocabulary.words * vocabulary.words).sum(axis=1)
    distances = np.sqrt(np.maximum(squares, 0))
    return np.maximum(distances.mean(axis=1, keepdims=True) - distances, 0), contrast


def _product(first: Plane, second: Plane) -> Plane:
    """The matrix product without BLAS, whose last bits depend on how many threads it has."""
    return np.einsum("ij,jk->ik", first, second, optimize=False)
