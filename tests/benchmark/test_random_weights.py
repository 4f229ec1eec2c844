import pytest
import torch

from piqa_cli.benchmark.networks import random_views
from piqa_cli.benchmark.random_weights import random_weights
from piqa_cli.benchmark.work import flop_of
from piqa_cli.errors import UsageError
from piqa_cli.models.dn_piqa.network import FULL_SIZES, DnPiqa

from .conftest import SMALL


def test_the_same_at_every_call():
    first, metadata = random_weights("dn-piqa", SMALL)
    second, _ = random_weights("dn-piqa", SMALL)
    assert first.keys() == second.keys()
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert metadata["format"] == "dn-piqa/1"


def test_scores_differ_by_picture(small, small_scorer):
    first, second = small_scorer.score(random_views(small, 2))
    assert abs(first.score - second.score) > 0.01


def test_only_dn_piqa_has_them():
    with pytest.raises(UsageError, match="for dn-piqa, not dn-piqa-mini"):
        random_weights("dn-piqa-mini")


def test_a_photograph_of_the_published_size_takes_1_074_tflop():
    with torch.device("meta"):
        model = DnPiqa(FULL_SIZES, {}).eval()
    assert flop_of(model, random_views(model, 1)[0]) == pytest.approx(1.074e12, rel=1e-3)
