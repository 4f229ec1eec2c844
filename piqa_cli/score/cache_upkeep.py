"""Content of the score cache, and making it smaller on purpose."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from piqa_cli.errors import PiqaError
from piqa_cli.score.cache_file import give_back, is_damage, open_file, used_bytes
from piqa_cli.score.cache_size import forget_to_fit


@dataclass(frozen=True, slots=True)
class ModelUse:
    """The kept scores of one model; times of use in seconds since 1970."""

    model: str
    scores: int
    oldest_use_s: int
    newest_use_s: int


@dataclass(frozen=True, slots=True)
class CacheInfo:
    """Content of the cache; `size_bytes` is its size on the disk."""

    size_bytes: int
    models: tuple[ModelUse, ...]

    @property
    def scores(self) -> int:
        """Number of scores."""
        return sum(use.scores for use in self.models)


@dataclass(frozen=True, slots=True)
class PruneRules:
    """Choice of scores to forget.

    Attributes:
        model: only scores of this model; None: of any.
        unused_since_s: only what was last used before this time (since 1970); None: whenever.
        everything: what those two leave, all of it, though neither is given.
        max_bytes: then, of what is left, what was used longest ago, until the rest fits.
    """

    model: str | None = None
    unused_since_s: int | None = None
    everything: bool = False
    max_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Pruned:
    """Counts of scores forgotten and kept, and the bytes that were freed."""

    forgotten: int
    kept: int
    freed_bytes: int


def cache_info(file: Path) -> CacheInfo:
    """Looks into the cache; one that isn't there is empty.

    Raises:
        PiqaError: it can't be read.
    """
    if not file.exists():
        return CacheInfo(0, ())
    with _opened(file) as db:
        rows = db.execute(
            "SELECT model, count(*), min(used_at), max(used_at) FROM scores "
            "GROUP BY model ORDER BY model"
        ).fetchall()
        sizes = (Path(f"{file}{suffix}") for suffix in ("", "-wal"))
        size_bytes = sum(place.stat().st_size for place in sizes if place.exists())
    return CacheInfo(size_bytes, tuple(ModelUse(*row) for row in rows))


def prune(file: Path, rules: PruneRules, *, dry_run: bool = False) -> Pruned:
    """Forgets scores, also while runs use the cache.

    Args:
        file: the cache.
        rules: what to forget.
        dry_run: only tell what would be forgotten.

    Raises:
        PiqaError: the cache can't be written.
    """
    if not file.exists():
        return Pruned(0, 0, 0)
    with _opened(file) as db:
        db.execute("BEGIN IMMEDIATE")
        before = used_bytes(db)
        forgotten = _forget(db, rules)
        (kept,) = db.execute("SELECT count(*) FROM scores").fetchone()
        freed = before - used_bytes(db)
        db.execute("ROLLBACK" if dry_run else "COMMIT")
        if not dry_run:
            give_back(db)
    return Pruned(forgotten, kept, freed)


def _forget(db: sqlite3.Connection, rules: PruneRules) -> int:
    conditions: dict[str, str | int | None] = {
        "model = ?": rules.model,
        "used_at < ?": rules.unused_since_s,
    }
    given = {text: value for text, value in conditions.items() if value is not None}
    forgotten = 0
    if given or rules.everything:
        where = " AND ".join(given) or "true"
        forgotten = db.execute(f"DELETE FROM scores WHERE {where}", [*given.values()]).rowcount
    if rules.max_bytes is not None:
        forgotten += forget_to_fit(db, rules.max_bytes)
    return forgotten


@contextmanager
def _opened(file: Path) -> Iterator[sqlite3.Connection]:
    try:
        with closing(open_file(file)) as db:
            yield db
    except (OSError, sqlite3.Error) as error:
        way_out = (
            "the next run sets it aside and begins a new one"
            if is_damage(error)
            else "name another folder with PIQA_CACHE"
        )
        raise PiqaError(f"score cache {file} can't be used ({error}): {way_out}") from None
