"""The way of a GPU, walked on the CPU with streams that stand in for its own."""

from contextlib import contextmanager

import numpy as np
import pytest
import torch

from piqa_cli.errors import MissingPartError
from piqa_cli.models.protocol import Output
from piqa_cli.score.batches import IN_FLIGHT
from piqa_cli.score.scorer import Scorer

CPU = torch.device("cpu")


class Place:
    """An event; the host may use what stands before it once it has waited."""

    def __init__(self):
        self.waited = False

    def record(self, stream):
        self.stream = stream

    def synchronize(self):
        self.waited = True

    def elapsed_time(self, end):
        return 250.0


class Queue:
    """A stream; notes which events it waits for."""

    def __init__(self):
        self.waits = []

    def wait_event(self, event):
        self.waits.append(event)


class StandIns:
    """`Streams` of no processor: work is done at once, buffers and events are kept to look at."""

    def __init__(self):
        self.copies, self.compute = Queue(), Queue()
        self.current = None
        self.locked = []
        self.events = []

    @contextmanager
    def on(self, stream):
        self.current = stream
        yield
        self.current = None

    def event(self):
        self.events.append(Place())
        return self.events[-1]

    def page_locked(self, shape, dtype):
        self.locked.append(torch.zeros(shape, dtype=dtype))
        return self.locked[-1]


class Mean(torch.nn.Module):
    """Scores the mean of the pixels, in the stream where it must run."""

    def __init__(self, streams, memory=99):
        super().__init__()
        self.streams, self.memory, self.seen = streams, memory, []

    def views(self, image, face):
        return {"pixels": image[None]}

    def forward(self, views):
        assert self.streams.current is self.streams.compute
        self.seen.append(len(views["pixels"]))
        if self.seen[-1] > self.memory:
            raise torch.OutOfMemoryError
        return Output(views["pixels"].float().flatten(2).mean(2), {"photo": views["pixels"][:, 0]})

    def explain(self, output, photo):
        return {"corner": float(output.extras["photo"][photo, 0, 0, 0])}


def photos(*levels):
    return [{"pixels": np.full((1, 2, 2, 3), level, np.uint8)} for level in levels]


def scorer_of(memory=99, batch=4):
    streams = StandIns()
    model = Mean(streams, memory)
    return Scorer(model, device=CPU, batch=batch, streams=streams), model, streams


def test_scores_of_overlapping_batches_are_each_photographs_own():
    scorer, model, _ = scorer_of()
    scores = scorer.score(photos(*range(11)))
    assert [one.score for one in scores] == list(range(11))
    assert [one.explanation["corner"] for one in scores] == list(range(11))
    assert model.seen == [4, 4, 4]


def test_two_batches_are_on_their_way_and_a_third_waits_for_its_buffers():
    scorer, _, streams = scorer_of(batch=2)
    assert scorer.in_flight == IN_FLIGHT == 2
    submitted = [scorer.submit(photos(1, 2)), scorer.submit(photos(3, 4))]
    done = [part.done for one in submitted for part, _ in one.parts]
    assert [event.waited for event in done] == [False, False]
    third = scorer.submit(photos(5, 6))
    assert [event.waited for event in done] == [True, False]
    inputs = [buffer for buffer in streams.locked if buffer.ndim == 5]
    assert len(inputs) == 2
    collected = [scorer.collect(one) for one in (*submitted, third)]
    assert [[p.score for p in found] for found, _ in collected] == [[1, 2], [3, 4], [5, 6]]
    assert [seconds for _, seconds in collected] == [0.25] * 3


def test_inputs_lie_in_memory_of_the_stream_that_fills_them(monkeypatch):
    scorer, _, streams = scorer_of()
    made_in, empty_like = [], torch.empty_like

    def noted(*args, **named):
        made_in.append(streams.current)
        return empty_like(*args, **named)

    monkeypatch.setattr(torch, "empty_like", noted)
    scorer.submit(photos(1))
    assert made_in == [streams.copies]


def test_the_computation_waits_for_the_copies():
    scorer, _, streams = scorer_of()
    scorer.submit(photos(1))
    (waited_for,) = streams.compute.waits
    assert waited_for.stream is streams.copies


def test_out_of_memory_halves_the_batch_while_another_is_on_its_way():
    scorer, model, _ = scorer_of(memory=4, batch=4)
    first = scorer.submit(photos(1, 2, 3, 4))
    model.memory = 2
    second = scorer.submit(photos(5, 6, 7, 8))
    assert scorer.batch == 2
    found = [*scorer.collect(first)[0], *scorer.collect(second)[0]]
    assert [one.score for one in found] == [1, 2, 3, 4, 5, 6, 7, 8]


def test_memory_for_no_photograph_at_all_ends_the_run():
    scorer, _, _ = scorer_of(memory=0)
    with pytest.raises(MissingPartError, match="use --compute cpu"):
        scorer.submit(photos(1))


def test_weights_that_leave_memory_wait_for_what_uses_them():
    scorer, _, _ = scorer_of()
    submitted = scorer.submit(photos(7))
    scorer.unload()
    ((running, _),) = submitted.parts
    assert running.done.waited
    assert scorer.collect(submitted)[0][0].score == 7
