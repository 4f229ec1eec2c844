"""The cache's file: SQLite in WAL mode, so that several runs read and write it at once."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from piqa_cli.errors import PiqaError
from piqa_cli.file_lock import locked

VERSION = 1
_BUSY_S = 30.0  # how long one process waits for another's write
_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_FIRST_TABLES = re.compile(r"scores_[0-9a-f]{12}")  # before version 1
_SCHEMA = """
CREATE TABLE scores (
    fingerprint TEXT NOT NULL, shape TEXT NOT NULL, processor TEXT NOT NULL,
    model TEXT NOT NULL, exif_version TEXT NOT NULL, row TEXT NOT NULL, seal TEXT NOT NULL,
    used_at INTEGER NOT NULL,
    UNIQUE (fingerprint, shape, processor)
);
CREATE INDEX by_use ON scores (used_at, model);
"""


def open_file(file: Path) -> sqlite3.Connection:
    """Opens the cache, made where it is missing.

    Raises:
        PiqaError: a newer piqa-cli made it.
        sqlite3.Error: it can't be opened, or is damaged (see `is_damage`).
        OSError: its folder can't be made.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with _alone_with(file):
        db = sqlite3.connect(file, timeout=_BUSY_S, isolation_level=None)
        try:
            db.execute("PRAGMA auto_vacuum = INCREMENTAL")  # heeded only where no table is yet
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")
            _update(db, file)
        except BaseException:
            db.close()
            raise
    return db


def _update(db: sqlite3.Connection, file: Path) -> None:
    """Makes the tables; scores of the first versions are given up."""
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version > VERSION:
        raise PiqaError(
            f"score cache {file} was made by a newer piqa-cli: name another folder with PIQA_CACHE"
        )
    if version == VERSION:
        return
    names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    drops = [f"DROP TABLE {name};" for name in names if _FIRST_TABLES.fullmatch(name)]
    steps = [*drops, _SCHEMA, f"PRAGMA user_version = {VERSION};"]
    db.executescript(f"BEGIN IMMEDIATE; {' '.join(steps)} COMMIT;")


def is_damage(error: Exception) -> bool:
    """True where SQLite reports a broken file, not one that is busy or out of reach."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGE


def identity(file: Path) -> int:
    """Tells a file from another one that took its name; 0 where there is none."""
    try:
        return file.stat().st_ino
    except OSError:
        return 0


def set_aside(file: Path, *, seen: int) -> Path:
    """Moves a damaged cache out of the way, unless another process has done so already.

    Args:
        file: the cache; closed by this process.
        seen: `identity` of the file that was found damaged.

    Returns:
        Where it lies now; an earlier one there is replaced.

    Raises:
        OSError: it can't be moved.
    """
    aside = file.with_name(f"{file.stem}.damaged{file.suffix}")
    with _alone_with(file):
        if identity(file) == seen:
            for suffix in ("", "-wal"):
                with suppress(FileNotFoundError):
                    Path(f"{file}{suffix}").replace(f"{aside}{suffix}")
            Path(f"{file}-shm").unlink(missing_ok=True)
    return aside


def used_bytes(db: sqlite3.Connection) -> int:
    """Bytes of the pages that hold something; freed ones are used again."""
    pages, free, size = (
        db.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("page_count", "freelist_count", "page_size")
    )
    return int((pages - free) * size)


def give_back(db: sqlite3.Connection) -> None:
    """Returns freed pages to the disk, as far as no other process is busy."""
    with suppress(sqlite3.OperationalError):
        # A script, as `execute` would take one step of it and free one page.
        db.executescript("PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE);")


@contextmanager
def _alone_with(file: Path) -> Iterator[None]:
    """One process at a time makes, updates or sets aside the file; for milliseconds."""
    with locked(file.with_suffix(".lock"), wait=True):
        yield
