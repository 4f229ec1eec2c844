"""Names of the faults that the network predicts costs of."""

from __future__ import annotations

from piqa_cli import faults

FAULTS = tuple(fault.name for fault in faults.FAULTS)
"""In the order of the column `fault_costs`; `train.simulation.severity` defines their costs."""
