"""Computes parts of a network in float32 where the caller chose half precision for the rest."""

from __future__ import annotations

import torch
from torch import Tensor


def full_precision(near: Tensor) -> torch.autocast:
    """Switches autocast off on the device of a tensor.

    For the last few products, which cost nothing: bfloat16 keeps 8 bits, so a score of 2.x would
    move in steps of 1/64 and make ties that no picture has. And for a network whose small output
    decides, as LIQE's.
    """
    # Tensors without values (counting operations) have no autocast of their own.
    return torch.autocast("cpu" if near.is_meta else near.device.type, enabled=False)
