"""Computes parts of a network in float32 where the caller chose half precision for the rest."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

import torch
from torch import Tensor


def full_precision(near: Tensor) -> AbstractContextManager[object]:
    """Switches autocast off on the device of a tensor.

    For the last few products, which cost nothing: bfloat16 keeps 8 bits, so a score of 2.x would
    move in steps of 1/64 and make ties that no picture has. And for a network whose small output
    decides, as LIQE's. The `meta` device knows no autocast.
    """
    if not torch.amp.is_autocast_available(near.device.type):
        return nullcontext()
    return torch.autocast(near.device.type, enabled=False)
