"""The networks alone: photographs a second from views that lie in the host's memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray

from piqa_cli.benchmark.work import Clock, Matmul, Spent, flop_of
from piqa_cli.models.protocol import QualityModel
from piqa_cli.models.view_types import Views
from piqa_cli.score.forward import Speedup
from piqa_cli.score.scorer import Scorer

_WARM_UP_BATCHES = 3
_BATCHES = 12


@dataclass(frozen=True, slots=True)
class Way:
    """One way of running the networks on a GPU."""

    precision: str
    speedup: Speedup
    batch: int

    @property
    def title(self) -> str:
        """As the table names it."""
        return f"{self.precision} {self.speedup}, {self.batch} a batch"


@dataclass(frozen=True, slots=True)
class NetworkSpeed:
    """Measured speed of one way.

    Attributes:
        way: as it was run.
        photos: number that was scored.
        spent: for all of them.
        tflop: of one photograph.
        peak_tflop_s: rate of matrix products in that precision, in the same process: on a CPU for
            each CPU second, on a GPU for each second.
        first_s: seconds of the first batch, with all that is made only once.
        largest_move: largest difference of a score from the first way's.
        spread: standard deviation of the first way's scores, to judge the move by.
        trouble: cause for which it ran in another way than asked for.
    """

    way: Way
    photos: int
    spent: Spent
    tflop: float
    peak_tflop_s: float
    on_gpu: bool
    first_s: float
    largest_move: float = 0.0
    spread: float = 0.0
    trouble: str | None = None

    @property
    def photos_s(self) -> float:
        """Photographs in a second that passes."""
        return self.photos / self.spent.wall_s

    @property
    def tflop_s(self) -> float:
        """Operations done in a second: on a CPU of CPU time, so that other programs don't count."""
        seconds = self.spent.wall_s if self.on_gpu else self.spent.cpu_s
        return self.photos * self.tflop / seconds

    @property
    def share_of_peak(self) -> float:
        """Ratio of the rate to that of matrix products."""
        return self.tflop_s / self.peak_tflop_s


@dataclass(frozen=True, slots=True)
class Unusable:
    """A way that doesn't work here, and the cause."""

    way: Way
    reason: str


def random_views(model: QualityModel, count: int) -> list[Views]:
    """Views of pictures that are smooth noise, all different."""
    found = []
    for number in range(count):
        coarse = np.random.default_rng(number).integers(0, 256, (15, 20, 3), np.uint8)
        image = coarse.repeat(45, axis=0).repeat(45, axis=1)
        found.append(model.views(image, (300.0, 150.0, 520.0, 420.0)))
    return found


def measure_ways(
    model: QualityModel, device: torch.device, ways: Sequence[Way], *, batches: int = _BATCHES
) -> list[NetworkSpeed | Unusable]:
    """Runs the networks in every way, one after the other, over the same photographs.

    Every way begins with its warm-up; the rate of matrix products is measured before and after it.
    The first way is what scores of the others are compared with.
    """
    on_gpu = device.type == "cuda"
    most = max(way.batch for way in ways)
    views = random_views(model, 2 * most if on_gpu else batches)
    tflop = flop_of(model, views[0]) / 1e12
    found: list[NetworkSpeed | Unusable] = []
    first: NDArray[np.float64] | None = None
    for way in ways:
        try:
            speed, scores = _measure(model, device, way, views, tflop, batches)
        except Exception as error:  # compilers raise anything
            found.append(Unusable(way, str(error).strip().partition("\n")[0]))
            continue
        if first is None:
            first = scores
        same = min(len(scores), len(first))
        move = float(np.abs(scores[:same] - first[:same]).max())
        found.append(replace(speed, largest_move=move, spread=float(first.std())))
    return found


def _measure(
    model: QualityModel,
    device: torch.device,
    way: Way,
    views: Sequence[Views],
    tflop: float,
    batches: int,
) -> tuple[NetworkSpeed, NDArray[np.float64]]:
    peak = Matmul(device, torch.bfloat16 if way.precision == "bf16" else torch.float32)
    times = 20 if device.type == "cuda" else 4
    clock = Clock(device)
    scorer = Scorer(
        model, device=device, precision=way.precision, batch=way.batch, speedup=way.speedup
    )
    scorer.score(views[: way.batch])
    first_s = clock.read().wall_s
    work = [views[index % len(views)] for index in range(batches * way.batch)]
    on_gpu = device.type == "cuda"
    scorer.score(work[: _WARM_UP_BATCHES * way.batch if on_gpu else 0])
    peak.run(times)
    clock = Clock(device)
    predictions = scorer.score(work)
    spent = clock.read()
    peak.run(times)
    by_view = {index % len(views): found.score for index, found in enumerate(predictions)}
    scores = np.array([by_view[index] for index in sorted(by_view)])
    peak_s = peak.spent.wall_s if on_gpu else peak.spent.cpu_s
    speed = NetworkSpeed(
        way=replace(way, batch=scorer.batch),
        photos=len(work),
        spent=spent,
        tflop=tflop,
        peak_tflop_s=peak.flop / peak_s / 1e12,
        on_gpu=on_gpu,
        first_s=first_s,
        trouble=scorer.trouble,
    )
    return speed, scores
