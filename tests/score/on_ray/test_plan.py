"""A cluster is divided so that every machine can read and score, and nothing waits for ever."""

import pytest

from piqa_cli.errors import MissingPartError
from piqa_cli.score.on_ray.plan import Node, plan
from piqa_cli.settings import RaySettings


def divided(*nodes, compute="auto", threads=2, small=False, **settings):
    return plan(
        [Node(*n) for n in nodes],
        RaySettings(**settings),
        compute=compute,
        threads=threads,
        small=small,
    )


@pytest.mark.parametrize(
    ("nodes", "threads", "actors", "tasks", "cpus"),
    [
        ([(1,)], 1, 1, 1, 1),
        ([(2,)], 2, 1, 1, 2),
        ([(2,), (2,)], 2, 2, 2, 2),
        ([(2,), (2,)], 1, 4, 4, 1),
        ([(16,)], 16, 1, 1, 16),
        ([(16,)], 2, 8, 8, 2),
        ([(64,), (4,)], 64, 17, 17, 4),
    ],
)
def test_cpus_are_shared_between_reading_and_scoring(nodes, threads, actors, tasks, cpus):
    found = divided(*nodes, threads=threads)
    assert (found.compute, found.actors, found.tasks, found.cpus) == ("cpu", actors, tasks, cpus)


def test_small_models_are_scored_where_photographs_are_read():
    found = divided((16,), (4,), threads=1, small=True, actors=3)
    assert (found.actors, found.tasks, found.cpus, found.readers) == (0, 20, 1, 1)
    assert [found.chunk(jobs) for jobs in (1, 80, 10_000)] == [1, 2, 8]
    assert found.window == 80
    on_gpu = divided((16, 1), threads=1, small=True)
    assert (on_gpu.compute, on_gpu.actors) == ("cuda", 1)


def test_every_gpu_has_an_actor_or_several():
    nodes = [(32, 4), (32, 4), (64, 0)]
    found = divided(*nodes)
    assert (found.compute, found.actors, found.actor_gpus) == ("cuda", 8, 1.0)
    assert divided(*nodes, gpus=0.5).actors == 16
    assert divided(*nodes, gpus=2).actors == 4
    assert divided(*nodes, actors=3).actors == 3
    assert divided(*nodes, actors=30).actors == 8
    assert divided(*nodes, compute="cpu").compute == "cpu"


def test_actors_that_are_asked_for_take_no_room_from_reading():
    found = divided((4,), actors=9)
    assert (found.actors, found.tasks) == (9, 2)


def test_chunks_are_small_where_there_is_little_to_do():
    found = divided((16,), threads=2)
    assert [found.chunk(jobs) for jobs in (1, 16, 32, 1000)] == [1, 1, 2, 4]
    assert found.window == 32
    assert divided((16, 1)).chunk(10_000) == 16


@pytest.mark.parametrize(
    ("nodes", "compute", "message"),
    [
        ([(8,)], "cuda", "no node with 1 free GPU"),
        ([(8,)], "mps", "Ray knows no such processor"),
        ([], "auto", "has no CPU"),
        ([(0,)], "cpu", "has no CPU"),
    ],
)
def test_what_the_cluster_lacks_is_named(nodes, compute, message):
    with pytest.raises(MissingPartError, match=message):
        divided(*nodes, compute=compute)
