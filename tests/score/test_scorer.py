import numpy as np
import pytest
import torch

from piqa_cli.errors import MissingPartError
from piqa_cli.models.protocol import Output
from piqa_cli.score.compute import choose_device
from piqa_cli.score.scorer import Scorer

CPU = torch.device("cpu")


class MeanModel(torch.nn.Module):
    """Two views a photograph; each scores the mean of its pixels."""

    def __init__(self, memory: int = 99):
        super().__init__()
        self.memory = memory
        self.seen = []

    def views(self, image, face):
        return {"pixels": np.stack([image, image // 2])}

    def forward(self, views):
        self.seen.append(len(views["pixels"]))
        if self.seen[-1] > self.memory:
            raise torch.OutOfMemoryError
        return Output(views["pixels"].float().flatten(2).mean(2))

    def explain(self, output, photo):
        return {"liqe_quality": float(output.scores[photo, 0])}


def photos(model, *levels):
    return [model.views(np.full((2, 2, 3), level, np.uint8), None) for level in levels]


def test_score_is_the_mean_of_the_views():
    model = MeanModel()
    (one,) = Scorer(model, device=CPU).score(photos(model, 100))
    assert one.score == 75.0
    assert one.view_scores == (100.0, 50.0)
    assert one.explanation == {"liqe_quality": 100.0}


def test_on_the_cpu_a_photograph_is_its_own_batch():
    model = MeanModel()
    Scorer(model, device=CPU).score(photos(model, 1, 2, 3))
    assert model.seen == [1, 1, 1]


def test_short_batches_are_padded_to_one_shape():
    model = MeanModel()
    scores = Scorer(model, device=CPU, batch=4).score(photos(model, 2, 4, 6, 8, 10))
    assert model.seen == [4, 4]
    assert [item.view_scores[0] for item in scores] == [2, 4, 6, 8, 10]


def test_out_of_memory_halves_the_batch_and_goes_on():
    model = MeanModel(memory=2)
    scorer = Scorer(model, device=CPU, batch=8)
    scores = scorer.score(photos(model, *range(9)))
    assert [item.view_scores[0] for item in scores] == list(range(9))
    assert scorer.batch == 2


def test_too_little_memory_for_one_says_what_to_do():
    model = MeanModel(memory=0)
    with pytest.raises(MissingPartError, match="use --compute cpu"):
        Scorer(model, device=CPU).score(photos(model, 1))


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a GPU")
def test_a_processor_that_is_not_there_is_named():
    with pytest.raises(MissingPartError, match="--compute cuda: no such processor here"):
        choose_device("cuda")
