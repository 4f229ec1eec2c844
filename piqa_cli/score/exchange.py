"""Arrays on their way between processes of this machine: through shared memory where there is some.

A file in a folder of shared memory costs one copy on each side; a pipe takes a thread of the
receiver for each piece of 64 kB. Small arrays, and those that find no room, go through the pipe.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_SHARED_MEMORY = Path("/dev/shm")  # on Linux
_LEAST_BYTES = 1 << 18  # below which a file isn't worth its making


@dataclass(frozen=True, slots=True)
class Parcel:
    """Arrays by name that another process packed; they can be taken out once.

    Attributes:
        layout: name, type and shape of every array, in the order of the file.
        file: their bytes, one after the other; None: `arrays` has them.
        arrays: as they are.
    """

    layout: tuple[tuple[str, str, tuple[int, ...]], ...] = ()
    file: Path | None = None
    arrays: Mapping[str, NDArray[Any]] | None = None

    def unpack(self) -> dict[str, NDArray[Any]]:
        """The arrays; a file is removed.

        Raises:
            OSError: it was removed before.
        """
        if self.file is None:
            return dict(self.arrays or {})
        found = {}
        with self.file.open("rb") as stream:
            for name, kind, shape in self.layout:
                array = np.empty(shape, kind)
                stream.readinto(array.reshape(-1).view(np.uint8).data)
                found[name] = array
        self.file.unlink()
        return found


def pack(arrays: Mapping[str, NDArray[Any]], folder: Path | None) -> Parcel:
    """Packs arrays for another process.

    Args:
        arrays: any types but objects.
        folder: see `exchange_folder`.
    """
    if folder is None or sum(array.nbytes for array in arrays.values()) < _LEAST_BYTES:
        return Parcel(arrays=arrays)
    file = None
    try:
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as stream:
            file = Path(stream.name)
            for array in arrays.values():
                stream.write(np.ascontiguousarray(array).data)
    except OSError:  # it is full, or gone
        if file is not None:
            file.unlink(missing_ok=True)
        return Parcel(arrays=arrays)
    layout = tuple((name, array.dtype.str, array.shape) for name, array in arrays.items())
    return Parcel(layout, file)


def exchange_folder() -> Path | None:
    """Makes a folder in shared memory, to be removed by `drop_folder`; None: there is no such."""
    try:
        return Path(tempfile.mkdtemp(prefix="piqa-cli-", dir=_SHARED_MEMORY))
    except OSError:
        return None


def drop_folder(folder: Path | None) -> None:
    """Removes a folder of `exchange_folder` with all that nobody took."""
    if folder is not None:
        shutil.rmtree(folder, ignore_errors=True)
