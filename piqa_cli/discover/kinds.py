"""Tells pictures from other files. Content decides; suffixes only name what is no picture."""

from __future__ import annotations

import stat
from pathlib import Path

from piqa_cli.formats import PICTURE_SUFFIXES, RAW_SUFFIXES, sniff_file
from piqa_cli.remote import AnyPath

_OTHER_PICTURES = frozenset(".gif .bmp .jp2".split())
"""Pictures that aren't read: they become failed rows, since a capture may hide behind them."""

_SUFFIXES_BY_KIND = {
    "video": ".mp4 .mov .m4v .avi .mkv .3gp .webm .mts .insv .lrv",
    "sidecar": ".xmp .aae .thm .pp3 .dop .cos .on1 .xml .ini",
    "text": ".txt .md .rst .csv .tsv .json .toml .yaml .yml .html .htm .log .license",
    "document": ".pdf .doc .docx .xls .xlsx .ods .odt .ppt .pptx",
    "sound": ".wav .mp3 .m4a .aac",
    "archive": ".zip .tar .gz .7z .rar",
    "table": ".parquet .sqlite .db",
}
_KIND_BY_SUFFIX = {s: kind for kind, names in _SUFFIXES_BY_KIND.items() for s in names.split()}
_TEXT_NAMES = frozenset("readme license licence copying notice authors changelog makefile".split())


def why_no_picture(file: AnyPath) -> str | None:
    """Says why a file is no picture; None for what must be read, or must fail in reading.

    A file that can't be opened, or a text file with a picture's suffix, counts as a picture:
    it was meant to be one, so its loss is to be seen.
    """
    suffix = file.suffix.lower()
    try:
        # A storage lists objects alone, and an answer from there for each of them takes long.
        if isinstance(file, Path) and not stat.S_ISREG(file.stat().st_mode):
            return "no picture: not a regular file"  # opening a pipe would wait for ever
    except OSError as error:
        return None if _meant(suffix) else f"can't be opened: {error.strerror}"
    kind = _KIND_BY_SUFFIX.get(suffix)
    if kind not in (None, "text"):  # a camera's .THM is a JPEG, and yet no capture
        return f"no picture: {kind}"
    if _meant(suffix):
        return None
    try:
        if sniff_file(file) is not None:
            return None
    except OSError as error:
        return f"can't be opened: {error.strerror}"
    if kind is not None:
        return f"no picture: {kind}"
    if file.name.lower() in _TEXT_NAMES:
        return "no picture: text"
    return f"no picture: unknown kind {suffix or 'without suffix'}"


def _meant(suffix: str) -> bool:
    return suffix in PICTURE_SUFFIXES or suffix in RAW_SUFFIXES or suffix in _OTHER_PICTURES
