"""Names of the faults that the network predicts costs of."""

from __future__ import annotations

from piqa_cli import faults

FAULTS = tuple(fault.name for fault in faults.FAULTS)
"""Faults in the order of `fault_costs`; `train.simulation.severity` defines their costs."""
