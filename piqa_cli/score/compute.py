"""Chooses the processor of the networks; torch is imported only where it must be asked."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from piqa_cli.errors import MissingPartError
from piqa_cli.settings import Compute

if TYPE_CHECKING:
    import torch

# Files that drivers make: NVIDIA's, those of Windows' subsystem for Linux, AMD's.
_GPU_FILES = ("/dev/nvidiactl", "/dev/nvidia0", "/dev/dxg", "/dev/kfd")


def surely_cpu(compute: Compute) -> bool:
    """True if the CPU will be chosen, as far as that shows without torch."""
    if compute == "auto":
        return sys.platform == "linux" and not any(Path(file).exists() for file in _GPU_FILES)
    return compute == "cpu"


def choose_device(compute: Compute) -> torch.device:
    """CUDA, else MPS, else the CPU; or the one that was asked for.

    Raises:
        MissingPartError: the processor that was asked for isn't there.
    """
    import torch

    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if compute == "auto":
        return torch.device(next((name for name, is_there in there.items() if is_there), "cpu"))
    if not there.get(compute, True):
        raise MissingPartError(
            f"--compute {compute}: no such processor here; use --compute auto or cpu"
        )
    return torch.device(compute)


def describe(device: torch.device | None) -> dict[str, Any]:
    """Facts about the processor that scored, for run.json; None: small networks on the CPU."""
    if device is None:
        return {"compute": "cpu", "threads": 1}
    import torch

    if device.type == "cuda":
        return {"compute": "cuda", "gpu": torch.cuda.get_device_name(device)}
    return {"compute": device.type, "threads": torch.get_num_threads()}


def forbid_tf32() -> None:
    """Full fp32 products on every GPU: TF32 would move scores by about 1e-3."""
    import torch

    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False
