"""Files are written whole or not at all: a temporary file beside the target, then a rename."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def write_whole(file: Path, data: bytes, *, durable: bool = False) -> None:
    """Puts `data` at `file`; what stood there before stays until the new bytes are complete.

    Args:
        file: where it shall stand.
        data: its bytes.
        durable: wait until they lie on the disk, so that a power cut can't leave an empty file.

    Raises:
        OSError: the folder can't be written; the old file is untouched.
    """
    with replacing(file) as temporary, temporary.open("wb") as stream:
        stream.write(data)
        if durable:
            stream.flush()
            os.fsync(stream.fileno())


@contextmanager
def replacing(file: Path) -> Iterator[Path]:
    """Yields an empty file beside `file`, which takes its place if the block ends well.

    Otherwise it goes away. Several processes may replace the same file: each writes its own.

    Raises:
        OSError: the folder can't be written; the old file is untouched.
    """
    temporary = file.with_name(f".tmp-{os.getpid()}-{secrets.token_hex(4)}")
    try:
        # Not `tempfile`: its files are for the owner alone, and a lab shares its runs.
        temporary.touch(exist_ok=False)
        mode = temporary.stat().st_mode
        yield temporary
        temporary.chmod(mode)  # safetensors leaves files that only their owner can read
        temporary.replace(file)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
