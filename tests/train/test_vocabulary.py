from __future__ import annotations

import numpy as np
import pytest

from piqa_cli.models.words import WORDS
from piqa_cli.train.vocabulary import learn_vocabulary, load_vocabulary, save_vocabulary


@pytest.fixture(scope="module")
def learnt(photos):
    return learn_vocabulary(sorted(photos.glob("*.png")), seed=0)


def test_words_are_learnt_alike_every_time(photos, learnt):
    again = learn_vocabulary(sorted(photos.glob("*.png")), seed=0)
    assert learnt.words.shape == (WORDS, 49)
    assert again.words.tobytes() == learnt.words.tobytes()
    assert len({word.tobytes() for word in learnt.words}) == WORDS


def test_half_precision_holds_the_vocabulary_exactly(learnt):
    for part in (learnt.centre, learnt.whitening, learnt.words):
        assert part.astype(np.float16).astype(np.float32).tobytes() == part.tobytes()


def test_a_vocabulary_comes_back_from_its_file(learnt, tmp_path):
    save_vocabulary(learnt, tmp_path / "words.npz")
    assert load_vocabulary(tmp_path / "words.npz").whitening.tobytes() == learnt.whitening.tobytes()
