"""Pages as PDF, printed by a Chromium or Chrome of this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from piqa_cli.atomic import write_whole
from piqa_cli.errors import MissingPartError, PiqaError

VARIABLE = "PIQA_CHROMIUM"
"""Names the browser's program where PATH doesn't have it."""

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_LIMIT_S = 300.0
_OFFLINE = ("--host-resolver-rules=MAP * ~NOTFOUND", "--disable-background-networking")
_QUIET = (
    *("--headless=new", "--disable-gpu", "--hide-scrollbars", "--no-first-run"),
    *("--disable-extensions", "--disable-sync", "--no-pdf-header-footer"),
)


def find_chromium() -> str:
    """The browser: the one that PIQA_CHROMIUM names, else the first on PATH.

    Raises:
        MissingPartError: there is none; the line says what to install.
    """
    named = os.environ.get(VARIABLE)
    if named:
        found = shutil.which(named)
        if found is None:
            raise MissingPartError(f"{VARIABLE} names {named}, which is no program here")
        return found
    for name in _NAMES:
        if found := shutil.which(name):
            return found
    raise MissingPartError(
        "a PDF needs Chromium or Chrome: install one (such as `apt install chromium`), "
        f"or name its program with {VARIABLE}"
    )


def print_pdf(page: Path, target: Path, *, browser: str, place: str = "") -> None:
    """Prints a page to PDF, whole or not at all; nothing is fetched.

    Args:
        page: an HTML file.
        target: the PDF.
        browser: program of Chromium or Chrome, see `find_chromium`.
        place: fragment of the page's address.

    Raises:
        PiqaError: the browser made no PDF, or the target can't be written.
    """
    with tempfile.TemporaryDirectory(prefix="piqa-pdf-") as folder:
        made = Path(folder) / "page.pdf"
        line = [
            browser,
            *_QUIET,
            *_OFFLINE,
            *(("--no-sandbox",) if _is_root() else ()),
            f"--user-data-dir={folder}/profile",
            f"--print-to-pdf={made}",
            page.resolve().as_uri() + (f"#{place}" if place else ""),
        ]
        try:
            ended = subprocess.run(line, capture_output=True, timeout=_LIMIT_S, check=False)
        except subprocess.TimeoutExpired:
            raise PiqaError(f"{browser} made no PDF of {page} within {_LIMIT_S:g} s") from None
        except OSError as error:
            raise PiqaError(f"can't start {browser} ({error.strerror})") from None
        data = made.read_bytes() if made.is_file() else b""
    if ended.returncode or not data.startswith(b"%PDF-"):
        raise PiqaError(f"{browser} made no PDF of {page} (exit code {ended.returncode})")
    try:
        write_whole(target, data)
    except OSError as error:
        raise PiqaError(f"can't write {target} ({error.strerror or error})") from error


def _is_root() -> bool:
    """True where Chromium refuses its sandbox: it doesn't run as root with it."""
    return hasattr(os, "geteuid") and os.geteuid() == 0
