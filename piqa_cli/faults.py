"""Faults of a photograph with costs that explain a score, in the order of `fault_costs`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault.

    Attributes:
        name: as models, training and the schema have it.
        words: as pages call it.
        plural: whether these words are a plural.
    """

    name: str
    words: str
    plural: bool = False


FAULTS = (
    Fault("blur", "blur"),
    Fault("dark", "darkness"),
    Fault("bright", "blown highlights", plural=True),
    Fault("noise", "noise"),
    Fault("smear", "smeared detail"),
    Fault("halo", "halos", plural=True),
    Fault("cast", "a colour cast"),
    Fault("haze", "haze"),
    Fault("harsh", "harsh contrast"),
    Fault("colour", "off colours", plural=True),
    Fault("blocking", "blocking"),
)
"""Faults in the order of the column."""
