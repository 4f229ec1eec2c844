"""Reads PyTorch checkpoints that others wrote, without running any code in them."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from piqa_cli.errors import PiqaError
from piqa_cli.models.tensors import State

_WRAPPERS = ("model_state_dict", "state_dict", "params")
_UNSAFE_CALL = re.compile(r"GLOBAL ([\w.]+)")  # how torch names what it refused to look up


class UnsafeFileError(PiqaError):
    """A file of weights that asks to run code; nothing of it was run."""


def read_checkpoint(file: Path) -> State:
    """The named tensors of a `.pth` or `.pt` file, out of their wrapper, without `module.`.

    Raises:
        PiqaError: the file is missing, damaged or holds something else.
    """
    return _named_tensors(load_untrusted(file), file)


def load_untrusted(file: Path) -> Any:
    """Content of a file of `torch.save`: tensors and plain values, never code.

    Such a file is a pickle: a list of orders, which may call any function of any module. torch
    takes those that build tensors and plain values and refuses the file at any other.

    Raises:
        PiqaError: the file is missing or damaged.
        UnsafeFileError: it asks for anything else.
    """
    try:
        with warnings.catch_warnings():  # torch's remarks on odd pickles would be more lines
            warnings.simplefilter("ignore")
            return torch.load(file, map_location="cpu", weights_only=True)
    except OSError as error:
        raise PiqaError(f"{file}: {error.strerror or error}") from None
    except Exception as error:  # torch.load has no error of its own: damaged files raise anything
        if called := _UNSAFE_CALL.search(str(error)):
            raise UnsafeFileError(
                f"{file}: refused, nothing of it was run: it asks to call {called[1]} while it is "
                "opened, which named tensors don't need: don't use this file"
            ) from None
        raise PiqaError(
            f"{file}: no PyTorch weights file, or a damaged one: "
            "compare its size with the original and fetch it again"
        ) from None


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
