"""Cuts an epoch into batches of groups: captures of one scene that are compared pair by pair."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from piqa_cli.train.looks import photograph_of
from piqa_cli.train.photographs import by_hash

GROUP = 12  # captures compared with one another; larger scenes are shuffled into several groups
_VALIDATION_SHARE = 0.1

Indices = NDArray[np.int64]


def split_scenes(scenes: Sequence[str]) -> tuple[list[int], list[int]]:
    """Row numbers for training and for validation; whole scenes, by the SHA-256 of their names.

    A tenth of them, at least one, validates; scenes of one photograph are never parted.
    """
    photographs = [photograph_of(scene) for scene in scenes]
    ordered = by_hash(set(photographs))
    held_out = set(ordered[: max(1, round(len(ordered) * _VALIDATION_SHARE))])
    training = [row for row, name in enumerate(photographs) if name not in held_out]
    validation = [row for row, name in enumerate(photographs) if name in held_out]
    return training, validation


def epoch_batches(
    rows: Sequence[int], scenes: Sequence[str], *, batch: int, rng: np.random.Generator
) -> Iterator[tuple[Indices, Indices]]:
    """Batches of one pass: (rows, group numbers), every row of a scene of two or more once.

    Args:
        rows: row numbers to draw from.
        scenes: scene of every row of the data set.
        batch: most rows in a batch (at least one group is in it).
        rng: source of the order.
    """
    groups = _groups(rows, scenes, rng)
    order = rng.permutation(len(groups))
    pending: list[Indices] = []
    for number in order:
        if pending and sum(map(len, pending)) + len(groups[number]) > batch:
            yield _joined(pending)
            pending = []
        pending.append(groups[number])
    if pending:
        yield _joined(pending)


def _groups(rows: Sequence[int], scenes: Sequence[str], rng: np.random.Generator) -> list[Indices]:
    members: dict[str, list[int]] = {}
    for row in rows:
        members.setdefault(scenes[row], []).append(row)
    groups: list[Indices] = []
    for scene in sorted(members):
        shuffled = rng.permutation(np.array(members[scene], np.int64))
        pieces = np.array_split(shuffled, -(-len(shuffled) // GROUP))
        groups += [piece for piece in pieces if len(piece) > 1]
    return groups


def _joined(groups: list[Indices]) -> tuple[Indices, Indices]:
    numbers = [np.full(len(group), number, np.int64) for number, group in enumerate(groups)]
    return np.concatenate(groups), np.concatenate(numbers)
