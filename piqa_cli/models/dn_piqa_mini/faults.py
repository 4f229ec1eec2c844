"""The faults whose costs explain a score."""

from __future__ import annotations

FAULTS = (
    *("blur", "dark", "bright", "noise", "smear", "halo"),
    *("cast", "haze", "harsh", "colour", "blocking"),
)
"""In the order of the column `fault_costs`; `train.simulation.severity` defines their costs."""
