from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

from piqa_cli.models.words import POOLS, WORDS, Vocabulary, patches_of, word_statistics


def vocabulary(words):
    return Vocabulary(np.zeros(49, np.float32), np.eye(49, dtype=np.float32), words)


@pytest.fixture(scope="module")
def stripes():
    """A word for upright stripes, and 95 that nothing looks like."""
    upright = np.tile(np.arange(100) % 2 * 200.0, (80, 1)).astype(np.float32)
    words = np.random.default_rng(0).normal(0, 1, (WORDS, 49)).astype(np.float32)
    words[3] = patches_of(upright, 1)[0][0]
    return upright, vocabulary(words)


def pools(luma, face, words):
    values = word_statistics(luma, face, words)
    assert values.dtype == np.float32
    return dict(zip(POOLS, values.reshape(len(POOLS), WORDS), strict=True))


def test_a_word_speaks_where_patches_look_like_it(stripes):
    upright, words = stripes
    found = pools(upright, None, words)
    assert int(found["mean"].argmax()) == 3
    assert found["mean"][3] > 3 * np.delete(found["mean"], 3).max()
    assert found["face"].tolist() == found["mean"].tolist()


def test_the_face_has_words_of_its_own(stripes):
    upright, words = stripes
    found = pools(np.full_like(upright, 90), upright, words)
    assert int(found["face"].argmax()) == 3
    assert found["mean"][3] < found["face"][3] / 2


def test_patches_have_no_mean_and_their_contrast_is_told(stripes):
    upright, _ = stripes
    patches, contrast = patches_of(upright, 50)
    assert patches.shape == (50, 49)
    assert patches.mean(axis=1).tolist() == pytest.approx([0] * 50, abs=1e-6)
    assert contrast.tolist() == pytest.approx([99] * 50, abs=2)


@pytest.mark.parametrize("size", [(16, 16), (8, 300)])
def test_small_pictures_have_words_too(stripes, size):
    assert np.isfinite(word_statistics(np.zeros(size, np.float32), None, stripes[1])).all()


WORDS_OF_A_PICTURE = """
import hashlib, numpy as np
from piqa_cli.models.words import Vocabulary, word_statistics
draw = np.random.default_rng(0).standard_normal
words = Vocabulary(*(draw(size, dtype=np.float32) for size in (49, (49, 49), (96, 49))))
luma = 100 + 30 * draw((300, 400), dtype=np.float32)
print(hashlib.sha256(word_statistics(luma, None, words).tobytes()).hexdigest())
"""


def test_words_are_the_same_with_any_number_of_threads():
    def said(threads):
        variables = os.environ | {"OPENBLAS_NUM_THREADS": threads, "OMP_NUM_THREADS": threads}
        command = [sys.executable, "-c", WORDS_OF_A_PICTURE]
        return subprocess.run(command, env=variables, check=True, capture_output=True).stdout

    assert said("1") == said("2") == said("3")
