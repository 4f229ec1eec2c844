"""Folders named by date, and the link `latest` beside them."""

from __future__ import annotations

import difflib
import errno
import os
import re
import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from piqa_cli.atomic import write_whole
from piqa_cli.errors import PiqaError, UsageError
from piqa_cli.runs.table_set import read_info

LATEST = "latest"
LATEST_TEXT = "latest.txt"
NAMES = ("date", "time", "model")
_NAME = re.compile(r"\{([^{}]*)\}")
_MOMENTS = ("{date}", "{time}")
_NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL)


def expanded(pattern: Path, moment: datetime, *, model: str) -> Path:
    """A path with `{date}`, `{time}` and `{model}` filled in.

    Args:
        pattern: such as `runs/{date}`.
        moment: when the run started, in the time zone of the folder's date.
        model: name of the model.

    Raises:
        UsageError: another name stands in braces, or a brace has no partner.

    >>> expanded(Path("{date}/{time}-{model}"), datetime(2026, 1, 31, 2, 5), model="m").as_posix()
    '2026-01-31/020500-m'
    """
    words = {
        "date": f"{moment:%Y-%m-%d}",
        "time": f"{moment:%H%M%S}",
        "model": re.sub(r"[/\\\0]", "_", model),
    }

    def word(match: re.Match[str]) -> str:
        name = match[1]
        if name not in words:
            raise UsageError(f"{pattern}: {{{name}}} isn't known here; {_nearest(name)}")
        return words[name]

    filled = _NAME.sub(word, str(pattern))
    if set("{}") & set(_NAME.sub("", str(pattern))):
        raise UsageError(
            f"{pattern}: a brace has no partner; write {{date}}, {{time}} or {{model}}"
        )
    return Path(filled)


def _nearest(name: str) -> str:
    near = difflib.get_close_matches(name.lower(), NAMES, n=1)
    if near:
        return f"{{{near[0]}}} is"
    return "{date}, {time} and {model} are"


def link_latest(
    pattern: Path, folder: Path, *, symlink: Callable[[str, Path], None] = os.symlink
) -> Path | None:
    """Lets `latest` point to a finished run, atomically.

    It stands beside the first folder with a date or a time in its name: `runs/latest` for
    `runs/{date}`. A run that started later than this one keeps it. Where the disk knows no
    symbolic links, `latest.txt` holds the relative path instead.

    Args:
        pattern: what `folder` was expanded from.
        folder: of the run.
        symlink: makes a link with a text to follow.

    Returns:
        The link or the text file; None: no date or time in the pattern, or a later run has it.

    Raises:
        PiqaError: something else is called `latest`, or the place can't be written.
    """
    beside = _beside(pattern, folder)
    if beside is None or _is_later(beside, folder):
        return None
    link, text = beside / LATEST, beside / LATEST_TEXT
    target = folder.relative_to(beside).as_posix()
    if link.exists() and not link.is_symlink():
        raise PiqaError(f"{link} is no link, so it can't point to {target}: rename it")
    try:
        if _replace_link(link, target, symlink):
            text.unlink(missing_ok=True)
            return link
        write_whole(text, f"{target}\n".encode())
    except OSError as error:
        raise PiqaError(f"can't let {link} point to {target} ({error.strerror})") from error
    return text


def _beside(pattern: Path, folder: Path) -> Path | None:
    """The folder that holds the first dated one; parts of both paths correspond."""
    for depth, part in enumerate(pattern.parts):
        if any(moment in part for moment in _MOMENTS):
            return Path(*folder.parts[:depth])
    return None


def latest_run(pattern: Path, folder: Path) -> Path | None:
    """The run that `latest` points to before a new one is made; None: there is none.

    Args:
        pattern: what `folder` was expanded from.
        folder: of the new run.
    """
    beside = _beside(pattern, folder)
    if beside is None:
        return None
    try:
        last = _linked(beside)
        return last.resolve() if last.is_dir() else None
    except (OSError, ValueError):
        return None


def _linked(beside: Path) -> Path:
    """The folder that `latest` points to.

    Raises:
        OSError: there is no such link or text file.
        ValueError: the text file holds no text.
    """
    link, text = beside / LATEST, beside / LATEST_TEXT
    return link if link.is_symlink() else beside / text.read_text(encoding="utf-8").strip()


def _is_later(beside: Path, folder: Path) -> bool:
    """True if the run that `latest` points to started after this one."""
    try:
        return _started(_linked(beside)) > _started(folder)
    except (OSError, ValueError, KeyError, PiqaError):  # nothing there yet, or no run any more
        return False


def _started(folder: Path) -> datetime:
    return datetime.fromisoformat(read_info(folder)["provenance"]["started_at"])


def _replace_link(link: Path, target: str, symlink: Callable[[str, Path], None]) -> bool:
    """Puts a link in the place of the old one; False where the disk knows none."""
    temporary = link.with_name(f".tmp-{os.getpid()}-{secrets.token_hex(4)}")
    try:
        symlink(target, temporary)
    except NotImplementedError:
        return False
    except OSError as error:
        if error.errno in _NO_LINKS:
            return False
        raise
    try:
        temporary.replace(link)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return True
