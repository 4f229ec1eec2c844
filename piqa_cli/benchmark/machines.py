"""Photographs an hour, and their price, of several machines like the one that was measured.

All is computed from what `piqa-cli benchmark --json` printed there; nothing is measured.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from piqa_cli.benchmark.result import Table
from piqa_cli.benchmark.stages import FRONT_STAGES
from piqa_cli.errors import PiqaError

MACHINES = (1, 8, 64)
_HOUR_S = 3600
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Rates:
    """Seconds of the stages of one photograph on the machine that was measured.

    Attributes:
        front_s: CPU time of all stages but the networks.
        hash_s: CPU time of the hash alone, which with Ray one machine does for all.
        networks_s: CPU time of the networks; they take the same cores where there is no GPU.
        photos_s: photographs a second of the networks on the GPU; None: there is none.
        cores: processors of the machine.
    """

    front_s: float
    hash_s: float
    networks_s: float
    photos_s: float | None
    cores: int

    @property
    def per_s(self) -> float:
        """Photographs a second of one machine."""
        if self.photos_s is None:
            return self.cores / (self.front_s + self.networks_s)
        return min(self.cores / self.front_s, self.photos_s)

    @property
    def bound(self) -> str:
        """Part of a machine that its rate hangs on."""
        if self.photos_s is not None:
            return "GPU" if self.photos_s < self.cores / self.front_s else "CPUs (front end)"
        return f"CPUs ({'networks' if self.networks_s > self.front_s else 'front end'})"

    @property
    def hashed_per_s(self) -> float:
        """Photographs a second that one machine hashes: Ray's bound, which shards don't have."""
        return self.cores / self.hash_s


def read_rates(file: Path, *, cores: int | None = None) -> Rates:
    """The rates of a benchmark.

    Args:
        file: JSON of `piqa-cli benchmark --json`.
        cores: processors for each GPU, or of each machine; None: as many as were measured on.

    Raises:
        PiqaError: the file is no such JSON, or holds no stages.
    """
    try:
        facts = json.loads(file.read_bytes())
        fastest = max(
            (way for way in facts["networks"] if "photos_s" in way), key=lambda w: w["photos_s"]
        )
        return Rates(
            front_s=sum(_cpu_s(facts, name) for name in FRONT_STAGES),
            hash_s=_cpu_s(facts, "hash"),
            networks_s=fastest["spent"]["cpu_s"] / fastest["photos"],
            photos_s=fastest["photos_s"] if facts["on_gpu"] else None,
            cores=cores or facts["cores"],
        )
    except OSError as error:
        raise PiqaError(f"{file} can't be read ({error.strerror}); check the path") from None
    except (ValueError, KeyError, TypeError):
        raise PiqaError(
            f"{file} has no stages of a benchmark: write it by `piqa-cli benchmark --json`, "
            "without --networks-only"
        ) from None


def _cpu_s(facts: Mapping[str, Any], stage: str) -> float:
    return float(facts["stages"][stage]["cpu_s"])


def machine_table(
    rates: Rates, *, price: float | None = None, machines: Sequence[int] = MACHINES
) -> Table:
    """Machines, photographs an hour, bound, and price of a million photographs.

    Args:
        rates: of one machine.
        price: of one machine an hour; None: there is no such column.
        machines: numbers of machines.
    """
    head = ("machines", "photos/h by shards", "bound", "photos/h by Ray", "bound")
    rows = []
    for count in machines:
        shards = count * rates.per_s
        on_ray = min(shards, rates.hashed_per_s)
        bound = rates.bound if on_ray == shards else "hashes on one machine"
        row = (str(count), _per_hour(shards), rates.bound, _per_hour(on_ray), bound)
        # By shards a million costs the same on any number of machines, by Ray those that wait too.
        costs = () if price is None else (_cost(price, rates.per_s), _cost(count * price, on_ray))
        rows.append((*row, *costs))
    return (*head, *(() if price is None else ("per million", "by Ray"))), rows


def _per_hour(per_s: float) -> str:
    return f"{_HOUR_S * per_s:,.0f}"


def _cost(price: float, per_s: float) -> str:
    return f"{price * _MILLION / (_HOUR_S * per_s):,.2f}"
