"""Computes parts of a network in float32 where the caller chose half precision for the rest."""

from __future__ import annotations

import torch
from torch import Tensor


def full_precision(near: Tensor) -> torch.autocast:
    """Switches autocast off on the device of a tensor.

    For the last few products, which cost nothing: bfloat16 keeps 8 bits, so a score of 2.x would
    move in steps of 1/64 and make ties that no picture has.
    """
    return torch.autocast(near.device.type, enabled=False)
