"""Chooses the number format of a training's large products."""

from __future__ import annotations

import torch

from piqa_cli.errors import UsageError
from piqa_cli.train.options import TrainPrecision


def half_of(precision: TrainPrecision, device: torch.device) -> torch.dtype | None:
    """Type that autocast computes in; None: float32.

    Raises:
        UsageError: fp16 without a GPU.
    """
    if precision == "auto" and device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
    if precision == "fp16" and device.type != "cuda":
        raise UsageError("--precision fp16 needs a GPU: use bf16 or fp32")
    return {"bf16": torch.bfloat16, "fp16": torch.float16}.get(precision)
