"""Chooses the processor of the networks."""

from __future__ import annotations

from typing import Any

import torch

from piqa_cli.errors import MissingPartError
from piqa_cli.settings import Compute


def choose_device(compute: Compute) -> torch.device:
    """CUDA, else MPS, else the CPU; or the one that was asked for.

    Raises:
        MissingPartError: the processor that was asked for isn't there.
    """
    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if compute == "auto":
        return torch.device(next((name for name, is_there in there.items() if is_there), "cpu"))
    if not there.get(compute, True):
        raise MissingPartError(
            f"--compute {compute}: no such processor here; use --compute auto or cpu"
        )
    return torch.device(compute)


def describe(device: torch.device) -> dict[str, Any]:
    """Facts about the processor that scored, for run.json."""
    if device.type == "cuda":
        return {"compute": "cuda", "gpu": torch.cuda.get_device_name(device)}
    return {"compute": device.type, "threads": torch.get_num_threads()}


def forbid_tf32() -> None:
    """Full fp32 products on every GPU: TF32 would move scores by about 1e-3."""
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False
