"""Named arrays that training keeps between runs: `.npz`, written whole, without pickles."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from piqa_cli.atomic import replacing
from piqa_cli.errors import PiqaError

# `np.load` has no error of its own: broken zips, and a bare array or pickle instead of a zip.
_DAMAGED = (
    AttributeError, EOFError, KeyError, TypeError, ValueError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip

Arrays = dict[str, NDArray[Any]]


def write_arrays(file: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Writes named arrays whole; two processes may write the same file.

    Raises:
        PiqaError: the folder can't be written.
    """
    try:
        with replacing(file) as partial, partial.open("wb") as stream:
            np.savez(stream, allow_pickle=False, **arrays)
    except OSError as error:
        raise PiqaError(f"{file.parent} can't be written: {error.strerror or error}") from None


def read_arrays(file: Path, needed: Sequence[str]) -> Arrays:
    """Reads what `write_arrays` wrote; an array of Python objects, a pickle, is refused unread.

    Args:
        file: to read.
        needed: arrays that must be there.

    Raises:
        PiqaError: the file is missing, damaged or something else.
    """
    try:
        with np.load(file, allow_pickle=False) as stored:
            return {name: stored[name] for name in dict.fromkeys((*needed, *stored.files))}
    except (*_DAMAGED, OSError):
        raise PiqaError(f"{file} is damaged: delete it, it is then computed again") from None
