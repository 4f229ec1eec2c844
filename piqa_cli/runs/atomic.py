"""Files are written whole or not at all: a temporary file beside the target, then a rename."""

from __future__ import annotations

import os
import secrets
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
    temporary = file.with_name(f".tmp-{os.getpid()}-{secrets.token_hex(4)}")
    try:
        # Not `tempfile`: its files are for the owner alone, and a lab shares its runs.
        with temporary.open("xb") as stream:
            stream.write(data)
            if durable:
                stream.flush()
                os.fsync(stream.fileno())
        temporary.replace(file)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
