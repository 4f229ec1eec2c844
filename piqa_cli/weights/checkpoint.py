"""Reads PyTorch checkpoints that others wrote, without running any code in them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from piqa_cli.errors import PiqaError
from piqa_cli.models.tensors import State

_WRAPPERS = ("model_state_dict", "state_dict")


def read_checkpoint(file: Path) -> State:
    """The named tensors of a `.pth` or `.pt` file, out of their wrapper, without `module.`.

    Raises:
        PiqaError: the file is missing, damaged or holds something else.
    """
    try:
        content = torch.load(file, map_location="cpu", weights_only=True)
    except OSError as error:
        raise PiqaError(f"{file}: {error.strerror or error}") from None
    except Exception:  # torch.load has no error of its own: damaged files raise anything
        raise PiqaError(
            f"{file}: no PyTorch weights file, or a damaged one: "
            "compare its size with the original and fetch it again"
        ) from None
    return _named_tensors(content, file)


def _named_tensors(content: Any, file: Path) -> State:
    for wrapper in _WRAPPERS:
        if isinstance(content, Mapping) and isinstance(content.get(wrapper), Mapping):
            content = content[wrapper]
    if not isinstance(content, Mapping) or not content:
        raise PiqaError(f"{file}: holds a {type(content).__name__}, not named tensors")
    for name, tensor in content.items():
        if not isinstance(name, str) or not isinstance(tensor, Tensor):
            raise PiqaError(f"{file}: entry {name!r} is no named tensor")
    return {name.removeprefix("module."): tensor for name, tensor in content.items()}
