"""Photographs an hour, and their price, of several machines like the one that was measured.

All is computed from what `piqa-cli benchmark --json` printed there; nothing is measured.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from piqa_cli.benchmark.rates import Rates
from piqa_cli.benchmark.result import Table
from piqa_cli.benchmark.stages import FRONT_STAGES
from piqa_cli.errors import PiqaError

MACHINES = (1, 8, 64)
_HOUR_S = 3600
_MILLION = 1_000_000


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
            main_s=facts.get("workers", {}).get("main_cpu_s") or 0.0,
        )
    except OSError as error:
        raise PiqaError(f"{file} can't be read ({error.strerror}); check the path") from None
    except (ValueError, KeyError, TypeError, AttributeError):
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
