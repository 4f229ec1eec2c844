"""A file that is named for one of several models: `NAME=FILE`."""

from __future__ import annotations

from pathlib import Path


def named_file(text: Path) -> tuple[str, Path]:
    """Name and file of `NAME=FILE`; the name is empty where there is none.

    >>> named_file(Path("dn-piqa=lab/mine.safetensors"))[0]
    'dn-piqa'
    """
    name, sign, file = str(text).partition("=")
    return (name, Path(file)) if sign and file and "/" not in name else ("", text)
