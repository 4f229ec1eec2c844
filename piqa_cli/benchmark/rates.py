"""Photographs a second of one machine, computed from the CPU times of a photograph's stages."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rates:
    """Seconds of the stages of one photograph on the machine that was measured.

    Front processes divide among the cores; on a GPU the networks' measured rate caps them, on a CPU
    the networks take their part of the same cores. The main process is one: its own CPU time for
    each photograph is a cap, too. Memory bandwidth and waiting aren't in it.

    Attributes:
        front_s: CPU time of all stages but the networks.
        hash_s: CPU time of the hash alone, which with Ray one machine does for all.
        networks_s: CPU time of the networks; they take the same cores where there is no GPU.
        photos_s: photographs a second of the networks on the GPU; None: there is none.
        cores: processors of the machine.
        main_s: CPU time of the main process, its networks aside; 0: it wasn't measured.
    """

    front_s: float
    hash_s: float
    networks_s: float
    photos_s: float | None
    cores: int
    main_s: float = 0.0

    @property
    def caps(self) -> dict[str, float]:
        """Photographs a second that each part of the machine allows, by the part's name."""
        shared_s = self.front_s + self.main_s
        longest = "front end"
        if self.photos_s is None:
            longest = "networks" if self.networks_s > self.front_s else longest
            shared_s += self.networks_s
        return {
            f"CPUs ({longest})": self.cores / shared_s,
            "GPU": math.inf if self.photos_s is None else self.photos_s,
            "main process": 1 / self.main_s if self.main_s else math.inf,
        }

    @property
    def per_s(self) -> float:
        """Photographs a second of one machine."""
        return min(self.caps.values())

    @property
    def bound(self) -> str:
        """Part of a machine that its rate hangs on."""
        caps = self.caps
        return min(caps, key=lambda name: caps[name])

    @property
    def hashed_per_s(self) -> float:
        """Photographs a second that one machine hashes: Ray's bound, which shards don't have."""
        return self.cores / self.hash_s
