"""Arrays on their way between processes of this machine: through shared memory where there is some.

A file in a folder of shared memory costs one copy on each side; a pipe takes a thread of the
receiver for each piece of 64 kB. Small arrays, and those that find no room, go through the pipe.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_SHARED_MEMORY = Path("/dev/shm")  # on Linux
_PREFIX = "piqa-exchange-"
_LEAST_BYTES = 1 << 18  # below which a file isn't worth its making

_held: dict[Path, int] = {}  # locks of this process's folders


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
    """Makes a folder in shared memory, to be removed by `drop_folder`; None: there is no such.

    It is locked as long as this process lives. Folders that no one locks any more, because their
    process was killed, are removed here: nothing else would ever free that memory.
    """
    if not _SHARED_MEMORY.is_dir():
        return None
    _sweep()
    try:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=_SHARED_MEMORY))
        _held[folder] = _locked(folder)
    except OSError:
        return None
    return folder


def drop_folder(folder: Path | None) -> None:
    """Removes a folder of `exchange_folder` with all that nobody took."""
    if folder is not None:
        shutil.rmtree(folder, ignore_errors=True)
        if (lock := _held.pop(folder, None)) is not None:
            os.close(lock)


def _sweep() -> None:
    """Removes the folders of processes that live no more."""
    for left in _SHARED_MEMORY.glob(f"{_PREFIX}*"):
        with suppress(OSError):  # locked, another user's, or gone meanwhile
            lock = _locked(left)
            shutil.rmtree(left, ignore_errors=True)
            os.close(lock)


def _locked(folder: Path) -> int:
    """Locks a folder; its lock goes with the process, however that ends.

    Raises:
        OSError: another process holds it, or it is another user's.
    """
    import fcntl  # Windows has none, nor shared memory of this kind

    number = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(number)
        raise
    return number
