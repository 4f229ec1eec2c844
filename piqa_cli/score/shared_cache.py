"""Scores that machines share: one small object for each, in a folder or in object storage.

    FOLDER/scores-<shape>/ab/cd/<fingerprint>.<processor>.json

The name holds all that decides a score, so an object is written once: any number of machines write
at the same time, and where two make the same score the last one stands. Two levels of folders keep
millions apart. The cache of each machine comes first; what that lacks is looked up here before
work is given out.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from errno import ENOENT

from piqa_cli.atomic import write_whole
from piqa_cli.errors import PiqaError
from piqa_cli.records import Scored
from piqa_cli.remote import REQUESTS_AT_ONCE, AnyPath, RemotePath, place
from piqa_cli.score.cache import PREFERRED, Kept, Origin, ScoreCache
from piqa_cli.score.cache_rows import SHAPE, decode, encode, seal

_WAITING = 4 * REQUESTS_AT_ONCE  # scores on their way before the run waits for one of them


class SharedCache:
    """Scores by fingerprint, shared between machines.

    Raises:
        PiqaError: the folder can't be used.
    """

    def __init__(self, named: str) -> None:
        """Takes a folder or a URL; the folder is made, a bucket must be there."""
        self._named = named
        self._root = place(named)
        try:
            if isinstance(self._root, RemotePath):
                if not self._root.bucket().exists():
                    raise FileNotFoundError(ENOENT, "there is no such bucket")
            else:
                self._root = self._root.expanduser()
                self._root.mkdir(parents=True, exist_ok=True)
        except (OSError, RuntimeError) as error:
            raise self._unusable(error) from None
        self._threads = ThreadPoolExecutor(REQUESTS_AT_ONCE)
        self._on_their_way: deque[Future[None]] = deque()

    def get(self, fingerprints: Iterable[str], *, processor: str | None = None) -> dict[str, Kept]:
        """The scores that are there; see `ScoreCache.get`.

        Raises:
            PiqaError: they can't be read.
        """
        wanted = sorted(set(fingerprints))
        made_on = PREFERRED if processor is None else (processor,)
        try:
            found = self._threads.map(lambda key: self._one(key, made_on), wanted)
            return {key: kept for key, kept in zip(wanted, found, strict=True) if kept}
        except OSError as error:
            raise self._unusable(error) from None

    def put(self, fingerprint: str, scored: Scored, origin: Origin) -> None:
        """Begins to write one score; `close` waits for all.

        Raises:
            PiqaError: one couldn't be written.
        """
        row = encode(scored)
        content = {
            "model": origin.model,
            "exif_version": origin.exif_version,
            "row": row,
            "seal": seal(fingerprint, row),
        }
        data = json.dumps(content, sort_keys=True).encode()
        file = self._file(fingerprint, origin.processor)
        self._on_their_way.append(self._threads.submit(_write, file, data))
        self._wait(_WAITING)

    def close(self) -> None:
        """Waits until all scores are written.

        Raises:
            PiqaError: one couldn't be written.
        """
        try:
            self._wait(0)
        finally:
            self._threads.shutdown(cancel_futures=True)

    def _wait(self, most: int) -> None:
        while len(self._on_their_way) > most:
            try:
                self._on_their_way.popleft().result()
            except OSError as error:
                raise self._unusable(error) from None

    def _one(self, fingerprint: str, made_on: Sequence[str]) -> Kept | None:
        for processor in made_on:
            try:
                data = self._file(fingerprint, processor).read_bytes()
            except FileNotFoundError:
                continue
            if kept := _kept(data, fingerprint, processor):
                return kept
        return None

    def _file(self, fingerprint: str, processor: str) -> AnyPath:
        folder = self._root / f"scores-{SHAPE}" / fingerprint[:2] / fingerprint[2:4]
        return folder / f"{fingerprint}.{processor}.json"

    def _unusable(self, error: Exception) -> PiqaError:
        reason = getattr(error, "strerror", None) or error
        return PiqaError(
            f"shared score cache {self._named} can't be used ({reason}): name another one, or "
            "leave out --shared-cache"
        )


@dataclass(slots=True)
class LayeredCache:
    """The cache of this machine before one that machines share.

    Attributes:
        own: of this machine.
        shared: of all; None: it failed meanwhile.
        warnings: faults of either.
    """

    own: ScoreCache
    shared: SharedCache | None
    warnings: list[str]

    @classmethod
    def of(cls, own: ScoreCache, named: str) -> LayeredCache:
        """Joins a cache and the folder or URL that machines share.

        Raises:
            PiqaError: that can't be used.
        """
        return cls(own, SharedCache(named), own.warnings)

    def get(self, fingerprints: Iterable[str], *, processor: str | None = None) -> dict[str, Kept]:
        """The scores that either has; this machine keeps those that it took from the others.

        Raises:
            PiqaError: a cache can't be read.
        """
        wanted = set(fingerprints)
        found = self.own.get(wanted, processor=processor)
        if self.shared is None or len(found) == len(wanted):
            return found
        taken = self.shared.get(wanted - found.keys(), processor=processor)
        for fingerprint, kept in taken.items():
            self.own.put(fingerprint, kept.scored, kept.origin)
        return found | taken

    def put(self, fingerprint: str, scored: Scored, origin: Origin) -> None:
        """Keeps one score in both.

        Raises:
            PiqaError: the cache of this machine can't be written.
        """
        self.own.put(fingerprint, scored, origin)
        if self.shared is not None:
            try:
                self.shared.put(fingerprint, scored, origin)
            except PiqaError as error:
                self._do_without(error)

    def close(self) -> None:
        """Closes both; what the shared one couldn't take is a warning."""
        if self.shared is not None:
            try:
                self.shared.close()
            except PiqaError as error:
                self._do_without(error)
        self.own.close()

    def _do_without(self, error: PiqaError) -> None:
        """The run goes on without the shared cache: its scores are kept on this machine."""
        self.shared = None
        self.warnings.append(f"scores of this run aren't shared: {error}")


def _write(file: AnyPath, data: bytes) -> None:
    """Writes an object whole.

    Raises:
        OSError: it can't be written.
    """
    if isinstance(file, RemotePath):
        file.write_bytes(data)
    else:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, data)


def _kept(data: bytes, fingerprint: str, processor: str) -> Kept | None:
    """The score of an object; None: it is damaged, so the score is made again."""
    try:
        content = json.loads(data)
        row = content["row"]
        if content["seal"] != seal(fingerprint, row):
            return None
        return Kept(decode(row), Origin(content["model"], processor, content["exif_version"]))
    except (ValueError, KeyError, TypeError):
        return None
